using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Comparison;

/// <summary>The space that columns span, to ask whether others lie in it. Immutable.</summary>
internal sealed class ColumnSpan
{
    /// <summary>A remainder below this share of a column's norm is none: the tolerance at which columns count as aliased.</summary>
    private const double Tolerance = 1e-7;

    private readonly int n;
    private readonly int p;
    private readonly double[] Q;

    /// <summary>Orthonormalises the columns, n×p.</summary>
    public ColumnSpan(ReadOnlySpan<double> columns, int n)
    {
        this.n = n;
        p = columns.Length / n;
        Q = columns.ToArray();
        OrthonormalBasis.Orthonormalize(Q, n, p, new double[p * p], Tolerance);
    }

    /// <summary>Whether all columns, n×any, lie in the space.</summary>
    public bool Contains(ReadOnlySpan<double> columns)
    {
        var rest = new double[n];
        for (var first = 0; first < columns.Length; first += n)
        {
            columns.Slice(first, n).CopyTo(rest);
            var norm = Vectors.Norm(rest);
            for (var pass = 0; pass < 2; pass++)
            {
                for (var j = 0; j < p; j++) Vectors.AddScaled(-Vectors.Dot(Q.AsSpan(j * n, n), rest), Q.AsSpan(j * n, n), rest);
            }

            if (Vectors.Norm(rest) > Tolerance * norm) return false;
        }

        return true;
    }
}

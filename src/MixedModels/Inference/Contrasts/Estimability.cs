using MixedModels.Design;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Contrasts;

/// <summary>
/// Which functions of all columns of a fixed part the data say something about. With x_a = X b_a for a left-out column a, weights l can be
/// estimated where l_a = b_a'l_kept for each a. Immutable.
/// </summary>
/// <remarks>Source: Searle 1971, Linear Models, section 5.4: l'beta is estimable where l lies in the row space of the design.</remarks>
internal sealed class Estimability
{
    /// <summary>Weights that differ by less than this share of their parts agree: hypotheses are typed with a few digits.</summary>
    private const double Agreement = 1e-6;

    /// <summary>A column's part in a left-out one below this share of it is rounding of zero.</summary>
    private const double Rounding = 1e-9;

    private readonly double[] combinations;
    private readonly int[] dropped;
    private readonly int[] kept;

    /// <summary>Expresses the left-out columns by the kept ones. O(n p (p + left out)), nothing where none was left out.</summary>
    public Estimability(ModelDesign design)
    {
        Names = design.AllColumnNames;
        kept = [.. design.KeptColumns];
        dropped = [.. Enumerable.Range(0, Names.Count).Except(kept)];
        combinations = dropped.Length == 0 ? [] : Combine(design, design.AllColumns());
    }

    /// <summary>The names of all columns.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The number of kept columns.</summary>
    public int p => kept.Length;

    /// <summary>The weights of the kept columns.</summary>
    /// <param name="weights">A weight a column, left-out ones too.</param>
    public double[] Kept(ReadOnlySpan<double> weights)
    {
        var result = new double[p];
        for (var j = 0; j < p; j++) result[j] = weights[kept[j]];
        return result;
    }

    /// <summary>The left-out column that a function depends on although the data do not determine it; null where it can be estimated.</summary>
    /// <param name="weights">A weight a column, left-out ones too.</param>
    /// <param name="sizes">The size of the numbers each weight is a sum of, where terms may have cancelled; empty for the weights themselves.</param>
    public string? Obstacle(ReadOnlySpan<double> weights, ReadOnlySpan<double> sizes = default)
    {
        if (sizes.IsEmpty) sizes = weights;
        for (var c = 0; c < dropped.Length; c++)
        {
            var own = weights[dropped[c]];
            var (wanted, size) = (0.0, Math.Abs(sizes[dropped[c]]));
            for (var j = 0; j < p; j++)
            {
                wanted += combinations[j + (c * p)] * weights[kept[j]];
                size += Math.Abs(combinations[j + (c * p)] * sizes[kept[j]]);
            }

            if (Math.Abs(own - wanted) > Agreement * size) return Names[dropped[c]];
        }

        return null;
    }

    private double[] Combine(ModelDesign design, double[] columns)
    {
        var n = design.Observations;
        var Q = design.Fixed.X.ToArray();
        var R = new double[p * p];
        OrthonormalBasis.Orthonormalize(Q, n, p, R, 0);
        var result = new double[p * dropped.Length];
        for (var c = 0; c < dropped.Length; c++)
        {
            var combination = result.AsSpan(c * p, p);
            var column = columns.AsSpan(dropped[c] * n, n);
            for (var j = 0; j < p; j++) combination[j] = Vectors.Dot(Q.AsSpan(j * n, n), column);
            for (var j = p - 1; j >= 0; j--)
            {
                for (var k = j + 1; k < p; k++) combination[j] -= R[j + (k * p)] * combination[k];
                combination[j] /= R[j * (p + 1)];
            }

            var smallest = Rounding * Vectors.Norm(column);
            for (var j = 0; j < p; j++)
            {
                if (Math.Abs(combination[j]) * Vectors.Norm(design.Fixed.X.Span.Slice(j * n, n)) < smallest) combination[j] = 0;
            }
        }

        return result;
    }
}

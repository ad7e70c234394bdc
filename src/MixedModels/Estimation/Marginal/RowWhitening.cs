using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// Rows multiplied by R⁻½, subject by subject: at given phi what is left is an ordinary mixed model with independent residuals. Where all rows of a
/// subject belong to one level of every random term, whitened rows still do. Immutable.
/// </summary>
internal sealed class RowWhitening
{
    private readonly List<(BlockPattern Pattern, double[] L)> factors = [];

    /// <summary>Factors R at phi.</summary>
    public RowWhitening(StandardizedData data, ResidualData residual, ReadOnlySpan<double> phi)
    {
        var model = new ResidualModel(residual, data.Data.n);
        model.Evaluate(phi, wantsDerivatives: false);
        foreach (var pattern in BlockPattern.Find(data, model, withRandomTerms: false))
        {
            var (n, L) = (pattern.Order, new double[pattern.Order * pattern.Order]);
            var rows = pattern.Blocks[0];
            model.Add(rows, model.Cells(rows), jet => jet.Value, L, n, 0);
            IsDefinite &= Cholesky.Factor(L, n, n) < 0;
            for (var i = 0; i < n; i++) LogDeterminant += 2 * pattern.Blocks.Count * Math.Log(L[i * (n + 1)]);
            factors.Add((pattern, L));
        }
    }

    /// <summary>log|R|.</summary>
    public double LogDeterminant { get; }

    /// <summary>Whether R is positive definite in double precision.</summary>
    public bool IsDefinite { get; } = true;

    /// <summary>The first random term of which a subject's rows belong to several levels; −1 where there is none.</summary>
    public static int FirstSplitTerm(LinearData data, ResidualData residual)
    {
        for (var t = 0; t < data.Terms.Count; t++)
        {
            var levelOf = new Dictionary<int, int>();
            for (var r = 0; r < data.n; r++)
            {
                var level = data.Terms[t].LevelOfRow.Span[r];
                if (levelOf.TryAdd(residual.SubjectOfRow[r], level) || levelOf[residual.SubjectOfRow[r]] == level) continue;
                return t;
            }
        }

        return -1;
    }

    /// <summary>R⁻½ times the columns of an n×columns matrix.</summary>
    public double[] Apply(ReadOnlySpan<double> matrix, int rows) => Each(matrix, rows, (L, n, block, columns) => TriangularSolve.Lower(L, n, n, block, columns, n));

    /// <summary>R½ times the columns of an n×columns matrix: what a draw of residuals is made by.</summary>
    public double[] Colour(ReadOnlySpan<double> matrix, int rows) => Each(matrix, rows, Multiply);

    /// <summary>The same data with whitened rows.</summary>
    public StandardizedData Whiten(StandardizedData data)
    {
        var n = data.Data.n;
        return data.Whitened(Apply(data.Q, n), Apply(data.y, n), [.. data.Z.Select(Z => Apply(Z, n))], LogDeterminant);
    }

    private double[] Each(ReadOnlySpan<double> matrix, int rows, Action<double[], int, double[], int> change)
    {
        var result = matrix.ToArray();
        var columns = result.Length / Math.Max(1, rows);
        foreach (var (pattern, L) in factors)
        {
            var n = pattern.Order;
            var block = new double[n * columns];
            foreach (var own in pattern.Blocks)
            {
                for (var j = 0; j < columns; j++)
                {
                    for (var i = 0; i < n; i++) block[i + (j * n)] = result[own[i] + (j * rows)];
                }

                change(L, n, block, columns);
                for (var j = 0; j < columns; j++)
                {
                    for (var i = 0; i < n; i++) result[own[i] + (j * rows)] = block[i + (j * n)];
                }
            }
        }

        return result;
    }

    private static void Multiply(double[] L, int n, double[] block, int columns)
    {
        for (var j = 0; j < columns; j++)
        {
            for (var i = n - 1; i >= 0; i--)
            {
                var sum = 0.0;
                for (var k = 0; k <= i; k++) sum += L[i + (k * n)] * block[k + (j * n)];
                block[i + (j * n)] = sum;
            }
        }
    }
}

using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.LinearAlgebra;

namespace MixedModels.Diagnostics.Influence;

/// <summary>Makes the blocks of V0⁻¹X and P0 that deletions need, from the engine's factor at the optimum. A workspace of one thread.</summary>
/// <remarks>
/// V0⁻¹X = X − Z G VCX (since G VCX = L M⁻¹L'Z'X), and V0⁻¹ = I − Z L M⁻¹L'Z'. Where a set's rows have one level in every term, the entries
/// of L M⁻¹L' of those levels come from the engine's quadratic form by polarisation; where the set is independent of all else, its block of
/// V0⁻¹ is the inverse of its block of V0; else V0 is inverted densely, once.
/// </remarks>
internal sealed class DeletionBlocks : IDeletionBlocks
{
    /// <summary>Rows up to which a model with tied sets is inverted densely: 2,500³/3 operations are under a second, 50 MB.</summary>
    public const int DenseLimit = 2500;

    private readonly StandardizedData data;
    private readonly ProfiledDeviance deviance;
    private readonly double[][] G;
    private readonly int[] start;
    private readonly IReadOnlyList<int[]> counts;
    private readonly double[] residuals;
    private double[]? inverse;

    /// <summary>Prepares the work at the optimum of a deviance.</summary>
    /// <param name="data">The engine's data.</param>
    /// <param name="deviance">Evaluated at <paramref name="theta"/>.</param>
    /// <param name="theta">The optimum.</param>
    /// <param name="residuals">n residuals given the random effects, times the root of the weights.</param>
    public DeletionBlocks(StandardizedData data, ProfiledDeviance deviance, double[] theta, double[] residuals)
    {
        (this.data, this.deviance, this.residuals) = (data, deviance, residuals);
        var layout = deviance.Layout;
        G = [.. Enumerable.Range(0, layout.TermCount).Select(t => RelativeCovariance.Of(layout.Structure(t), layout.Slice(theta, t)))];
        start = new int[G.Length + 1];
        for (var t = 0; t < G.Length; t++) start[t + 1] = start[t] + Terms[t].Dimension;
        counts = RowCombinations.Count(Terms);
        deviance.System.PrepareDerivatives();
    }

    private IReadOnlyList<RandomTermData> Terms => data.Data.Terms;

    private int n => data.Data.n;

    private int p => data.Data.p;

    /// <inheritdoc/>
    public bool CanForm(ReadOnlySpan<int> rows) => n <= DenseLimit || RowCombinations.Of(Terms, rows, counts) switch
    {
        RowCombination.OneLevelEach => true,
        RowCombination.Independent => rows.Length <= DenseLimit,
        _ => false,
    };

    /// <inheritdoc/>
    public double Leverage(int row) => 1 - Form([row]).P[0];

    /// <inheritdoc/>
    public DeletedRows Form(int[] rows)
    {
        var m = rows.Length;
        var U = Rows(rows);
        var P = RowCombinations.Of(Terms, rows, counts) switch
        {
            RowCombination.OneLevelEach => FromLevels(rows),
            RowCombination.Independent when m <= DenseLimit => InverseOf(Covariance(rows), m),
            _ => FromInverse(rows),
        };
        Product.Add(-1, U, m, false, U, m, true, P, m, m, m, p);
        return new(rows, U, P, [.. rows.Select(row => residuals[row])]);
    }

    /// <summary>m×p rows of V0⁻¹X in the coordinates delta.</summary>
    private double[] Rows(int[] rows)
    {
        var m = rows.Length;
        var U = new double[m * p];
        var a = new double[p];
        var image = new double[start.Length == 1 ? 0 : Terms.Max(term => term.Dimension)];
        var system = deviance.System;
        var VC = system.VC;
        for (var i = 0; i < m; i++)
        {
            for (var c = 0; c < p; c++) a[c] = data.Q[rows[i] + (c * n)];
            for (var t = 0; t < G.Length; t++)
            {
                var size = Terms[t].Dimension;
                var Gz = image.AsSpan(0, size);
                Gz.Clear();
                for (var j = 0; j < size; j++) Vectors.AddScaled(data.Z[t][rows[i] + (j * n)], G[t].AsSpan(j * size, size), Gz);
                var first = system.Offset(t) + (Terms[t].LevelOfRow.Span[rows[i]] * size);
                for (var c = 0; c < p; c++) a[c] -= Vectors.Dot(VC.Slice((c * system.q) + first, size), Gz);
            }

            TriangularSolve.Lower(deviance.RX, p, p, a, 1, p);
            for (var c = 0; c < p; c++) U[i + (c * m)] = a[c];
        }

        return U;
    }

    /// <summary>I − Z C Z' with C the block of L M⁻¹L' of the levels that all rows share.</summary>
    private double[] FromLevels(int[] rows)
    {
        var (m, size) = (rows.Length, start[^1]);
        var P = new double[m * m];
        for (var i = 0; i < m; i++) P[i * (m + 1)] = 1;
        if (size == 0) return P;
        var (Z, C, ZC) = (new double[m * size], LevelCovariance(rows[0]), new double[m * size]);
        for (var t = 0; t < G.Length; t++)
        {
            for (var j = 0; j < Terms[t].Dimension; j++)
            {
                for (var i = 0; i < m; i++) Z[i + ((start[t] + j) * m)] = data.Z[t][rows[i] + (j * n)];
            }
        }

        Product.Add(1, Z, m, false, C, size, false, ZC, m, m, size, size);
        Product.Add(-1, ZC, m, false, Z, m, true, P, m, m, m, size);
        return P;
    }

    /// <summary>The block of L M⁻¹L' of the levels of a row, from the engine's quadratic form: 2c_jk = q(e_j + e_k) − q(e_j) − q(e_k).</summary>
    private double[] LevelCovariance(int row)
    {
        int[] levels = [.. Terms.Select(term => term.LevelOfRow.Span[row])];
        var size = start[^1];
        var (C, z) = (new double[size * size], new double[size]);
        for (var j = 0; j < size; j++)
        {
            z[j] = 1;
            C[j * (size + 1)] = deviance.System.ConditionalVariance(levels, z);
            for (var k = 0; k < j; k++)
            {
                z[k] = 1;
                C[j + (k * size)] = C[k + (j * size)] = 0.5 * (deviance.System.ConditionalVariance(levels, z) - C[j * (size + 1)] - C[k * (size + 1)]);
                z[k] = 0;
            }

            z[j] = 0;
        }

        return C;
    }

    /// <summary>The block of V0 = I + Z G Z' of some rows.</summary>
    private double[] Covariance(int[] rows)
    {
        var m = rows.Length;
        var V = new double[m * m];
        for (var i = 0; i < m; i++) V[i * (m + 1)] = 1;
        for (var t = 0; t < G.Length; t++)
        {
            var size = Terms[t].Dimension;
            var levels = Terms[t].LevelOfRow.Span;
            var Gz = new double[size];
            for (var b = 0; b < m; b++)
            {
                Array.Clear(Gz);
                for (var j = 0; j < size; j++) Vectors.AddScaled(data.Z[t][rows[b] + (j * n)], G[t].AsSpan(j * size, size), Gz);
                for (var a = 0; a < m; a++)
                {
                    if (levels[rows[a]] != levels[rows[b]]) continue;
                    for (var j = 0; j < size; j++) V[a + (b * m)] += data.Z[t][rows[a] + (j * n)] * Gz[j];
                }
            }
        }

        return V;
    }

    private double[] FromInverse(int[] rows)
    {
        inverse ??= InverseOf(Covariance([.. Enumerable.Range(0, n)]), n);
        var m = rows.Length;
        var P = new double[m * m];
        for (var b = 0; b < m; b++)
        {
            for (var a = 0; a < m; a++) P[a + (b * m)] = inverse[rows[a] + ((long)rows[b] * n)];
        }

        return P;
    }

    private static double[] InverseOf(double[] V, int m)
    {
        Cholesky.Factor(V, m, m);
        var (root, result) = (new double[m * m], new double[m * m]);
        for (var i = 0; i < m; i++) root[i * (m + 1)] = 1;
        TriangularSolve.Lower(V, m, m, root, m, m);
        Product.Add(1, root, m, true, root, m, false, result, m, m, m, m);
        return result;
    }
}

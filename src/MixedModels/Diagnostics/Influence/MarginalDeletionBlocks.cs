using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Marginal;
using MixedModels.LinearAlgebra;

namespace MixedModels.Diagnostics.Influence;

/// <summary>
/// Blocks of V⁻¹X and P0 of a model with dependent or unequal residuals: V = R + ZGZ' falls into independent blocks of rows, each inverted when a set
/// of rows touches it. A workspace of one thread.
/// </summary>
internal sealed class MarginalDeletionBlocks : IDeletionBlocks
{
    /// <summary>Numbers of inverses that are kept: 50 MB.</summary>
    private const int MostKept = 6_250_000;

    private readonly List<int[]> blocks = [];
    private readonly int[] blockOfRow;
    private readonly Func<int[], double[]> covariance;
    private readonly StandardizedData data;
    private readonly double[][] G;
    private readonly Dictionary<int, Inverted> inverses = [];
    private readonly double[] residuals;
    private readonly double[] RX;

    /// <summary>Finds the blocks.</summary>
    /// <param name="data">The rows, not whitened.</param>
    /// <param name="deviance">Evaluated at <paramref name="psi"/>.</param>
    /// <param name="psi">The optimum.</param>
    /// <param name="covariance">The covariance of rows' residuals over sigma².</param>
    public MarginalDeletionBlocks(StandardizedData data, MarginalDeviance deviance, double[] psi, Func<int[], double[]> covariance)
    {
        (this.data, this.covariance, RX) = (data, covariance, deviance.RX);
        var layout = deviance.Layout;
        G = [.. Enumerable.Range(0, layout.TermCount).Select(t => RelativeCovariance.Of(layout.Structure(t), layout.Slice(psi, t)))];
        blockOfRow = new int[n];
        foreach (var block in BlockPattern.Find(data, deviance.Residual, withRandomTerms: true).SelectMany(pattern => pattern.Blocks))
        {
            foreach (var row in block) blockOfRow[row] = blocks.Count;
            blocks.Add(block);
        }

        residuals = new double[n];
        for (var r = 0; r < n; r++)
        {
            residuals[r] = data.y[r];
            for (var j = 0; j < p; j++) residuals[r] -= data.Q[r + (j * n)] * deviance.beta[j];
            residuals[r] *= data.Scale;
        }
    }

    private int n => data.Data.n;

    private int p => data.Data.p;

    /// <inheritdoc/>
    public bool CanForm(ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            if (blocks[blockOfRow[row]].Length > DeletionBlocks.DenseLimit) return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public DeletedRows Form(int[] rows)
    {
        var m = rows.Length;
        var (U, P, r) = (new double[m * p], new double[m * m], new double[m]);
        foreach (var set in Enumerable.Range(0, m).GroupBy(i => blockOfRow[rows[i]]))
        {
            var own = Of(set.Key);
            var order = own.Place.Count;
            foreach (var i in set)
            {
                var a = own.Place[rows[i]];
                r[i] = own.r[a];
                for (var j = 0; j < p; j++) U[i + (j * m)] = own.U[a + (j * order)];
                foreach (var k in set) P[i + (k * m)] = own.Inverse[a + (own.Place[rows[k]] * order)];
            }
        }

        Product.Add(-1, U, m, false, U, m, true, P, m, m, m, p);
        return new(rows, U, P, r);
    }

    /// <inheritdoc/>
    public double Leverage(int row)
    {
        var block = blocks[blockOfRow[row]];
        var P = Form(block).P;
        var a = Array.IndexOf(block, row);
        return 1 - Vectors.Dot(covariance(block).AsSpan(a * block.Length, block.Length), P.AsSpan(a * block.Length, block.Length));
    }

    private Inverted Of(int index)
    {
        if (inverses.TryGetValue(index, out var known)) return known;
        if (inverses.Values.Sum(own => own.Inverse.Length) > MostKept) inverses.Clear();
        var rows = blocks[index];
        var m = rows.Length;
        var V = covariance(rows);
        for (var t = 0; t < G.Length; t++) AddTerm(t, rows, V);
        if (Cholesky.Factor(V, m, m) >= 0) throw new InferenceException("V has no inverse in double precision at the estimates, so rows cannot be left out one by one. Refit without them.");
        SymmetricInverse.FromCholesky(V, m, m);
        Symmetric.MirrorLower(V, m, m);
        var (X, e) = (new double[m * p], new double[m]);
        for (var i = 0; i < m; i++)
        {
            e[i] = residuals[rows[i]];
            var x = new double[p];
            for (var j = 0; j < p; j++) x[j] = data.Q[rows[i] + (j * n)];
            TriangularSolve.Lower(RX, p, p, x, 1, p);
            for (var j = 0; j < p; j++) X[i + (j * m)] = x[j];
        }

        var (U, r) = (new double[m * p], new double[m]);
        Product.Add(1, V, m, false, X, m, false, U, m, m, p, m);
        Product.Add(1, V, m, false, e, m, false, r, m, m, 1, m);
        return inverses[index] = new(rows.Select((row, place) => (row, place)).ToDictionary(pair => pair.row, pair => pair.place), V, U, r);
    }

    private void AddTerm(int t, int[] rows, double[] V)
    {
        var (term, m, size) = (data.Data.Terms[t], rows.Length, data.Data.Terms[t].Dimension);
        var Gz = new double[size];
        for (var b = 0; b < m; b++)
        {
            Array.Clear(Gz);
            for (var j = 0; j < size; j++) Vectors.AddScaled(data.Z[t][rows[b] + (j * n)], G[t].AsSpan(j * size, size), Gz);
            for (var a = 0; a < m; a++)
            {
                if (term.LevelOfRow.Span[rows[a]] != term.LevelOfRow.Span[rows[b]]) continue;
                for (var j = 0; j < size; j++) V[a + (b * m)] += data.Z[t][rows[a] + (j * n)] * Gz[j];
            }
        }
    }

    /// <summary>A block: where its rows stand, V⁻¹, V⁻¹X in the coordinates delta, and V⁻¹(y − X beta).</summary>
    private sealed record Inverted(Dictionary<int, int> Place, double[] Inverse, double[] U, double[] r);
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Generalized;

/// <summary>
/// X and Z row by row in standardised coordinates: the way from parameters and effects to linear predictors and back. X is √n Q, so that its
/// columns have unit mean square; beta = √n R⁻¹beta*. Immutable.
/// </summary>
internal sealed class PredictorRows
{
    private readonly StandardizedData data;
    private readonly int[] offsets;

    // A term whose rows belong to several levels: the row of each entry; null where every row is one entry.
    private readonly int[]?[] rowOfEntry;

    /// <summary>The rows of some data.</summary>
    public PredictorRows(StandardizedData data)
    {
        this.data = data;
        (n, p) = (data.Data.n, data.Data.p);
        X = (double[])data.Q.Clone();
        Vectors.Scale(Math.Sqrt(n), X);
        rowOfEntry = [.. data.Data.Terms.Select(RowsOfEntries)];
        offsets = new int[data.Data.Terms.Count + 1];
        for (var t = 0; t < data.Data.Terms.Count; t++) offsets[t + 1] = offsets[t] + (data.Data.Terms[t].LevelCount * data.Data.Terms[t].Dimension);
    }

    /// <summary>The number of rows.</summary>
    public int n { get; }

    /// <summary>The number of fixed effects.</summary>
    public int p { get; }

    /// <summary>The number of random effects.</summary>
    public int q => offsets[^1];

    /// <summary>The first effect of each term, and q last.</summary>
    public int[] Offsets => offsets;

    /// <summary>n×p, columns of unit mean square.</summary>
    public double[] X { get; }

    /// <summary>What log|X'V⁻¹X| in the user's coordinates has beyond that in these: 2 log|R| − p log n.</summary>
    public double LogVolume
    {
        get
        {
            var sum = -p * Math.Log(n);
            for (var j = 0; j < p; j++) sum += 2 * Math.Log(Math.Abs(data.R[j * (p + 1)]));
            return sum;
        }
    }

    /// <summary>Column j of X.</summary>
    public ReadOnlySpan<double> Column(int j) => X.AsSpan(j * n, n);

    /// <summary>eta += X beta.</summary>
    public void AddFixed(ReadOnlySpan<double> beta, Span<double> eta)
    {
        for (var j = 0; j < p; j++) Vectors.AddScaled(beta[j], Column(j), eta);
    }

    /// <summary>eta += Z b.</summary>
    public void AddRandom(ReadOnlySpan<double> b, Span<double> eta)
    {
        for (var t = 0; t < data.Data.Terms.Count; t++)
        {
            var term = data.Data.Terms[t];
            var levels = term.LevelOfRow.Span;
            for (var j = 0; j < term.Dimension; j++)
            {
                var z = Column(t, j);
                var own = b[(offsets[t] + j)..];
                if (rowOfEntry[t] is not { } rows) Gather(levels, z, own, term.Dimension, eta);
                else
                {
                    for (var e = 0; e < rows.Length; e++) eta[rows[e]] += z[e] * own[levels[e] * term.Dimension];
                }
            }
        }
    }

    /// <summary>Writes Z'x.</summary>
    public void RandomProducts(ReadOnlySpan<double> x, Span<double> product)
    {
        product[..q].Clear();
        for (var t = 0; t < data.Data.Terms.Count; t++)
        {
            var term = data.Data.Terms[t];
            var levels = term.LevelOfRow.Span;
            for (var j = 0; j < term.Dimension; j++)
            {
                var z = Column(t, j);
                var own = product[(offsets[t] + j)..];
                if (rowOfEntry[t] is not { } rows) RowScatter.AddProducts(levels, z, x, own, term.Dimension);
                else
                {
                    for (var e = 0; e < rows.Length; e++) own[levels[e] * term.Dimension] += z[e] * x[rows[e]];
                }
            }
        }
    }

    /// <summary>Writes the diagonal of Z'WZ; a row that meets a level twice counts as two, which is near enough for a start.</summary>
    public void RandomSquares(ReadOnlySpan<double> weights, Span<double> squares)
    {
        squares[..q].Clear();
        for (var t = 0; t < data.Data.Terms.Count; t++)
        {
            var term = data.Data.Terms[t];
            var levels = term.LevelOfRow.Span;
            for (var j = 0; j < term.Dimension; j++)
            {
                var z = Column(t, j);
                for (var e = 0; e < z.Length; e++) squares[offsets[t] + j + (levels[e] * term.Dimension)] += weights[rowOfEntry[t]?[e] ?? e] * z[e] * z[e];
            }
        }
    }

    /// <summary>Writes X'x.</summary>
    public void FixedProducts(ReadOnlySpan<double> x, Span<double> product)
    {
        for (var j = 0; j < p; j++) product[j] = Vectors.Dot(Column(j), x);
    }

    private ReadOnlySpan<double> Column(int term, int j)
    {
        var entries = data.Data.Terms[term].LevelOfRow.Length;
        return data.Z[term].AsSpan(j * entries, entries);
    }

    private static int[]? RowsOfEntries(RandomTermData term)
    {
        if (!term.HasSeveralLevels) return null;
        var rows = new int[term.LevelOfRow.Length];
        for (var r = 0; r + 1 < term.RowStart.Length; r++) rows.AsSpan(term.RowStart.Span[r]..term.RowStart.Span[r + 1]).Fill(r);
        return rows;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Gather(ReadOnlySpan<int> levels, ReadOnlySpan<double> z, ReadOnlySpan<double> b, int stride, Span<double> eta)
    {
        Debug.Assert(z.Length == levels.Length && eta.Length == levels.Length, "every row has a level");
        fixed (int* level = levels)
        {
            fixed (double* pz = z, pb = b, target = eta)
            {
                for (var r = 0; r < levels.Length; r++) target[r] += pz[r] * pb[(long)level[r] * stride];
            }
        }
    }
}

using System.Runtime.CompilerServices;
using MixedModels.Estimation.Linear;
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

    /// <summary>The rows of some data.</summary>
    public PredictorRows(StandardizedData data)
    {
        this.data = data;
        (n, p) = (data.Data.n, data.Data.p);
        X = (double[])data.Q.Clone();
        Vectors.Scale(Math.Sqrt(n), X);
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
            for (var j = 0; j < term.Dimension; j++) Gather(term.LevelOfRow.Span, data.Z[t].AsSpan(j * n, n), b[(offsets[t] + j)..], term.Dimension, eta);
        }
    }

    /// <summary>Writes Z'x.</summary>
    public void RandomProducts(ReadOnlySpan<double> x, Span<double> product)
    {
        product[..q].Clear();
        for (var t = 0; t < data.Data.Terms.Count; t++)
        {
            var term = data.Data.Terms[t];
            for (var j = 0; j < term.Dimension; j++) Scatter(term.LevelOfRow.Span, data.Z[t].AsSpan(j * n, n), x, product[(offsets[t] + j)..], term.Dimension);
        }
    }

    /// <summary>Writes the diagonal of Z'WZ.</summary>
    public void RandomSquares(ReadOnlySpan<double> weights, Span<double> squares)
    {
        squares[..q].Clear();
        for (var t = 0; t < data.Data.Terms.Count; t++)
        {
            var term = data.Data.Terms[t];
            var levels = term.LevelOfRow.Span;
            for (var j = 0; j < term.Dimension; j++)
            {
                var z = data.Z[t].AsSpan(j * n, n);
                for (var r = 0; r < n; r++) squares[offsets[t] + j + (levels[r] * term.Dimension)] += weights[r] * z[r] * z[r];
            }
        }
    }

    /// <summary>Writes X'x.</summary>
    public void FixedProducts(ReadOnlySpan<double> x, Span<double> product)
    {
        for (var j = 0; j < p; j++) product[j] = Vectors.Dot(Column(j), x);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(ReadOnlySpan<int> levels, ReadOnlySpan<double> z, ReadOnlySpan<double> b, int stride, Span<double> eta)
    {
        z = z[..levels.Length];
        eta = eta[..levels.Length];
        for (var r = 0; r < levels.Length; r++) eta[r] += z[r] * b[levels[r] * stride];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter(ReadOnlySpan<int> levels, ReadOnlySpan<double> z, ReadOnlySpan<double> x, Span<double> product, int stride)
    {
        z = z[..levels.Length];
        x = x[..levels.Length];
        for (var r = 0; r < levels.Length; r++) product[levels[r] * stride] += z[r] * x[r];
    }
}

using MixedModels.Design;
using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Simulation;

/// <summary>Draws responses of a linear mixed model: y = mean + Σ Z_t b_t + e. Immutable; replicates may be drawn by many threads in any order.</summary>
/// <remarks>
/// Replicate k draws from stream k of the seed: for each term in order, for each level in order, p_t standard normals z with b_l = T_t z;
/// then a normal a row. So a replicate depends on the seed and its number alone.
/// </remarks>
internal sealed class LinearSimulator
{
    private readonly double[] mean;
    private readonly IReadOnlyList<RandomTermDesign> terms;
    private readonly IReadOnlyList<double[]> factors;
    private readonly double[] residualDeviations;
    private readonly Func<double[], double[]>? correlate;

    /// <summary>Keeps what is drawn from.</summary>
    /// <param name="mean">n means, everything that is not drawn.</param>
    /// <param name="terms">The random terms that are drawn.</param>
    /// <param name="factors">A term: p_t×p_t lower triangular T_t, the covariance of a level's effects being T_t T_t'.</param>
    /// <param name="sigma">The residual standard deviation of a row of weight 1.</param>
    /// <param name="weights">n weights, or empty where all are 1; a row's residual standard deviation is sigma/√w.</param>
    /// <param name="correlate">Turns n independent standard normals into residuals over sigma; null where they are independent.</param>
    public LinearSimulator(
        double[] mean, IReadOnlyList<RandomTermDesign> terms, IReadOnlyList<double[]> factors, double sigma, ReadOnlySpan<double> weights,
        Func<double[], double[]>? correlate = null)
    {
        (this.mean, this.terms, this.factors, this.correlate) = (mean, terms, factors, correlate);
        residualDeviations = new double[mean.Length];
        for (var r = 0; r < mean.Length; r++) residualDeviations[r] = weights.IsEmpty ? sigma : sigma / Math.Sqrt(weights[r]);
    }

    /// <summary>n, the rows of a replicate.</summary>
    public int Rows => mean.Length;

    /// <summary>Draws one replicate.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="replicate">Its zero-based number.</param>
    /// <param name="y">n responses.</param>
    public void Draw(ulong seed, int replicate, Span<double> y)
    {
        var random = new RandomStream(seed, (ulong)replicate);
        mean.CopyTo(y);
        for (var t = 0; t < terms.Count; t++) AddTerm(terms[t], factors[t], random, y);
        var e = new double[y.Length];
        for (var r = 0; r < e.Length; r++) e[r] = random.NextNormal();
        if (correlate is not null) e = correlate(e);
        for (var r = 0; r < y.Length; r++) y[r] += residualDeviations[r] * e[r];
    }

    /// <summary>The first replicates, rows × replicates.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none, or more than a matrix holds.</exception>
    public Matrix DrawAll(int replicates, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicates, 1);
        if ((long)Rows * replicates > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(replicates), replicates, $"{replicates} replicates of {Rows} rows are more than a matrix holds ({Array.MaxLength} numbers).");
        }

        var values = new double[Rows * replicates];
        for (var k = 0; k < replicates; k++) Draw(seed, k, values.AsSpan(k * Rows, Rows));
        return new(Rows, replicates, values);
    }

    private static void AddTerm(RandomTermDesign term, double[] T, RandomStream random, Span<double> y)
    {
        var (n, p) = (y.Length, term.ColumnNames.Count);
        var effects = new double[term.Levels.Count * p];
        for (var l = 0; l < effects.Length; l += p)
        {
            for (var j = 0; j < p; j++) Vectors.AddScaled(random.NextNormal(), T.AsSpan(j * p, p), effects.AsSpan(l, p));
        }

        var levels = term.LevelOfRow.Span;
        for (var j = 0; j < p; j++)
        {
            var z = term.Z.Span.Slice(j * n, n);
            for (var r = 0; r < n; r++) y[r] += z[r] * effects[(levels[r] * p) + j];
        }
    }
}

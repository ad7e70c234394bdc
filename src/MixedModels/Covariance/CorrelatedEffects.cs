using MixedModels.Covariance.Correlation;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Covariance;

/// <summary>
/// Structures made of standard deviations and a family of correlation matrices, G_ij = s_i s_j R_ij(phi). The parameters are those of the
/// standard deviations, then phi. What differs is how the standard deviations are made: see the classes below it.
/// </summary>
internal abstract class CorrelatedEffects : CovarianceStructure
{
    /// <summary>A derivative of G below this share of its curvature vanishes: then only the curvature tells of a move.</summary>
    private const double Vanishing = 1e-9;

    /// <summary>The step in an angle or logarithm with which a search leaves the boundary.</summary>
    private const double CorrelationStep = 0.3;

    private readonly string name;

    protected CorrelatedEffects(string name, CorrelationFunction correlation, int scales)
        : base(correlation.Dimension) => (this.name, Correlation, Scales) = (name, correlation, scales);

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override int ParameterCount => Scales + Correlation.ParameterCount;

    /// <inheritdoc/>
    public override bool HasCorrelationBounds => Correlation.HasBounds;

    /// <inheritdoc/>
    public override IEnumerable<int> ScaleParameters => Enumerable.Range(0, Scales);

    /// <inheritdoc/>
    public override IReadOnlyList<(int Row, int Column)> LinearEntries => [];

    /// <summary>The family of R.</summary>
    protected CorrelationFunction Correlation { get; }

    /// <summary>The number of parameters of standard deviations, which come first.</summary>
    protected int Scales { get; }

    /// <inheritdoc/>
    public override void Factor(ReadOnlySpan<double> theta, Span<double> T)
    {
        var R = new double[T.Length];
        Correlation.Fill(theta[Scales..], R);
        SemidefiniteCholesky.Factor(R, Dimension, T);
        for (var i = 0; i < Dimension; i++)
        {
            var s = Deviation(i, theta);
            for (var j = 0; j <= i; j++) T[i + (j * Dimension)] *= s;
        }
    }

    /// <inheritdoc/>
    public override bool IsCanonical(ReadOnlySpan<double> theta)
    {
        var canonical = theta.ToArray();
        MakeCanonical(canonical);
        return theta.SequenceEqual(canonical);
    }

    /// <inheritdoc/>
    public override void MakeCanonical(Span<double> theta)
    {
        for (var k = 0; k < Scales; k++) theta[k] = Math.Abs(theta[k]);
        Correlation.MakeCanonical(theta[Scales..]);
    }

    /// <inheritdoc/>
    public override bool RemoveNegligible(ReadOnlySpan<double> theta, double size, Span<double> removed)
    {
        theta.CopyTo(removed);
        for (var i = 0; i < Dimension; i++)
        {
            var s = Deviation(i, theta);
            if (s != 0 && s * s < size) removed[Math.Min(i, Scales - 1)] = 0;
        }

        return !theta.SequenceEqual(removed);
    }

    /// <inheritdoc/>
    public override double ConeEigenvalue(ReadOnlySpan<double> theta, ReadOnlySpan<double> Gamma, Span<double> D)
    {
        D.Clear();
        if (!IsWithoutVariance(theta))
        {
            var (value, move) = Blind(theta, Gamma);
            if (move.Length > 0) FillDirection(theta, move, D);
            return value;
        }

        // Without any variance the correlations are free: the least over a sample of them.
        var least = double.PositiveInfinity;
        var (R, trial) = (new double[D.Length], new double[D.Length]);
        foreach (var phi in Correlation.Sample())
        {
            Correlation.Fill(phi, R);
            var slope = LeastSlope(Gamma, R, trial);
            if (slope >= least) continue;
            least = slope;
            trial.CopyTo(D);
        }

        return least;
    }

    /// <inheritdoc/>
    public override void Leave(ReadOnlySpan<double> theta, ReadOnlySpan<double> Gamma, ReadOnlySpan<double> D, double amount, Span<double> moved)
    {
        if (IsWithoutVariance(theta))
        {
            var G = new double[D.Length];
            Vectors.AddScaled(amount, D, G);
            FromCovariance(G, moved);
            return;
        }

        theta.CopyTo(moved);
        var (_, move) = Blind(theta, Gamma);
        for (var k = 0; k < move.Length; k++) moved[k] += move[k] * (k < Scales ? ScaleStep(amount) : CorrelationStep);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Value)> NaturalParameters(ReadOnlySpan<double> theta)
    {
        var phi = theta[Scales..].ToArray();
        return [.. Correlation.Names.Select((name, k) => (name, Correlation.Natural(k, phi)))];
    }

    /// <inheritdoc/>
    public override (double Lower, double Upper) NaturalBounds(int k) => Correlation.Bounds(k);

    /// <inheritdoc/>
    public override (double Lower, double Upper) NaturalReach(int k) => Correlation.Reach(k);

    /// <inheritdoc/>
    public override (int Parameter, double Value)? Free(int k, double natural) => Correlation.Free(k, natural) is { } phi ? (Scales + k, phi) : null;

    /// <inheritdoc/>
    public override Jet Natural(int k, ReadOnlySpan<double> theta)
    {
        int[] places = [.. Enumerable.Range(Scales, Correlation.ParameterCount)];
        return Correlation.NaturalJet(k, theta[Scales..]).Among(places, ParameterCount);
    }

    /// <summary>s_i.</summary>
    protected abstract double Deviation(int i, ReadOnlySpan<double> theta);

    /// <summary>The parameter step that adds about this much variance.</summary>
    protected abstract double ScaleStep(double amount);

    /// <summary>The direction of unit trace with correlations R along which &lt;Gamma, D&gt; is least; returns that value.</summary>
    protected abstract double LeastSlope(ReadOnlySpan<double> Gamma, ReadOnlySpan<double> R, Span<double> D);

    /// <summary>R of a covariance, NaN where an effect has no variance.</summary>
    protected double[] CorrelationsOf(ReadOnlySpan<double> G)
    {
        var R = new double[G.Length];
        for (var e = 0; e < R.Length; e++)
        {
            var product = G[e % Dimension * (Dimension + 1)] * G[e / Dimension * (Dimension + 1)];
            R[e] = product > 0 ? Math.Clamp(G[e] / Math.Sqrt(product), -1, 1) : double.NaN;
        }

        return R;
    }

    private bool IsWithoutVariance(ReadOnlySpan<double> theta)
    {
        for (var k = 0; k < Scales; k++)
        {
            if (theta[k] != 0) return false;
        }

        return true;
    }

    /// <summary>The least curvature of &lt;Gamma, G&gt; over the parameters in which G does not move to first order, halved, and the unit move that has it.</summary>
    private (double Value, double[] Move) Blind(ReadOnlySpan<double> theta, ReadOnlySpan<double> Gamma)
    {
        var dG = new double[Gamma.Length];
        var sizes = new double[ParameterCount];
        for (var k = 0; k < sizes.Length; k++)
        {
            Derivative(k, theta, dG);
            sizes[k] = Vectors.Norm(dG);
        }

        var largest = sizes.Length > 0 ? sizes.Max() : 0;
        var blind = Enumerable.Range(0, sizes.Length).Where(k => sizes[k] <= Vanishing * largest).ToArray();
        if (blind.Length == 0) return (0, []);
        var curvature = new double[blind.Length * blind.Length];
        for (var i = 0; i < curvature.Length; i++) curvature[i] = 0.5 * SecondDerivative(blind[i % blind.Length], blind[i / blind.Length], theta, Gamma);
        var values = new double[blind.Length];
        if (!SymmetricEigen.Decompose(curvature, blind.Length, blind.Length, values)) return (0, []);
        var move = new double[sizes.Length];
        for (var i = 0; i < blind.Length; i++) move[blind[i]] = curvature[i];
        return (values[0], move);
    }

    /// <summary>The direction in which G moves to second order along a move, by a difference; of unit trace where it adds variance.</summary>
    private void FillDirection(ReadOnlySpan<double> theta, double[] move, Span<double> D)
    {
        const double Step = 1e-4;
        var moved = theta.ToArray();
        Vectors.AddScaled(Step, move, moved);
        var (here, there) = (RelativeCovariance.Of(this, theta), RelativeCovariance.Of(this, moved));
        for (var e = 0; e < D.Length; e++) D[e] = (there[e] - here[e]) / (Step * Step);
    }
}

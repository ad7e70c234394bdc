using MixedModels.Execution;
using MixedModels.Families.Links;
using MixedModels.Numerics;

namespace MixedModels.Families.Distributions;

/// <summary><c>poisson</c>: counts with variance mu.</summary>
internal sealed class PoissonFamily(Link link) : Family(link)
{
    /// <inheritdoc/>
    public override string Name => "poisson";

    /// <inheritdoc/>
    public override bool IsDiscrete => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Link> Links => [Link.Log, Link.Identity, Link.SquareRoot];

    /// <inheritdoc/>
    public override double Constant(Observation row) => -row.Weight * GammaFunctions.Log(row.Response + 1);

    /// <inheritdoc/>
    public override Taylor Kernel(Observation row, double eta, ReadOnlySpan<double> psi)
    {
        var (y, _, w) = row;
        if (Link is LogLink)
        {
            var mu = Math.Exp(eta);
            return new(w * ((y * eta) - mu), w * (y - mu), -w * mu, -w * mu);
        }

        var mean = Link.Mean(eta);
        if (!(mean.Value > 0)) return Taylor.Constant(double.NaN);
        return w * ((y > 0 ? y * Link.LogMean(eta) : default) - mean);
    }

    /// <inheritdoc/>
    internal override bool TakesRows => Link is LogLink;

    /// <inheritdoc/>
    internal override double KernelOfRows(ResponseColumns rows, ReadOnlySpan<double> eta, Span<double> first, Span<double> weights, Span<double> third) =>
        VectorRows.LogLinear(rows, eta, first, weights, third);

    /// <inheritdoc/>
    public override double Variance(double mu, double weight, ReadOnlySpan<double> psi) => mu;

    /// <inheritdoc/>
    public override string? Objection(Observation row) => Counts.Objection(row.Response);

    /// <inheritdoc/>
    public override double StartMean(Observation row, double average) => row.Response + 0.1;

    /// <inheritdoc/>
    public override double UnitDeviance(Observation row, double mu, ReadOnlySpan<double> psi) =>
        2 * row.Weight * Counts.Deviance(row.Response, mu);

    /// <inheritdoc/>
    public override (double Below, double UpTo) Cumulative(Observation row, double mu, ReadOnlySpan<double> psi) =>
        (row.Response < 1 ? 0 : IncompleteGamma.Upper(row.Response, mu), IncompleteGamma.Upper(row.Response + 1, mu));

    /// <inheritdoc/>
    internal override double Draw(RandomStream random, double trials, double weight, double mu, ReadOnlySpan<double> psi) => Counts.Poisson(random, mu);
}

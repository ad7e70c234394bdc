using MixedModels.Execution;
using MixedModels.Numerics;

namespace MixedModels.Families.Distributions;

/// <summary><c>Gamma</c>: positive responses with variance mu²/(w·shape). Parameter: log shape.</summary>
internal sealed class GammaFamily(Link link) : Family(link)
{
    private static readonly string[] names = ["shape"];

    /// <inheritdoc/>
    public override string Name => "Gamma";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames => names;

    /// <inheritdoc/>
    public override bool WeightsDivideDispersion => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Link> Links => [Link.Inverse, Link.Log, Link.Identity, Link.SquareRoot];

    /// <inheritdoc/>
    public override Taylor Kernel(Observation row, double eta, ReadOnlySpan<double> psi)
    {
        var a = row.Weight * Math.Exp(psi[0]);
        var y = row.Response;
        return (a * Kernel(y, eta)) + ((a * Math.Log(a)) + ((a - 1) * Math.Log(y)) - GammaFunctions.Log(a));
    }

    /// <inheritdoc/>
    public override Taylor ParameterDerivative(int parameter, Observation row, double eta, ReadOnlySpan<double> psi)
    {
        var a = row.Weight * Math.Exp(psi[0]);
        return a * (Kernel(row.Response, eta) + (Math.Log(a) + 1 + Math.Log(row.Response) - GammaFunctions.Digamma(a)));
    }

    /// <inheritdoc/>
    public override double Variance(double mu, double weight, ReadOnlySpan<double> psi) => mu * mu / (weight * Math.Exp(psi[0]));

    /// <inheritdoc/>
    public override string? Objection(Observation row) => row.Response > 0 ? null : "a response of this family is positive";

    /// <inheritdoc/>
    public override double StartMean(Observation row, double average) => row.Response;

    /// <inheritdoc/>
    public override void StartParameters(ReadOnlySpan<Observation> rows, ReadOnlySpan<double> means, Span<double> psi)
    {
        var sum = 0.0;
        for (var i = 0; i < rows.Length; i++) sum += rows[i].Weight * Math.Pow((rows[i].Response / means[i]) - 1, 2);
        psi[0] = -Math.Log(sum / rows.Length);
    }

    /// <inheritdoc/>
    public override double UnitDeviance(Observation row, double mu, ReadOnlySpan<double> psi) =>
        2 * row.Weight * (((row.Response - mu) / mu) - Math.Log(row.Response / mu));

    /// <inheritdoc/>
    public override (double Below, double UpTo) Cumulative(Observation row, double mu, ReadOnlySpan<double> psi)
    {
        var a = row.Weight * Math.Exp(psi[0]);
        var p = 1 - IncompleteGamma.Upper(a, a * row.Response / mu);
        return (p, p);
    }

    /// <inheritdoc/>
    internal override double Draw(RandomStream random, double trials, double weight, double mu, ReadOnlySpan<double> psi)
    {
        var a = weight * Math.Exp(psi[0]);
        return Counts.Gamma(random, a) * mu / a;
    }

    // −y/mu − log mu.
    private Taylor Kernel(double y, double eta)
    {
        var mean = Link.Mean(eta);
        return mean.Value > 0 ? (-y * mean.Reciprocal()) - Link.LogMean(eta) : Taylor.Constant(double.NaN);
    }
}

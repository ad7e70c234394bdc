using MixedModels.Execution;
using MixedModels.Numerics;

namespace MixedModels.Families.Distributions;

/// <summary><c>gaussian</c> with any link: variance sigma²/w. Parameter: log sigma.</summary>
internal sealed class GaussianFamily(Link link) : Family(link)
{
    private static readonly string[] names = ["sigma"];

    /// <inheritdoc/>
    public override string Name => "gaussian";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames => names;

    /// <inheritdoc/>
    public override bool WeightsDivideDispersion => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Link> Links => [Link.Identity, Link.Log, Link.Inverse, Link.SquareRoot];

    /// <inheritdoc/>
    public override Taylor Kernel(Observation row, double eta, ReadOnlySpan<double> psi)
    {
        var residual = Link.Mean(eta) - row.Response;
        var precision = row.Weight * Math.Exp(-2 * psi[0]);
        return (-0.5 * precision * (residual * residual)) + ((0.5 * Math.Log(row.Weight / (2 * Math.PI))) - psi[0]);
    }

    /// <inheritdoc/>
    public override Taylor ParameterDerivative(int parameter, Observation row, double eta, ReadOnlySpan<double> psi)
    {
        var residual = Link.Mean(eta) - row.Response;
        return (row.Weight * Math.Exp(-2 * psi[0]) * (residual * residual)) - 1;
    }

    /// <inheritdoc/>
    public override double Variance(double mu, double weight, ReadOnlySpan<double> psi) => Math.Exp(2 * psi[0]) / weight;

    /// <inheritdoc/>
    public override string? Objection(Observation row) => null;

    /// <inheritdoc/>
    public override double StartMean(Observation row, double average) =>
        Link == Link.Identity ? row.Response : Math.Max(row.Response, 0.1 * Math.Abs(average));

    /// <inheritdoc/>
    public override void StartParameters(ReadOnlySpan<Observation> rows, ReadOnlySpan<double> means, Span<double> psi)
    {
        var sum = 0.0;
        for (var i = 0; i < rows.Length; i++) sum += rows[i].Weight * Math.Pow(rows[i].Response - means[i], 2);
        psi[0] = 0.5 * Math.Log(sum / rows.Length);
    }

    /// <inheritdoc/>
    public override double UnitDeviance(Observation row, double mu, ReadOnlySpan<double> psi) =>
        row.Weight * (row.Response - mu) * (row.Response - mu);

    /// <inheritdoc/>
    public override (double Below, double UpTo) Cumulative(Observation row, double mu, ReadOnlySpan<double> psi)
    {
        var p = NormalDistribution.Lower((row.Response - mu) / Math.Sqrt(Variance(mu, row.Weight, psi)));
        return (p, p);
    }

    /// <inheritdoc/>
    internal override double Draw(RandomStream random, double trials, double weight, double mu, ReadOnlySpan<double> psi) =>
        mu + (Math.Sqrt(Variance(mu, weight, psi)) * random.NextNormal());
}

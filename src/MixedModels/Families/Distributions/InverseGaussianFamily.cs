using MixedModels.Execution;
using MixedModels.Numerics;

namespace MixedModels.Families.Distributions;

/// <summary><c>inverse.gaussian</c>: positive responses with variance dispersion·mu³/w. Parameter: log dispersion.</summary>
internal sealed class InverseGaussianFamily(Link link) : Family(link)
{
    private static readonly string[] names = ["dispersion"];

    /// <inheritdoc/>
    public override string Name => "inverse.gaussian";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames => names;

    /// <inheritdoc/>
    public override bool WeightsDivideDispersion => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Link> Links => [Link.InverseSquare, Link.Log, Link.Inverse, Link.Identity];

    /// <inheritdoc/>
    public override Taylor Kernel(Observation row, double eta, ReadOnlySpan<double> psi)
    {
        var precision = row.Weight * Math.Exp(-psi[0]);
        var y = row.Response;
        return (-0.5 * precision * Distance(y, eta)) + (0.5 * Math.Log(precision / (2 * Math.PI * y * y * y)));
    }

    /// <inheritdoc/>
    public override Taylor ParameterDerivative(int parameter, Observation row, double eta, ReadOnlySpan<double> psi) =>
        (0.5 * row.Weight * Math.Exp(-psi[0]) * Distance(row.Response, eta)) - 0.5;

    /// <inheritdoc/>
    public override double Variance(double mu, double weight, ReadOnlySpan<double> psi) => Math.Exp(psi[0]) * mu * mu * mu / weight;

    /// <inheritdoc/>
    public override string? Objection(Observation row) => row.Response > 0 ? null : "a response of this family is positive";

    /// <inheritdoc/>
    public override double StartMean(Observation row, double average) => row.Response;

    /// <inheritdoc/>
    public override void StartParameters(ReadOnlySpan<Observation> rows, ReadOnlySpan<double> means, Span<double> psi)
    {
        var sum = 0.0;
        for (var i = 0; i < rows.Length; i++) sum += UnitDeviance(rows[i], means[i], psi);
        psi[0] = Math.Log(sum / rows.Length);
    }

    /// <inheritdoc/>
    public override double UnitDeviance(Observation row, double mu, ReadOnlySpan<double> psi) =>
        row.Weight * Math.Pow((row.Response - mu) / mu, 2) / row.Response;

    /// <inheritdoc/>
    public override (double Below, double UpTo) Cumulative(Observation row, double mu, ReadOnlySpan<double> psi)
    {
        // Source: Shuster 1968, JASA 63, 1514–1516.
        var lambda = row.Weight * Math.Exp(-psi[0]);
        var (y, root) = (row.Response, Math.Sqrt(lambda / row.Response));
        var p = NormalDistribution.Lower(root * ((y / mu) - 1))
            + Math.Exp((2 * lambda / mu) + Link.Probit.LogMean(-root * ((y / mu) + 1)).Value);
        return (p, p);
    }

    /// <inheritdoc/>
    internal override double Draw(RandomStream random, double trials, double weight, double mu, ReadOnlySpan<double> psi)
    {
        // Source: Michael, Schucany and Haas 1976, American Statistician 30, 88–90; the small root as mu²/large, which does not cancel.
        var lambda = weight * Math.Exp(-psi[0]);
        var z = random.NextNormal();
        var v = 0.5 * mu * z * z / lambda;
        var large = mu * (1 + v + Math.Sqrt(v * (2 + v)));
        var small = mu * mu / large;
        return random.NextUniform() <= mu / (mu + small) ? small : large;
    }

    // (y − mu)²/(mu² y) = y/mu² − 2/mu + 1/y.
    private Taylor Distance(double y, double eta)
    {
        var mean = Link.Mean(eta);
        if (!(mean.Value > 0)) return Taylor.Constant(double.NaN);
        var inverse = mean.Reciprocal();
        var relative = (y * inverse) - 1;
        return 1 / y * (relative * relative);
    }
}

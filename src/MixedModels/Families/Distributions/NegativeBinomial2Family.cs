using MixedModels.Execution;

namespace MixedModels.Families.Distributions;

/// <summary><c>nbinom2</c>: counts with variance mu + mu²/theta. Parameter: log theta.</summary>
internal sealed class NegativeBinomial2Family(Link link) : Family(link)
{
    private static readonly string[] names = ["theta"];

    /// <inheritdoc/>
    public override string Name => "nbinom2";

    /// <inheritdoc/>
    public override bool IsDiscrete => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames => names;

    /// <inheritdoc/>
    public override IReadOnlyList<Link> Links => [Link.Log, Link.SquareRoot, Link.Identity];

    /// <inheritdoc/>
    public override Taylor Kernel(Observation row, double eta, ReadOnlySpan<double> psi)
    {
        var (y, theta) = (row.Response, Math.Exp(psi[0]));
        var mean = Link.Mean(eta);
        if (!(mean.Value > 0)) return Taylor.Constant(double.NaN);

        // −(y + theta) log(1 + mu/theta) + y log(mu/theta): near the Poisson limit theta log(theta) would cancel.
        var ratio = 1 / theta * mean;
        var constant = NegativeBinomial.LogCoefficient(y, theta) - (y * psi[0]);
        return row.Weight * ((y > 0 ? y * Link.LogMean(eta) : default) - ((y + theta) * NegativeBinomial.LogOnePlus(ratio)) + constant);
    }

    /// <inheritdoc/>
    public override Taylor ParameterDerivative(int parameter, Observation row, double eta, ReadOnlySpan<double> psi)
    {
        // theta × [psi(y + theta) − psi(theta) − log(1 + mu/theta) + (mu − y)/(mu + theta)].
        var (y, theta) = (row.Response, Math.Exp(psi[0]));
        var mean = Link.Mean(eta);
        var log = NegativeBinomial.LogOnePlus(1 / theta * mean);
        var share = (mean - y) * (mean + theta).Reciprocal();
        return row.Weight * theta * ((share - log) + NegativeBinomial.DigammaRise(y, theta).Value);
    }

    /// <inheritdoc/>
    public override double Variance(double mu, double weight, ReadOnlySpan<double> psi) => mu + (mu * mu * Math.Exp(-psi[0]));

    /// <inheritdoc/>
    public override string? Objection(Observation row) => Counts.Objection(row.Response);

    /// <inheritdoc/>
    public override double StartMean(Observation row, double average) => row.Response + 0.1;

    /// <inheritdoc/>
    public override void StartParameters(ReadOnlySpan<Observation> rows, ReadOnlySpan<double> means, Span<double> psi)
    {
        // The method of moments: E (y − mu)² = mu + mu²/theta.
        var (excess, squares) = (0.0, 0.0);
        for (var i = 0; i < rows.Length; i++)
        {
            excess += Math.Pow(rows[i].Response - means[i], 2) - means[i];
            squares += means[i] * means[i];
        }

        psi[0] = excess > 0.01 * squares ? Math.Log(squares / excess) : Math.Log(100);
    }

    /// <inheritdoc/>
    public override double UnitDeviance(Observation row, double mu, ReadOnlySpan<double> psi)
    {
        var (y, theta) = (row.Response, Math.Exp(psi[0]));
        var log = y > 0 ? y * Math.Log(y / mu) : 0;
        return 2 * row.Weight * (log - ((y + theta) * Math.Log((y + theta) / (mu + theta))));
    }

    /// <inheritdoc/>
    public override (double Below, double UpTo) Cumulative(Observation row, double mu, ReadOnlySpan<double> psi) =>
        NegativeBinomial.Cumulative(row.Response, Math.Exp(psi[0]), mu);

    /// <inheritdoc/>
    internal override double Draw(RandomStream random, double trials, double weight, double mu, ReadOnlySpan<double> psi)
    {
        var theta = Math.Exp(psi[0]);
        return Counts.Poisson(random, Counts.Gamma(random, theta) * mu / theta);
    }
}

using MixedModels.Execution;
using MixedModels.Families.Links;
using MixedModels.Numerics;

namespace MixedModels.Families.Distributions;

/// <summary><c>binomial</c>: successes out of trials, mu the probability of one.</summary>
internal sealed class BinomialFamily(Link link) : Family(link)
{
    /// <summary>Where a search starts, half a success and half a failure are added to each row, so that its mean is inside (0, 1).</summary>
    private const double StartCount = 0.5;

    /// <inheritdoc/>
    public override string Name => "binomial";

    /// <inheritdoc/>
    public override bool HasTrials => true;

    /// <inheritdoc/>
    public override bool IsDiscrete => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Link> Links => [Link.Logit, Link.Probit, Link.Cloglog, Link.Loglog, Link.Cauchit, Link.Log, Link.Identity];

    /// <inheritdoc/>
    public override double Constant(Observation row)
    {
        var (y, m, w) = row;
        return m == 1 ? 0 : w * (GammaFunctions.Log(m + 1) - GammaFunctions.Log(y + 1) - GammaFunctions.Log(m - y + 1));
    }

    /// <inheritdoc/>
    public override Taylor Kernel(Observation row, double eta, ReadOnlySpan<double> psi)
    {
        var (y, m, w) = row;
        if (Link is LogitLink)
        {
            var (mu, complement) = LogitLink.Tails(eta);
            var slope = m * mu * complement;
            return new(
                w * ((y * eta) - (m * LogitLink.Softplus(eta))), w * ((y * complement) - ((m - y) * mu)), -w * slope, -w * slope * (complement - mu));
        }

        // Links that are not made for probabilities leave [0, 1]; a row all of whose trials agree would not notice.
        if ((Link == Link.Log || Link == Link.Identity) && Link.Mean(eta).Value is not (>= 0 and <= 1)) return Taylor.Constant(double.NaN);

        // A count of zero must not meet the logarithm of a probability of zero.
        var log = y > 0 ? y * Link.LogMean(eta) : default;
        if (y < m) log += (m - y) * Link.LogComplement(eta);
        return w * log;
    }

    /// <inheritdoc/>
    internal override bool TakesRows => Link is LogitLink;

    /// <inheritdoc/>
    internal override double KernelOfRows(ResponseColumns rows, ReadOnlySpan<double> eta, Span<double> first, Span<double> weights, Span<double> third) =>
        VectorRows.Logistic(rows, eta, first, weights, third);

    /// <inheritdoc/>
    public override double Variance(double mu, double weight, ReadOnlySpan<double> psi) => mu * (1 - mu);

    /// <inheritdoc/>
    public override double ExpectedWeight(Observation row, double eta, ReadOnlySpan<double> psi)
    {
        // mu'²/(mu(1 − mu)) = (log mu)' × −(log(1 − mu))', which does not lose a small tail.
        var (a, b) = (Link.LogMean(eta).First, Link.LogComplement(eta).First);
        return -row.Weight * row.Trials * a * b;
    }

    /// <inheritdoc/>
    public override string? Objection(Observation row)
    {
        if (!(row.Trials > 0)) return $"there are {row.Trials} trials; wanted at least 1";
        if (row.Trials != Math.Floor(row.Trials)) return "the number of trials is not whole";
        if (row.Response < 0) return "successes cannot be negative";
        if (row.Response > row.Trials) return $"there are more successes than the {row.Trials} trials";
        return Math.Abs(row.Response - Math.Round(row.Response)) > 1e-6 * Math.Max(1, row.Trials) ? "successes are not a whole number" : null;
    }

    /// <inheritdoc/>
    public override double StartMean(Observation row, double average)
    {
        var mu = (row.Response + StartCount) / (row.Trials + (2 * StartCount));

        // Links that are not made for probabilities start where all rows agree.
        return Link == Link.Log || Link == Link.Identity ? average : mu;
    }

    /// <inheritdoc/>
    public override double UnitDeviance(Observation row, double mu, ReadOnlySpan<double> psi) =>
        2 * row.Weight * (Counts.Deviance(row.Response, row.Trials * mu) + Counts.Deviance(row.Trials - row.Response, row.Trials * (1 - mu)));

    /// <inheritdoc/>
    public override (double Below, double UpTo) Cumulative(Observation row, double mu, ReadOnlySpan<double> psi) =>
        (UpTo(row.Response - 1, row.Trials, mu), UpTo(row.Response, row.Trials, mu));

    /// <inheritdoc/>
    internal override double Draw(RandomStream random, double trials, double weight, double mu, ReadOnlySpan<double> psi) =>
        Counts.Binomial(random, trials, mu);

    // P(Y ≤ k) = I_{1−p}(m − k, k + 1).
    private static double UpTo(double k, double m, double p)
    {
        if (k < 0) return 0;
        return k >= m ? 1 : IncompleteBeta.Regularized(1 - p, p, m - k, k + 1);
    }
}

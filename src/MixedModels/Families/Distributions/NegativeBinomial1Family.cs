using MixedModels.Execution;

namespace MixedModels.Families.Distributions;

/// <summary><c>nbinom1</c>: counts with variance mu(1 + phi). Parameter: log phi.</summary>
internal sealed class NegativeBinomial1Family(Link link) : Family(link)
{
    private static readonly string[] names = ["phi"];

    /// <inheritdoc/>
    public override string Name => "nbinom1";

    /// <inheritdoc/>
    public override bool IsDiscrete => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames => names;

    /// <inheritdoc/>
    public override IReadOnlyList<Link> Links => [Link.Log, Link.SquareRoot, Link.Identity];

    /// <inheritdoc/>
    public override Taylor Kernel(Observation row, double eta, ReadOnlySpan<double> psi)
    {
        // A negative binomial of size s = mu/phi: log Γ(y + s) − log Γ(s) − log y! + y log phi − (y + s) log(1 + phi).
        var (y, phi) = (row.Response, Math.Exp(psi[0]));
        var size = 1 / phi * Link.Mean(eta);
        if (!(size.Value > 0)) return Taylor.Constant(double.NaN);
        var rise = NegativeBinomial.DigammaRise(y, size.Value);
        var log = NegativeBinomial.LogCoefficient(y, size.Value);
        var coefficient = size.Through(log, rise.Value, rise.First, rise.Second);
        var logOnePlus = NegativeBinomial.LogOnePlus(phi);
        return row.Weight * (coefficient - (logOnePlus * size) + (y * (psi[0] - logOnePlus)));
    }

    /// <inheritdoc/>
    public override Taylor ParameterDerivative(int parameter, Observation row, double eta, ReadOnlySpan<double> psi)
    {
        // −s[psi(y + s) − psi(s) − log(1 + phi)] + y − (y + s) phi/(1 + phi), as ds/d log phi = −s.
        var (y, phi) = (row.Response, Math.Exp(psi[0]));
        var size = 1 / phi * Link.Mean(eta);
        var rise = NegativeBinomial.DigammaRise(y, size.Value);
        var digamma = size.Through(rise.Value, rise.First, rise.Second, rise.Third) - NegativeBinomial.LogOnePlus(phi);
        return row.Weight * (-(size * digamma) - (phi / (1 + phi) * size) + (y / (1 + phi)));
    }

    /// <inheritdoc/>
    public override double Variance(double mu, double weight, ReadOnlySpan<double> psi) => mu * (1 + Math.Exp(psi[0]));

    /// <inheritdoc/>
    public override string? Objection(Observation row) => Counts.Objection(row.Response);

    /// <inheritdoc/>
    public override double StartMean(Observation row, double average) => row.Response + 0.1;

    /// <inheritdoc/>
    public override void StartParameters(ReadOnlySpan<Observation> rows, ReadOnlySpan<double> means, Span<double> psi)
    {
        var (excess, sum) = (0.0, 0.0);
        for (var i = 0; i < rows.Length; i++)
        {
            excess += Math.Pow(rows[i].Response - means[i], 2) - means[i];
            sum += means[i];
        }

        psi[0] = Math.Log(Math.Max(0.01, excess / sum));
    }

    /// <inheritdoc/>
    /// <remarks>Of the negative binomial with the size at mu held.</remarks>
    public override double UnitDeviance(Observation row, double mu, ReadOnlySpan<double> psi)
    {
        var (y, size) = (row.Response, mu * Math.Exp(-psi[0]));
        var log = y > 0 ? y * Math.Log(y / mu) : 0;
        return 2 * row.Weight * (log - ((y + size) * Math.Log((y + size) / (mu + size))));
    }

    /// <inheritdoc/>
    public override (double Below, double UpTo) Cumulative(Observation row, double mu, ReadOnlySpan<double> psi) =>
        NegativeBinomial.Cumulative(row.Response, mu * Math.Exp(-psi[0]), mu);

    /// <inheritdoc/>
    internal override double Draw(RandomStream random, double trials, double weight, double mu, ReadOnlySpan<double> psi)
    {
        var phi = Math.Exp(psi[0]);
        return Counts.Poisson(random, Counts.Gamma(random, mu / phi) * phi);
    }
}

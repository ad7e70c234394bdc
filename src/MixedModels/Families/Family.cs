using MixedModels.Execution;
using MixedModels.Families.Distributions;

namespace MixedModels.Families;

/// <summary>
/// The distribution of the response given the random effects, with its link. A family is a file in <c>Families/Distributions</c> that holds
/// everything about it; one of your own derives from <see cref="CustomFamily"/>. Immutable.
/// </summary>
/// <remarks>
/// Family parameters psi (a dispersion or shape) enter on a scale without bounds, the logarithm; their natural values are what people read.
/// Densities keep every constant, so that log-likelihoods compare across families.
/// </remarks>
public abstract class Family
{
    /// <summary>Creates a family.</summary>
    /// <param name="link">Its link.</param>
    private protected Family(Link link)
    {
        ArgumentNullException.ThrowIfNull(link);
        Link = link;
    }

    /// <summary>The name in the command's options, such as <c>binomial</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The link.</summary>
    public Link Link { get; }

    /// <summary>The names of the family's parameters on their natural scale; empty where there are none.</summary>
    public virtual IReadOnlyList<string> ParameterNames => [];

    /// <summary>Whether rows are numbers of successes out of trials.</summary>
    public virtual bool HasTrials => false;

    /// <summary>Whether responses are whole numbers.</summary>
    public virtual bool IsDiscrete => false;

    /// <summary>What a prior weight does: true where the dispersion is divided by it, false where the log-density is multiplied.</summary>
    public virtual bool WeightsDivideDispersion => false;

    /// <summary>Gaussian; identity link by default. Parameter: sigma.</summary>
    public static Family Gaussian(Link? link = null) => new GaussianFamily(link ?? Link.Identity);

    /// <summary>Binomial; logit link by default.</summary>
    public static Family Binomial(Link? link = null) => new BinomialFamily(link ?? Link.Logit);

    /// <summary>Poisson; log link by default.</summary>
    public static Family Poisson(Link? link = null) => new PoissonFamily(link ?? Link.Log);

    /// <summary>Gamma; inverse link by default, as in R. Parameter: shape, with variance mu²/shape.</summary>
    public static Family Gamma(Link? link = null) => new GammaFamily(link ?? Link.Inverse);

    /// <summary>Inverse Gaussian; 1/mu² link by default, as in R. Parameter: dispersion, with variance dispersion·mu³.</summary>
    public static Family InverseGaussian(Link? link = null) => new InverseGaussianFamily(link ?? Link.InverseSquare);

    /// <summary>Negative binomial with variance mu(1 + phi); log link by default. Parameter: phi.</summary>
    public static Family NegativeBinomial1(Link? link = null) => new NegativeBinomial1Family(link ?? Link.Log);

    /// <summary>Negative binomial with variance mu + mu²/theta; log link by default. Parameter: theta.</summary>
    public static Family NegativeBinomial2(Link? link = null) => new NegativeBinomial2Family(link ?? Link.Log);

    /// <summary>log f(y | eta, psi) with every constant, and its derivatives in eta; −infinity or NaN where there is no such density.</summary>
    /// <param name="row">The response.</param>
    /// <param name="eta">The linear predictor, offset included.</param>
    /// <param name="psi">The family's parameters, logarithms of <see cref="ParameterNames"/>.</param>
    public Taylor LogDensity(Observation row, double eta, ReadOnlySpan<double> psi) => Kernel(row, eta, psi) + Constant(row);

    /// <summary>The log-density less <see cref="Constant"/>.</summary>
    public abstract Taylor Kernel(Observation row, double eta, ReadOnlySpan<double> psi);

    /// <summary>Whether <see cref="KernelOfRows"/> takes several rows at a time.</summary>
    internal virtual bool TakesRows => false;

    /// <summary>
    /// <see cref="Kernel"/> of many rows, their multipliers among the columns: fills first derivatives, negative second and third ones, and
    /// returns the sum of the values.
    /// </summary>
    internal virtual double KernelOfRows(ResponseColumns rows, ReadOnlySpan<double> eta, Span<double> first, Span<double> weights, Span<double> third) =>
        throw new NotSupportedException($"The family '{Name}' takes its rows one by one.");

    /// <summary>A part of the log-density that depends on nothing but the response, and so is computed once a fit.</summary>
    public virtual double Constant(Observation row) => 0;

    /// <summary>The derivative of the log-density in one parameter, with its own first two derivatives in eta; the third is not used.</summary>
    public virtual Taylor ParameterDerivative(int parameter, Observation row, double eta, ReadOnlySpan<double> psi) =>
        throw new NotSupportedException($"The family '{Name}' has no parameters.");

    /// <summary>The expected second derivative −E[(log f)''] in eta: a weight that is never negative.</summary>
    public virtual double ExpectedWeight(Observation row, double eta, ReadOnlySpan<double> psi)
    {
        var mean = Link.Mean(eta);
        var variance = Variance(mean.Value, row.Weight, psi);
        return (HasTrials ? row.Trials : 1) * (WeightsDivideDispersion ? 1 : row.Weight) * mean.First * mean.First / variance;
    }

    /// <summary>The variance of a response of mean mu; of one trial where there are trials.</summary>
    /// <param name="mu">The mean.</param>
    /// <param name="weight">The prior weight.</param>
    /// <param name="psi">The family's parameters.</param>
    public abstract double Variance(double mu, double weight, ReadOnlySpan<double> psi);

    /// <summary>What is wrong with a response; null where nothing is.</summary>
    public abstract string? Objection(Observation row);

    /// <summary>Whether the link's means can be this family's.</summary>
    /// <returns>Null, or the links that can.</returns>
    public abstract IReadOnlyList<Link> Links { get; }

    /// <summary>A mean near the response at which a search may start, inside the range of the family and its link.</summary>
    public abstract double StartMean(Observation row, double average);

    /// <summary>Start values of psi from responses and means.</summary>
    /// <param name="rows">The responses.</param>
    /// <param name="means">Their means.</param>
    /// <param name="psi">Receives the values.</param>
    public virtual void StartParameters(ReadOnlySpan<Observation> rows, ReadOnlySpan<double> means, Span<double> psi)
    {
        // Most families have none.
    }

    /// <summary>Twice the log-density at the best mean for this row less that at mu: the unit deviance times weight, never negative.</summary>
    public abstract double UnitDeviance(Observation row, double mu, ReadOnlySpan<double> psi);

    /// <summary>P(Y &lt; y) and P(Y ≤ y) for a response of mean mu; equal where the distribution is continuous.</summary>
    public abstract (double Below, double UpTo) Cumulative(Observation row, double mu, ReadOnlySpan<double> psi);

    /// <summary>Draws a response.</summary>
    internal abstract double Draw(RandomStream random, double trials, double weight, double mu, ReadOnlySpan<double> psi);

    /// <summary>The natural values of the parameters.</summary>
    public virtual IReadOnlyList<double> NaturalParameters(ReadOnlySpan<double> psi)
    {
        var natural = new double[psi.Length];
        for (var k = 0; k < natural.Length; k++) natural[k] = Math.Exp(psi[k]);
        return natural;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}({Link.Name})";
}

using MixedModels.Execution;

namespace MixedModels.Families;

/// <summary>
/// A family of one's own: its log-density, written once with <see cref="DensityNumber"/>, from which all derivatives follow. Everything else
/// has a default. Implementations are immutable: a fit calls them from several threads.
/// </summary>
/// <remarks>
/// Parameters are positive and named by <see cref="Family.ParameterNames"/>; the search takes their logarithms. Weights multiply the log-density
/// unless <see cref="Family.WeightsDivideDispersion"/> says that it has them in it. A fit of such a family is not saved: a file holds no code.
/// </remarks>
/// <example><code>
/// sealed class ZeroTruncatedPoisson() : CustomFamily(Link.Log)
/// {
///     public override string Name => "zero-truncated poisson";
///
///     protected override DensityNumber LogDensity(Observation row, DensityNumber mu, ReadOnlySpan&lt;DensityNumber&gt; parameters) =>
///         (row.Response * DensityNumber.Log(mu)) - mu - DensityNumber.Log(1 - DensityNumber.Exp(-mu)) - DensityNumber.LogGamma(row.Response + 1);
/// }
/// </code></example>
public abstract class CustomFamily : Family
{
    /// <summary>Creates a family.</summary>
    /// <param name="link">Its link.</param>
    protected CustomFamily(Link link)
        : base(link)
    {
    }

    /// <inheritdoc/>
    /// <remarks>All, unless a family knows better.</remarks>
    public override IReadOnlyList<Link> Links => Link.All;

    /// <summary>log f(y) with every constant; −infinity or NaN where there is no such density.</summary>
    /// <param name="row">The response.</param>
    /// <param name="mu">What the link is of, usually the mean.</param>
    /// <param name="parameters">The family's parameters on their natural scale.</param>
    protected abstract DensityNumber LogDensity(Observation row, DensityNumber mu, ReadOnlySpan<DensityNumber> parameters);

    /// <inheritdoc/>
    public sealed override Taylor Kernel(Observation row, double eta, ReadOnlySpan<double> psi) => Multiplier(row) * Density(row, eta, psi, -1).Own;

    /// <inheritdoc/>
    public sealed override Taylor ParameterDerivative(int parameter, Observation row, double eta, ReadOnlySpan<double> psi) =>
        Multiplier(row) * Density(row, eta, psi, parameter).Slope;

    /// <inheritdoc/>
    /// <remarks>The size of the observed second derivative: a weight that serves a search, no expectation.</remarks>
    public override double ExpectedWeight(Observation row, double eta, ReadOnlySpan<double> psi) => Math.Abs(Kernel(row, eta, psi).Second);

    /// <inheritdoc/>
    /// <remarks>Not a number unless a family says it; there are then no Pearson residuals.</remarks>
    public override double Variance(double mu, double weight, ReadOnlySpan<double> psi) => double.NaN;

    /// <inheritdoc/>
    /// <remarks>None unless a family has some; a density that is not finite is then a model without parameters.</remarks>
    public override string? Objection(Observation row) => null;

    /// <inheritdoc/>
    /// <remarks>The response where the link takes it, else the average.</remarks>
    public override double StartMean(Observation row, double average) =>
        double.IsFinite(Link.Predictor(row.Response / row.Trials)) ? row.Response / row.Trials : average;

    /// <inheritdoc/>
    /// <exception cref="InferenceException">The family does not say.</exception>
    public override double UnitDeviance(Observation row, double mu, ReadOnlySpan<double> psi) => throw Missing("deviance residuals", nameof(UnitDeviance));

    /// <inheritdoc/>
    /// <exception cref="InferenceException">The family does not say.</exception>
    public override (double Below, double UpTo) Cumulative(Observation row, double mu, ReadOnlySpan<double> psi) => throw Missing("quantile residuals", nameof(Cumulative));

    /// <summary>Draws a response.</summary>
    /// <param name="uniform">Gives the next random number, uniform in [0, 1).</param>
    /// <param name="trials">The trials; 1 where there are none.</param>
    /// <param name="weight">The prior weight.</param>
    /// <param name="mu">What the link is of.</param>
    /// <param name="parameters">The family's parameters on their natural scale.</param>
    /// <exception cref="InferenceException">The family does not say.</exception>
    protected virtual double Draw(Func<double> uniform, double trials, double weight, double mu, IReadOnlyList<double> parameters) => throw Missing("simulation", nameof(Draw));

    /// <inheritdoc/>
    internal sealed override double Draw(RandomStream random, double trials, double weight, double mu, ReadOnlySpan<double> psi) =>
        Draw(random.NextUniform, trials, weight, mu, NaturalParameters(psi));

    private double Multiplier(Observation row) => WeightsDivideDispersion ? 1 : row.Weight;

    private DensityNumber Density(Observation row, double eta, ReadOnlySpan<double> psi, int differentiated)
    {
        Span<DensityNumber> parameters = new DensityNumber[psi.Length];
        for (var k = 0; k < psi.Length; k++)
        {
            // d exp(psi)/dpsi = exp(psi).
            var natural = Math.Exp(psi[k]);
            parameters[k] = new(Taylor.Constant(natural), k == differentiated ? Taylor.Constant(natural) : default);
        }

        return LogDensity(row, new(Link.Mean(eta), default), parameters);
    }

    private InferenceException Missing(string what, string member) =>
        new($"The family {Name} has no {what}: override {member} of {GetType().Name} to give it.");
}

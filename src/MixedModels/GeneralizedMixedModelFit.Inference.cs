using MixedModels.Inference.Contrasts;
using MixedModels.Inference.Generalized;
using MixedModels.Inference.Means;
using MixedModels.Inference.Robust;
using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <content>Tests, means, shares of variance, and intervals.</content>
public sealed partial class GeneralizedMixedModelFit
{
    /// <inheritdoc/>
    /// <remarks>z tests. A robust covariance is one of all parameters, CR0, CR1 or CR3, from the gradient of every cluster's likelihood: docs/robust.md.</remarks>
    public CoefficientTable Coefficients(DegreesOfFreedom? method = null, RobustCovariance? robust = null) => Tests(method, robust).Table;

    /// <inheritdoc/>
    public Matrix CoefficientCovarianceOf(DegreesOfFreedom? method, RobustCovariance? robust = null) => Tests(method, robust).Table.Covariance;

    TermTestTable IMixedModelFit.TestTerms(AnovaType type, TestStatistic statistic, DegreesOfFreedom? method, RobustCovariance? robust) =>
        TestTerms(type, statistic, method, robust);

    /// <summary>A test of each term of the fixed part, from estimable functions: the answer does not depend on the coding of factors.</summary>
    /// <param name="type">Which hypotheses.</param>
    /// <param name="statistic">Wald's chi-square, or F: the same over its degrees of freedom, with infinitely many in the denominator.</param>
    /// <param name="method">Null or none: other degrees of freedom have no theory here.</param>
    /// <param name="robust">A cluster-robust covariance; null for the model's.</param>
    /// <exception cref="InferenceException">A method or covariance that does not apply is asked for.</exception>
    public TermTestTable TestTerms(AnovaType type = AnovaType.III, TestStatistic statistic = TestStatistic.ChiSquared, DegreesOfFreedom? method = null, RobustCovariance? robust = null)
    {
        if (!Enum.IsDefined(type)) throw new ArgumentOutOfRangeException(nameof(type), type, "The types are I, II and III.");
        return TermTests.Table(Tests(method, robust).Method, DegreesOfFreedom.None, functions.Value, type, statistic);
    }

    /// <inheritdoc/>
    public HypothesisTestTable Test(IReadOnlyList<string> hypotheses, DegreesOfFreedom? method = null, RobustCovariance? robust = null)
    {
        ArgumentNullException.ThrowIfNull(hypotheses);
        return HypothesisTests.Table(Tests(method, robust).Method, DegreesOfFreedom.None, hypotheses);
    }

    /// <inheritdoc/>
    public HypothesisTestTable Test(Matrix contrasts, IReadOnlyList<double>? values = null, DegreesOfFreedom? method = null, RobustCovariance? robust = null)
    {
        ArgumentNullException.ThrowIfNull(contrasts);
        return HypothesisTests.Table(Tests(method, robust).Method, DegreesOfFreedom.None, contrasts, values ?? new double[contrasts.Rows]);
    }

    /// <inheritdoc/>
    public MarginalMeanTable MarginalMeans(IReadOnlyList<string> over, IReadOnlyList<string>? by = null, MarginalMeansOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(over);
        options ??= new();
        if (!(options.Level > 0 && options.Level < 1)) throw new ArgumentOutOfRangeException(nameof(options), options.Level, "A confidence level lies between 0 and 1, such as 0.95.");
        var tests = Tests(options.DegreesOfFreedom, options.Robust);
        return MeanContrasts.Simultaneous(new(tests.Method, DegreesOfFreedom.None, over, by ?? [], options, tests.Means), Adjustment.None);
    }

    /// <summary>What stands for the variance of an observation in <see cref="RSquared"/> where nothing is chosen.</summary>
    public ObservationVariance ObservationVariance => GeneralizedComponents.Default(Family);

    /// <summary>The shares of fixed effects, and of fixed and random effects, in the variance of observations on the predictor's scale; defined on the boundary too.</summary>
    /// <param name="kind">What stands for the variance of an observation about its mean; null for <see cref="ObservationVariance"/>.</param>
    /// <exception cref="InferenceException">The kind is not one for the family and link.</exception>
    /// <remarks>Source: Nakagawa, Johnson and Schielzeth 2017, J. R. Soc. Interface 14. See docs/r-squared.md.</remarks>
    public RSquared RSquared(ObservationVariance? kind = null) => Components(kind).RSquared();

    /// <summary>The share of each grouping factor in the variance that the fixed effects leave; empty without random terms.</summary>
    /// <param name="kind">What stands for the variance of an observation about its mean; null for <see cref="ObservationVariance"/>.</param>
    /// <exception cref="InferenceException">The kind is not one for the family and link.</exception>
    public IReadOnlyList<IntraclassCorrelation> IntraclassCorrelations(ObservationVariance? kind = null)
    {
        var components = Components(kind);
        return
        [
            .. RandomTerms.Select(term => term.Group).Distinct(StringComparer.Ordinal).Select(group => new IntraclassCorrelation(
                group, components.Share(t => string.Equals(RandomTerms[t].Group, group, StringComparison.Ordinal)))),
        ];
    }

    /// <summary>Wald intervals of all parameters: fixed effects as they are, standard deviations and the family's by their logarithm, correlations by Fisher's z.</summary>
    /// <param name="level">The level, between 0 and 1.</param>
    /// <param name="robust">A cluster-robust covariance of all parameters; null for the model's.</param>
    /// <returns>In the order of the tables; NaN ends on the boundary, where there is no such approximation. Parameters of structures beyond standard deviations and free correlations are left out.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1.</exception>
    /// <exception cref="InferenceException">The covariance does not apply to this fit.</exception>
    public ConfidenceIntervalTable WaldIntervals(double level = 0.95, RobustCovariance? robust = null)
    {
        if (!(level is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level lies between 0 and 1, such as 0.95.");
        var tests = Tests(null, robust);
        return new(new GeneralizedWaldIntervals(Design, estimate, tests.Covariance, Family, TailQuantileOf(level)).List(), level, DegreesOfFreedom.None, []) { Robust = tests.Method.Robust };
    }

    /// <summary>The tests by a covariance.</summary>
    /// <exception cref="InferenceException">The method or the covariance does not apply to this fit.</exception>
    private GeneralizedTests Tests(DegreesOfFreedom? method, RobustCovariance? robust)
    {
        if (method is { } asked and not DegreesOfFreedom.None) throw GeneralizedFittedEffects.Refusal($"'{asked.Name()}'");
        return robust is null ? ownTests.Value : robustTests.GetOrAdd(robust, RobustTests);
    }

    private GeneralizedTests RobustTests(RobustCovariance robust)
    {
        if (!Enum.IsDefined(robust.Adjustment)) throw new ArgumentOutOfRangeException(nameof(robust), robust.Adjustment, "The adjustments are CR0, CR1, CR2 and CR3.");
        RequireOuterEffects("A cluster-robust covariance");
        var sandwich = new ScoreSandwich(estimate, ClusterFactor.Find(Design, robust.Cluster), robust.Adjustment);
        var named = robust with { Cluster = sandwich.Clusters.Name };
        return new(Design, estimate, Family.Link, sandwich.Covariance, effects => new ScoreMethod(effects, named, sandwich.Clusters.Count));
    }

    /// <inheritdoc/>
    public IReadOnlyList<RandomTermComponents> PrincipalComponents() => [.. RandomTerms.Select((term, t) => RandomTermComponents.Of(term, ranks[t]))];

    private GeneralizedComponents Components(ObservationVariance? kind) => kind is { } asked && !Enum.IsDefined(asked)
        ? throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such variance of observations.")
        : new(Design, estimate, Family, kind ?? ObservationVariance);
}

using MixedModels.Data;
using MixedModels.Estimation.Marginal;
using MixedModels.Inference;
using MixedModels.Inference.Contrasts;
using MixedModels.Inference.Means;
using MixedModels.Inference.Robust;
using MixedModels.Inference.SmallSample;
using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <content>Tests, means, intervals and shares of variance.</content>
public sealed partial class LinearMixedModelFit
{
    /// <summary>The p fixed effects in the design's order, with tests against zero.</summary>
    /// <param name="method">How degrees of freedom are found; null for <see cref="LinearMixedModelOptions.DegreesOfFreedom"/>.</param>
    /// <param name="robust">A cluster-robust covariance with its own degrees of freedom, beside which only <see cref="DegreesOfFreedom.None"/> may be asked for; null for the model's.</param>
    /// <remarks>
    /// Computed when first asked for: a few products a variance parameter, and for several large grouping factors two evaluations of the
    /// criterion a variance parameter.
    /// </remarks>
    /// <exception cref="InferenceException">The method does not apply to this fit.</exception>
    public CoefficientTable Coefficients(DegreesOfFreedom? method = null, RobustCovariance? robust = null)
    {
        var chosen = Chosen(method, robust);
        return tables.GetOrAdd((chosen, robust), key => CoefficientTests.Table(Method(key.Item1, key.Item2), key.Item1, estimate.Coefficients, CoefficientCovariance));
    }

    /// <summary>The p×p covariance of the fixed effects that a method's standard errors come from: Kenward and Roger's adjusted one, or a cluster-robust one.</summary>
    /// <param name="method">How degrees of freedom are found; null for <see cref="LinearMixedModelOptions.DegreesOfFreedom"/>.</param>
    /// <param name="robust">A cluster-robust covariance; null for the model's.</param>
    /// <exception cref="InferenceException">The method does not apply to this fit.</exception>
    public Matrix CoefficientCovarianceOf(DegreesOfFreedom? method, RobustCovariance? robust = null)
    {
        var p = CoefficientCovariance.Rows;
        var unit = new double[p * p];
        for (var j = 0; j < p; j++) unit[j * (p + 1)] = 1;
        return new(p, p, Method(Chosen(method, robust), robust).Covariance(new(effects.Value, unit)));
    }

    /// <summary>A test of each term of the fixed part, from estimable functions: the answer does not depend on the coding of factors.</summary>
    /// <param name="type">Which hypotheses.</param>
    /// <param name="statistic">F, or Wald's chi-square with the variances taken as known.</param>
    /// <param name="method">How denominator degrees of freedom are found; null for <see cref="LinearMixedModelOptions.DegreesOfFreedom"/>; of no use to chi-square.</param>
    /// <param name="robust">A cluster-robust covariance with its own degrees of freedom, beside which only <see cref="DegreesOfFreedom.None"/> may be asked for; null for the model's.</param>
    /// <exception cref="InferenceException">The method does not apply to this fit.</exception>
    public TermTestTable TestTerms(AnovaType type = AnovaType.III, TestStatistic statistic = TestStatistic.F, DegreesOfFreedom? method = null, RobustCovariance? robust = null)
    {
        if (!Enum.IsDefined(type)) throw new ArgumentOutOfRangeException(nameof(type), type, "The types are I, II and III.");
        var chosen = Chosen(method, robust);
        if (statistic == TestStatistic.ChiSquared && !chosen.IsNormal()) chosen = DegreesOfFreedom.None;
        return TermTests.Table(Method(chosen, robust), chosen, functions.Value, type, statistic);
    }

    /// <summary>Tests linear hypotheses of the fixed effects by their names, each and all together.</summary>
    /// <param name="hypotheses">Such as <c>"A - B = 0"</c> or <c>"2 * x = 1"</c>.</param>
    /// <param name="method">How degrees of freedom are found; null for <see cref="LinearMixedModelOptions.DegreesOfFreedom"/>.</param>
    /// <param name="robust">A cluster-robust covariance with its own degrees of freedom, beside which only <see cref="DegreesOfFreedom.None"/> may be asked for; null for the model's.</param>
    /// <exception cref="InferenceException">A hypothesis cannot be read, names no coefficient or cannot be estimated; or the method does not apply to this fit.</exception>
    public HypothesisTestTable Test(IReadOnlyList<string> hypotheses, DegreesOfFreedom? method = null, RobustCovariance? robust = null)
    {
        ArgumentNullException.ThrowIfNull(hypotheses);
        var chosen = Chosen(method, robust);
        return HypothesisTests.Table(Method(chosen, robust), chosen, hypotheses);
    }

    /// <summary>Tests the hypotheses contrasts × beta = values, each and all together.</summary>
    /// <param name="contrasts">Rows × p, a column a fixed effect in the design's order.</param>
    /// <param name="values">A value a row; null for zeros.</param>
    /// <param name="method">How degrees of freedom are found; null for <see cref="LinearMixedModelOptions.DegreesOfFreedom"/>.</param>
    /// <param name="robust">A cluster-robust covariance with its own degrees of freedom, beside which only <see cref="DegreesOfFreedom.None"/> may be asked for; null for the model's.</param>
    /// <exception cref="ArgumentException">The sizes do not fit, or a row is zero or not finite.</exception>
    /// <exception cref="InferenceException">The rows contradict each other, or the method does not apply to this fit.</exception>
    public HypothesisTestTable Test(
        Matrix contrasts, IReadOnlyList<double>? values = null, DegreesOfFreedom? method = null, RobustCovariance? robust = null)
    {
        ArgumentNullException.ThrowIfNull(contrasts);
        var chosen = Chosen(method, robust);
        return HypothesisTests.Table(Method(chosen, robust), chosen, contrasts, values ?? new double[contrasts.Rows]);
    }

    /// <summary>Marginal means of the fixed part over a reference grid: other factors averaged, covariates at their mean, no random effects.</summary>
    /// <param name="over">The factor the means are over.</param>
    /// <param name="by">A factor within whose levels contrasts are taken; null for none.</param>
    /// <param name="options">Values of covariates, weights, slopes instead of means, intervals; null for the defaults.</param>
    /// <exception cref="InferenceException">A factor is not in the fixed part or is a covariate, or the method does not apply to this fit.</exception>
    public MarginalMeanTable MarginalMeans(string over, string? by = null, MarginalMeansOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(over);
        return MarginalMeans([over], by is null ? [] : [by], options);
    }

    /// <summary>Marginal means over the combinations of several factors; of none for one overall mean or slope.</summary>
    /// <param name="over">The factors the means are over, the first varying fastest.</param>
    /// <param name="by">Factors within whose combinations contrasts are taken; null for none.</param>
    /// <param name="options">Values of covariates, weights, slopes instead of means, intervals; null for the defaults.</param>
    /// <exception cref="InferenceException">A factor is not in the fixed part or is a covariate, the grid is too large, or the method does not apply to this fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level of intervals is not between 0 and 1.</exception>
    public MarginalMeanTable MarginalMeans(IReadOnlyList<string> over, IReadOnlyList<string>? by = null, MarginalMeansOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(over);
        options ??= new();
        if (!(options.Level > 0 && options.Level < 1)) throw new ArgumentOutOfRangeException(nameof(options), options.Level, "A confidence level lies between 0 and 1, such as 0.95.");
        var chosen = Chosen(options.DegreesOfFreedom, options.Robust);
        return MeanContrasts.Simultaneous(new(Method(chosen, options.Robust), chosen, over, by ?? [], options), Adjustment.None);
    }

    /// <summary>Wald intervals of the fixed effects: estimate ± t quantile × standard error.</summary>
    /// <param name="level">The level, between 0 and 1.</param>
    /// <param name="method">How degrees of freedom are found; null for <see cref="LinearMixedModelOptions.DegreesOfFreedom"/>.</param>
    /// <param name="robust">A cluster-robust covariance with its own degrees of freedom, beside which only <see cref="DegreesOfFreedom.None"/> may be asked for; null for the model's.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1.</exception>
    /// <exception cref="InferenceException">The method does not apply to this fit.</exception>
    public ConfidenceIntervalTable WaldIntervals(double level = 0.95, DegreesOfFreedom? method = null, RobustCovariance? robust = null) =>
        CoefficientTests.WaldIntervals(Coefficients(method, robust), level);

    /// <summary>The shares of fixed effects, and of fixed and random effects, in the variance of the responses; defined on the boundary too.</summary>
    /// <param name="level">The level of intervals by the delta method, such as 0.95; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1.</exception>
    public RSquared RSquared(double? level = null) =>
        new(Share(part => part == 0, hasFixed: true, level), Share(part => part <= RandomTerms.Count, hasFixed: true, level));

    /// <summary>The share of each grouping factor in the variance that the fixed effects leave; empty without random terms.</summary>
    /// <param name="level">The level of intervals by the delta method, such as 0.95; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1.</exception>
    public IReadOnlyList<IntraclassCorrelation> IntraclassCorrelations(double? level = null) =>
    [
        .. RandomTerms.Select(term => term.Group).Distinct(StringComparer.Ordinal).Select(group => new IntraclassCorrelation(
            group, Share(part => part > 0 && part <= RandomTerms.Count && string.Equals(RandomTerms[part - 1].Group, group, StringComparison.Ordinal), hasFixed: false, level))),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<RandomTermComponents> PrincipalComponents() => [.. RandomTerms.Select((term, t) => RandomTermComponents.Of(term, ranks[t]))];

    private VarianceShare Share(Func<int, bool> isCounted, bool hasFixed, double? level) => level is null or (> 0 and < 1)
        ? components.Value.Share(isCounted, hasFixed, level, effects.Value.Variances)
        : throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level lies between 0 and 1, such as 0.95.");

    private SmallSampleMethod Method(DegreesOfFreedom method) => Enum.IsDefined(method)
        ? methods[(int)method].Value
        : throw new ArgumentOutOfRangeException(nameof(method), method, "No such method for degrees of freedom.");

    private SmallSampleMethod Method(DegreesOfFreedom method, RobustCovariance? robust) => robust is null
        ? Method(method)
        : new ClusterRobustMethod(effects.Value, sandwiches.GetOrAdd(robust, Sandwich), method == DegreesOfFreedom.None);

    private ClusterSandwich Sandwich(RobustCovariance robust)
    {
        if (!Enum.IsDefined(robust.Adjustment)) throw new ArgumentOutOfRangeException(nameof(robust), robust.Adjustment, "The adjustments are CR0, CR1, CR2 and CR3.");
        var clusters = ClusterFactor.Find(Design, robust.Cluster);
        return Marginal is null
            ? new(effects.Value, numbers, estimate.Relative, clusters, robust.Adjustment)
            : Marginal.WithCovariances(residual => new ClusterSandwich(effects.Value, Marginal.Data.Data, estimate.Relative, clusters, robust.Adjustment, residual));
    }

    private DegreesOfFreedom Chosen(DegreesOfFreedom? method, RobustCovariance? robust)
    {
        if (robust is null) return method ?? Model.Options.DegreesOfFreedom;
        if (method is not (null or DegreesOfFreedom.None))
        {
            throw new InferenceException(
                $"Degrees of freedom by '{method.Value.Name()}' are those of the model's covariance; {robust.Adjustment} has its own. Leave the method out, or ask for none.");
        }

        return method ?? DegreesOfFreedom.Satterthwaite;
    }
}

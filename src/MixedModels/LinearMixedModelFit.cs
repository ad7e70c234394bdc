using System.Collections.Concurrent;
using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Diagnostics;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Marginal;
using MixedModels.Inference;
using MixedModels.Inference.Contrasts;
using MixedModels.Inference.Linear;
using MixedModels.Inference.Marginal;
using MixedModels.Inference.Means;
using MixedModels.Inference.Robust;
using MixedModels.Inference.SmallSample;
using MixedModels.LinearAlgebra;
using MixedModels.Persistence;
using MixedModels.Prediction;
using MixedModels.Simulation;

namespace MixedModels;

/// <summary>A fitted linear mixed model. Immutable and safe for concurrent reading.</summary>
public sealed class LinearMixedModelFit : IMixedModelFit
{
    private readonly LinearData numbers;
    private readonly LinearEstimate estimate;
    private readonly Lazy<double[]> fitted;
    private readonly Lazy<IReadOnlyList<ConditionalModes>> modes;
    private readonly int[] ranks;
    private readonly Lazy<SmallSampleMethod>[] methods;
    private readonly Lazy<EstimableFunctions> functions;
    private readonly Lazy<VarianceComponents> components;
    private readonly Lazy<IFittedEffects> effects;
    private readonly ConcurrentDictionary<(DegreesOfFreedom, RobustCovariance?), CoefficientTable> tables = new();
    private readonly ConcurrentDictionary<RobustCovariance, ClusterSandwich> sandwiches = new();

    internal LinearMixedModelFit(
        LinearMixedModel model, ModelDesign design, StandardizedData data, ProfiledDeviance deviance, LinearOptimum optimum, MarginalEstimate? marginal = null)
    {
        (Model, Design, Optimum, Marginal) = (model, design, optimum, marginal);
        numbers = data.Data;
        estimate = new(data, deviance, optimum.Theta);
        Deviance = estimate.Deviance;
        Sigma = numbers.HasResidual ? estimate.Sigma * (marginal?.SigmaFactor ?? 1) : 0;
        ParameterCount = design.Fixed.ColumnNames.Count + optimum.Theta.Length + optimum.Phi.Length + (design.HasFreeResidual ? 1 : 0);
        var p = design.Fixed.ColumnNames.Count;
        CoefficientCovariance = new(p, p, estimate.CoefficientCovariance);
        RandomTerms = [.. design.RandomTerms.Select((term, t) => TermEstimate(term, estimate.Relative[t], estimate.StructureParameters[t]))];
        var boundary = BoundaryDirections.Find(data, estimate.Relative);
        ranks = [.. boundary.Select(directions => directions.Rank)];
        IsSingular = optimum.IsWithoutResidual || boundary.Any(directions => directions.IsSingular);
        Convergence = ConvergenceVerdicts.Report(optimum, IsSingular, model.Options.Optimizer);
        Findings = FitFindings.List(design, data, deviance.Layout, optimum, boundary, estimate.Sigma / data.Scale);
        Residual = marginal is null ? null : ResidualEstimates.Of(design, marginal, Sigma);
        fitted = new(() => Predictor(design.OwnRows(AllTerms), AllTerms));
        modes = new(() => [.. Design.RandomTerms.Select(TermModes)]);
        functions = new(() => new(design));
        components = new(() => new(estimate, optimum.Theta, marginal));
        effects = new(() => marginal is null ? new LinearFittedEffects(design, estimate, optimum.Theta) : new MarginalFittedEffects(design, marginal, estimate.Sigma));
        methods = [.. Enum.GetValues<DegreesOfFreedom>().Select(method => new Lazy<SmallSampleMethod>(() => SmallSampleCatalogue.Create(method, effects.Value)))];
    }

    /// <summary>The model that was fitted.</summary>
    public LinearMixedModel Model { get; }

    /// <summary>The design it was fitted to: columns, levels and the rows used.</summary>
    public ModelDesign Design { get; }

    /// <summary>The criterion that was maximised.</summary>
    public EstimationCriterion Criterion => Model.Options.Criterion;

    /// <summary>The number of rows used.</summary>
    public int Observations => Design.Observations;

    /// <summary>The number of rows left out because a value they need is missing.</summary>
    public int DroppedRows => Design.DroppedRows;

    /// <summary>The maximised log-likelihood with every constant; the restricted one under REML, which depends on the coding of X.</summary>
    public double LogLikelihood => -0.5 * Deviance;

    /// <summary>−2 times <see cref="LogLikelihood"/>: the deviance under ML, the REML criterion under REML.</summary>
    public double Deviance { get; }

    /// <summary>Kept fixed effects, covariance parameters and the residual variance.</summary>
    public int ParameterCount { get; }

    /// <summary>Akaike's information criterion, deviance + 2 × parameters.</summary>
    public double Aic => Deviance + (2 * ParameterCount);

    /// <summary>The Bayesian information criterion with the number of rows, under REML too (as lme4).</summary>
    public double Bic => Deviance + (Math.Log(Observations) * ParameterCount);

    /// <summary>The residual standard deviation of a row of weight 1, on the response's scale; 0 where the model has no residual variance.</summary>
    public double Sigma { get; }

    /// <summary>The estimates as parameters, for a simulation or for <see cref="HendersonEquations"/>.</summary>
    public LinearParameters Parameters => new()
    {
        Coefficients = estimate.Coefficients,
        Covariances = [.. RandomTerms.Select(term => term.Covariance)],
        Sigma = Sigma,
    };

    /// <summary>p×p covariance of the fixed effects, sigma² (X'V0⁻¹X)⁻¹.</summary>
    public Matrix CoefficientCovariance { get; }

    /// <summary>Columns of the fixed part left out because earlier ones already span them.</summary>
    public IReadOnlyList<string> AliasedColumns => Design.Fixed.Aliased;

    /// <summary>The random terms in the formula's order; empty for an ordinary linear model.</summary>
    public IReadOnlyList<RandomTermEstimate> RandomTerms { get; }

    /// <summary>The residuals' covariance and variance functions; null for independent residuals of one variance.</summary>
    public ResidualEstimate? Residual { get; }

    /// <summary>
    /// Whether some random effect has no variance in some direction: a canonical diagonal of T, times the root mean square
    /// of its column of Z, below 1e-4 (lme4's rule, made free of the column's unit).
    /// </summary>
    public bool IsSingular { get; }

    /// <summary>The verdict on the optimum.</summary>
    public ConvergenceReport Convergence { get; }

    /// <summary>What the fit found out about itself.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>X beta + Z b + offset, one a used row.</summary>
    public ReadOnlyMemory<double> FittedValues => fitted.Value;

    /// <summary>What was fitted: the algebra, the storage plan and the same model in other languages.</summary>
    public ModelExplanation Explain() => ModelExplanations.Of(this);

    /// <summary>What the fit knows of dependent or unequal residuals; null where it has none.</summary>
    internal MarginalEstimate? Marginal { get; }

    /// <summary>Where the optimiser ended, kept for a saved file.</summary>
    internal LinearOptimum Optimum { get; }

    /// <summary>Everything the engine says at the optimum.</summary>
    internal LinearEstimate Estimate => estimate;

    /// <summary>The fixed effects in the coordinates of inference.</summary>
    internal IFittedEffects Effects => effects.Value;

    /// <summary>Reads a fit from a file written by <see cref="Save"/>.</summary>
    /// <exception cref="DataException">The file is missing, cut short, not a saved model or of another version.</exception>
    public static LinearMixedModelFit Load(string path) => ModelFile.Read(path) as LinearMixedModelFit
        ?? throw new DataException($"'{path}' holds a generalized linear mixed model, which does not offer this in this version. From C#, read it with {nameof(GeneralizedMixedModelFit)}.{nameof(GeneralizedMixedModelFit.Load)}.");

    /// <summary>Writes the fit to a file: versioned, compressed JSON that holds the formula, the options, the data used and the optimum.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public void Save(string path) => ModelFile.Write(this, path);

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

    TermTestTable IMixedModelFit.TestTerms(AnovaType type, TestStatistic statistic, DegreesOfFreedom? method, RobustCovariance? robust) =>
        TestTerms(type, statistic, method, robust);

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
        var chosen = statistic == TestStatistic.ChiSquared ? DegreesOfFreedom.None : Chosen(method, robust);
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

    /// <summary>The principal components of each random term, and how many directions of it have variance.</summary>
    public IReadOnlyList<RandomTermComponents> PrincipalComponents() => [.. RandomTerms.Select((term, t) => RandomTermComponents.Of(term, ranks[t]))];

    /// <summary>The conditional modes and their standard deviations given the parameters, a term each.</summary>
    /// <remarks>The standard deviations cost about one evaluation of the deviance when first asked for.</remarks>
    public IReadOnlyList<ConditionalModes> ConditionalModes() => modes.Value;

    /// <summary>Residuals, one a used row.</summary>
    public ReadOnlyMemory<double> Residuals(ResidualKind kind = ResidualKind.Raw)
    {
        var residuals = Design.Response.ToArray();
        var means = kind == ResidualKind.Marginal ? Predictor(Design.OwnRows([]), []) : fitted.Value;
        var isWeighted = kind is not (ResidualKind.Raw or ResidualKind.Marginal) && !Design.Weights.IsEmpty;
        if (Marginal is not null && kind is not (ResidualKind.Raw or ResidualKind.Marginal)) return ResidualKinds.Of(this, Marginal, residualsOf: means, estimate.Sigma, kind);
        var unit = kind is ResidualKind.Scaled or ResidualKind.Normalized && Sigma > 0 ? Sigma : 1;
        for (var r = 0; r < residuals.Length; r++)
            residuals[r] = (residuals[r] - means[r]) * (isWeighted ? Math.Sqrt(Design.Weights.Span[r]) : 1) / unit;
        return residuals;
    }

    /// <summary>Predictions for the rows the model was fitted to; by default the fitted values.</summary>
    /// <param name="options">Whose mean, which random terms, and whether with standard errors or intervals.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="Formula.FormulaException">A random term is named that the model does not have.</exception>
    /// <exception cref="InferenceException">The method for degrees of freedom does not apply, or an observation is to leave some of its variance out.</exception>
    public IReadOnlyList<PredictedValue> Predict(PredictionOptions? options = null)
    {
        options ??= new();
        var terms = TermsOf(options);
        return Predicted(Design.OwnRows(terms), terms, options, Design.Weights.Span, isOwn: true);
    }

    /// <summary>Predictions for the rows of another table. O(rows × effects).</summary>
    /// <param name="newData">The table; the response and the weights need not be there, nor the columns of random terms that take no part.</param>
    /// <param name="options">Whose mean, which random terms, what happens to new levels, and whether with standard errors or intervals; a new observation has weight 1.</param>
    /// <returns>One a row of the table, in its order; NaN in rows with a missing value.</returns>
    /// <exception cref="DataException">A column is absent, a factor of the effects has a level the fit has not seen, or a group has one and <see cref="PredictionOptions.NewLevels"/> refuses it.</exception>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="Formula.FormulaException">A random term is named that the model does not have.</exception>
    /// <exception cref="InferenceException">The method for degrees of freedom does not apply, or an observation is to leave some of its variance out.</exception>
    public IReadOnlyList<PredictedValue> Predict(DataTable newData, PredictionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(newData);
        options ??= new();
        var terms = TermsOf(options);
        var rows = Design.Replay(newData, terms);
        if (options.NewLevels == NewLevels.Error) RandomTermNames.RequireKnownLevels(Design, rows, terms);
        var complete = Predicted(rows, terms, options, weights: [], isOwn: false);
        if (rows.MissingRows == 0) return complete;
        var predicted = new PredictedValue[newData.RowCount];
        for (var row = 0; row < predicted.Length; row++) predicted[row] = PredictedValue.Missing(row, options);
        foreach (var value in complete) predicted[value.Row] = value;
        return predicted;
    }

    /// <summary>Draws responses from the fitted model: new random effects and residuals at the estimates. O(replicates × rows × effects).</summary>
    /// <param name="replicates">How many, at least 1.</param>
    /// <param name="seed">Same seed, same numbers; replicate k does not depend on how many there are.</param>
    /// <param name="options">What is drawn; by default random effects and residuals.</param>
    /// <returns>n×replicates, a row a used row.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no replicates, or more than a matrix holds.</exception>
    public Matrix Simulate(int replicates, ulong seed, SimulationOptions? options = null) => Simulator(options ?? new()).DrawAll(replicates, seed);

    /// <summary>The covariance V of all used rows' responses with the random effects integrated out. O(n²).</summary>
    /// <exception cref="DataException">There are more than 5,000 rows.</exception>
    public MarginalCovariance MarginalCovariance() => MarginalBlockOf([.. Enumerable.Range(0, Observations)], "The data");

    /// <summary>The block of V for the rows of one level of a group; terms of other groups are in it where those rows share their levels.</summary>
    /// <param name="group">The grouping factor, <c>a:b</c> for an interaction.</param>
    /// <param name="level">One of its levels.</param>
    /// <exception cref="Formula.FormulaException">The model has no such group.</exception>
    /// <exception cref="DataException">The group has no such level, or the level more than 5,000 rows.</exception>
    public MarginalCovariance MarginalCovariance(string group, string level)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(level);
        return MarginalBlockOf(ResidualKinds.RowsOf(Design, group, level), $"Level '{level}' of '{group}'");
    }

    /// <summary>The covariance R of the residuals of one level of a group or of one subject of the residual structure, random effects not in it.</summary>
    /// <param name="group">The grouping factor, or the structure's subjects.</param>
    /// <param name="level">One of its levels.</param>
    /// <exception cref="Formula.FormulaException">The model has no such group.</exception>
    /// <exception cref="DataException">The group has no such level, or the level more than 5,000 rows.</exception>
    public MarginalCovariance ResidualCovariance(string group, string level)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(level);
        return MarginalBlockOf(ResidualKinds.RowsOf(Design, group, level), $"Level '{level}' of '{group}'", onlyResidual: true);
    }

    /// <summary>What draws replicates of the response, for work that keeps only a statistic of each.</summary>
    internal LinearSimulator Simulator(SimulationOptions options) => options.Conditional
        ? new(fitted.Value, [], [], estimate.Sigma, Design.Weights.Span, Correlate)
        : new(Predictor(Design.OwnRows([]), []), Design.RandomTerms, LinearParameters.Factors(Design, Parameters.Covariances), estimate.Sigma, Design.Weights.Span, Correlate);

    private Func<double[], double[]>? Correlate => Marginal is null ? null : e => Marginal.Whitening.Colour(e, e.Length);

    private VarianceShare Share(Func<int, bool> isCounted, bool hasFixed, double? level) => level is null or (> 0 and < 1)
        ? components.Value.Share(isCounted, hasFixed, level, effects.Value.Variances)
        : throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level lies between 0 and 1, such as 0.95.");

    private SmallSampleMethod Method(DegreesOfFreedom method) => Enum.IsDefined(method)
        ? methods[(int)method].Value
        : throw new ArgumentOutOfRangeException(nameof(method), method, "No such method for degrees of freedom.");

    private SmallSampleMethod Method(DegreesOfFreedom method, RobustCovariance? robust) => robust is null
        ? Method(method)
        : new ClusterRobustMethod(effects.Value, sandwiches.GetOrAdd(robust, Sandwich), method == DegreesOfFreedom.None);

    private ClusterSandwich Sandwich(RobustCovariance robust) => ResidualLimits.RequireIndependent(this, "A cluster-robust covariance", "Ask for the model's (--vcov model)") && Enum.IsDefined(robust.Adjustment)
        ? new(effects.Value, numbers, estimate.Relative, ClusterFactor.Find(Design, robust.Cluster), robust.Adjustment)
        : throw new ArgumentOutOfRangeException(nameof(robust), robust.Adjustment, "The adjustments are CR0, CR1, CR2 and CR3.");

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

    private RandomTermEstimate TermEstimate(RandomTermDesign term, double[] relative, IReadOnlyList<StructureParameter> parameters)
    {
        var p = term.ColumnNames.Count;
        var covariance = new double[p * p];
        var correlations = new double[p * p];
        var deviations = new double[p];
        for (var j = 0; j < p; j++) deviations[j] = estimate.Sigma * Math.Sqrt(relative[j * (p + 1)]);
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++)
            {
                covariance[i + (j * p)] = estimate.Sigma * estimate.Sigma * relative[i + (j * p)];
                correlations[i + (j * p)] = i == j ? 1 : Math.Clamp(covariance[i + (j * p)] / (deviations[i] * deviations[j]), -1, 1);
            }
        }

        return new(term.Group, term.Structure, term.Levels.Count, term.ColumnNames, new(p, p, covariance), deviations, new(p, p, correlations)) { Parameters = parameters, Rank = term.Rank };
    }

    private ConditionalModes TermModes(RandomTermDesign term, int index)
    {
        var (p, levels) = (term.ColumnNames.Count, term.Levels.Count);
        var covariances = estimate.ConditionalCovariances(index);
        var values = new double[levels * p];
        var deviations = new double[levels * p];
        for (var l = 0; l < levels; l++)
        {
            for (var i = 0; i < p; i++)
            {
                values[l + (i * levels)] = estimate.Modes[index][(l * p) + i];
                deviations[l + (i * levels)] = Math.Sqrt(Math.Max(0, covariances[(l * p * p) + (i * (p + 1))]));
            }
        }

        return new(term.Group, term.ColumnNames, term.Levels, new(levels, p, values), new(levels, p, deviations))
        {
            Covariances = [.. Enumerable.Range(0, levels).Select(l => new Matrix(p, p, covariances[(l * p * p)..((l + 1) * p * p)]))],
        };
    }

    private int[] AllTerms => [.. Enumerable.Range(0, Design.RandomTerms.Count)];

    private IReadOnlyList<int> TermsOf(PredictionOptions options)
    {
        PredictionOptions.RequireConsistent(options);
        return options.Target == PredictionTarget.Population ? [] : RandomTermNames.Find(Design, options.RandomTerms);
    }

    private double[] Predictor(NewDataDesign rows, IReadOnlyList<int> terms) =>
        LinearPredictor.Evaluate(rows, estimate.Coefficients, [.. terms.Select(t => estimate.Modes[t])]);

    private PredictedValue[] Predicted(NewDataDesign rows, IReadOnlyList<int> terms, PredictionOptions options, ReadOnlySpan<double> weights, bool isOwn)
    {
        var means = Predictor(rows, terms);
        if (!options.NeedsVariance) return [.. means.Select((mean, r) => new PredictedValue(rows.Rows.Span[r], mean))];
        double[] residual = [];
        if (options.Uncertainty == PredictionUncertainty.Observation)
        {
            PredictionIntervals.RequireAllTerms(Design, terms);
            residual = new double[means.Length];
            var variances = Marginal is null ? null : ResidualKinds.NewVariances(Model.Options, Marginal, residual.Length, isOwn);
            for (var r = 0; r < residual.Length; r++) residual[r] = estimate.Sigma * estimate.Sigma * (variances?[r] ?? 1) / (weights.IsEmpty ? 1 : weights[r]);
        }

        return PredictionIntervals.Of(means, rows.Rows.Span, PredictionErrors(rows, terms, options), residual, options.Interval);
    }

    private (double[] Variances, double[] Df) PredictionErrors(NewDataDesign rows, IReadOnlyList<int> terms, PredictionOptions options)
    {
        var own = Model.Options.DegreesOfFreedom;
        if (options.VarianceUncertainty)
        {
            // Derivatives in the parameters of a residual structure are not among those of the predictions.
            ResidualLimits.RequireIndependent(this, "The uncertainty of the covariances in a prediction", "Leave it out (--theta)");
            PredictionIntervals.RequireConditional(terms);
            PredictionIntervals.RequireDerivatives(Design);
        }

        if (terms.Count == 0) return PredictionIntervals.OfFixedEffects(Method(options.DegreesOfFreedom ?? own), rows, needsDf: options.Interval is not null);
        var method = PredictionIntervals.ConditionalMethod(options.DegreesOfFreedom, own);
        var residualDf = Observations - Design.Fixed.ColumnNames.Count;
        var errors = PredictionVariance.Of(estimate, Optimum.Theta, rows, terms);
        if (options.VarianceUncertainty) Vectors.AddScaled(1, PredictionDerivatives.Variances(estimate, Optimum.Theta, PredictionIntervals.RequireDefinite(effects.Value.Variances()), rows, terms), errors);
        return (errors, PredictionIntervals.Constant(method, residualDf, rows.Rows.Length));
    }

    private MarginalCovariance MarginalBlockOf(int[] rows, string what, bool onlyResidual = false)
    {
        if (rows.Length > MarginalBlock.RowLimit)
        {
            throw new DataException(
                $"{what} has {rows.Length} rows; a block of the marginal covariance is written out densely and goes to {MarginalBlock.RowLimit}. Ask for one level of a group.");
        }

        double[][] G = [.. RandomTerms.Select(term => onlyResidual ? new double[term.Covariance.Values.Length] : term.Covariance.Values.ToArray())];
        var block = MarginalBlock.Of(numbers, G, Marginal is null ? Sigma : 0, rows);
        if (Marginal is not null) ResidualKinds.AddCovariance(Marginal, estimate.Sigma, rows, block);
        return new([.. rows.Select(r => Design.Rows.Span[r])], new(rows.Length, rows.Length, block));
    }
}

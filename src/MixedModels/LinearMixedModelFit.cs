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
using MixedModels.Inference.Robust;
using MixedModels.Inference.SmallSample;
using MixedModels.LinearAlgebra;
using MixedModels.Persistence;
using MixedModels.Prediction;

namespace MixedModels;

/// <summary>A fitted linear mixed model. Immutable and safe for concurrent reading.</summary>
public sealed partial class LinearMixedModelFit : IMixedModelFit
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
    private readonly Lazy<IReadOnlyList<Coefficient>> dispersion;
    private readonly ConcurrentDictionary<(DegreesOfFreedom, RobustCovariance?), CoefficientTable> tables = new();
    private readonly ConcurrentDictionary<RobustCovariance, ClusterSandwich> sandwiches = new();

    internal LinearMixedModelFit(
        LinearMixedModel model, ModelDesign design, StandardizedData data, ProfiledDeviance deviance, LinearOptimum optimum, MarginalEstimate? marginal = null)
    {
        (Model, Design, Optimum, Marginal) = (model, design, optimum, marginal);
        numbers = (marginal?.Data ?? data).Data;
        estimate = new(data, deviance, optimum.Theta);
        Deviance = estimate.Deviance;
        Sigma = numbers.HasResidual ? estimate.Sigma * (marginal?.SigmaFactor ?? 1) : 0;
        ParameterCount = design.Fixed.ColumnNames.Count + optimum.Theta.Length + optimum.Phi.Length + (design.HasFreeResidual ? 1 : 0);
        var p = design.Fixed.ColumnNames.Count;
        CoefficientCovariance = new(p, p, estimate.CoefficientCovariance);
        RandomTerms = [.. design.RandomTerms.Select((term, t) => RandomTermReading.Estimate(term, estimate.Covariance(t), estimate.StructureParameters[t]))];
        var boundary = BoundaryDirections.Find(data, estimate.Relative);
        ranks = [.. boundary.Select(directions => directions.Rank)];
        IsSingular = optimum.IsWithoutResidual || boundary.Any(directions => directions.IsSingular);
        Convergence = ConvergenceVerdicts.Report(optimum, IsSingular, model.Options.Optimizer);
        Findings = FitFindings.List(design, data, deviance.Layout, optimum, boundary, estimate.Sigma / data.Scale);
        Residual = marginal is null ? null : ResidualEstimates.Of(design, marginal, Sigma);
        fitted = new(() => Predictor(design.OwnRows(AllTerms), AllTerms));
        modes = new(() => [.. Design.RandomTerms.Select((term, t) => RandomTermReading.Modes(term, estimate.Modes[t], estimate.ConditionalCovariances(t)))]);
        functions = new(() => new(design));
        components = new(() => new(estimate, optimum.Theta, marginal));
        effects = new(() => marginal is null ? new LinearFittedEffects(design, estimate, optimum.Theta) : new MarginalFittedEffects(design, marginal, estimate.Sigma));
        dispersion = new(() => marginal is null ? [] : DispersionCoefficients.Of(design, marginal, effects.Value, Sigma));
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
    /// The coefficients of the dispersion model, of the logarithm of the residual standard deviation, with standard errors from the observed information and
    /// normal p-values; empty without one.
    /// </summary>
    public IReadOnlyList<Coefficient> Dispersion => dispersion.Value;

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

    TermTestTable IMixedModelFit.TestTerms(AnovaType type, TestStatistic statistic, DegreesOfFreedom? method, RobustCovariance? robust) =>
        TestTerms(type, statistic, method, robust);

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

    private int[] AllTerms => [.. Enumerable.Range(0, Design.RandomTerms.Count)];

    private double[] Predictor(NewDataDesign rows, IReadOnlyList<int> terms) =>
        LinearPredictor.Evaluate(rows, estimate.Coefficients, [.. terms.Select(t => estimate.Modes[t])]);
}

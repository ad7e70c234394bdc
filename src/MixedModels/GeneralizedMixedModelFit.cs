using System.Collections.Concurrent;
using MixedModels.Design;
using MixedModels.Diagnostics;
using MixedModels.Estimation.Generalized;
using MixedModels.Estimation.Linear;
using MixedModels.Families;
using MixedModels.Inference;
using MixedModels.Inference.Contrasts;
using MixedModels.Inference.Generalized;
using MixedModels.Inference.Means;
using MixedModels.Inference.SmallSample;
using MixedModels.LinearAlgebra;
using MixedModels.Persistence;

namespace MixedModels;

/// <summary>A fitted generalized linear mixed model. Immutable and safe for concurrent reading.</summary>
public sealed partial class GeneralizedMixedModelFit : IMixedModelFit
{
    private readonly GeneralizedEstimate estimate;
    private readonly Lazy<EstimableFunctions> functions;
    private readonly Lazy<IReadOnlyList<ConditionalModes>> modes;
    private readonly Lazy<GeneralizedTests> ownTests;
    private readonly int[] ranks;
    private readonly ConcurrentDictionary<RobustCovariance, GeneralizedTests> robustTests = new();

    internal GeneralizedMixedModelFit(
        GeneralizedMixedModel model, ModelDesign design, StandardizedData data, LaplaceDeviance deviance, GeneralizedOptimum optimum)
    {
        (Model, Design) = (model, design);
        estimate = new(data, deviance, optimum);
        Deviance = optimum.Value;
        ParameterCount = optimum.Phi.Length + optimum.InnerBeta.Length;
        var p = design.Fixed.ColumnNames.Count;
        CoefficientCovariance = new(p, p, estimate.Covariance.Coefficients);
        RandomTerms = [.. design.RandomTerms.Select((term, t) => RandomTermReading.Estimate(term, estimate.Covariances[t], estimate.StructureParameters[t]))];
        FamilyParameters = model.Family.NaturalParameters(estimate.FamilyParameters);
        LinearPredictors = estimate.Predictors;
        FittedValues = Array.ConvertAll(estimate.Predictors, eta => model.Family.Link.Mean(eta).Value);
        var boundary = BoundaryDirections.Find(data, estimate.Covariances);
        ranks = [.. boundary.Select(directions => directions.Rank)];
        IsSingular = boundary.Any(directions => directions.IsSingular);
        Convergence = Report(optimum, IsSingular);
        Findings = GeneralizedFindings.List(design, model.Family, estimate, boundary, PearsonRatio());
        modes = new(() => [.. Design.RandomTerms.Select((term, t) => RandomTermReading.Modes(term, estimate.Modes[t], estimate.ConditionalCovariances(t)))]);
        functions = new(() => new(design));
        ownTests = new(() => new(design, estimate, model.Family.Link, estimate.Covariance, effects => new AsymptoticMethod(effects)));
    }

    /// <summary>The model that was fitted.</summary>
    public GeneralizedMixedModel Model { get; }

    /// <summary>The family and its link.</summary>
    public Family Family => Model.Family;

    /// <inheritdoc/>
    public ModelDesign Design { get; }

    /// <summary>How the random effects were integrated out: <c>Laplace</c>, <c>AGQ(9)</c>, <c>PIRLS0</c>; <c>REML</c> with the fixed effects, by Laplace's approximation.</summary>
    public string Method => Model.Options.Quadrature switch
    {
        _ when Model.Options.Criterion == EstimationCriterion.Reml => "REML",
        0 => "PIRLS0",
        1 => "Laplace",
        var points => FormattableString.Invariant($"AGQ({points})"),
    };

    /// <inheritdoc/>
    public int Observations => Design.Observations;

    /// <inheritdoc/>
    public int DroppedRows => Design.DroppedRows;

    /// <inheritdoc/>
    public double LogLikelihood => -0.5 * Deviance;

    /// <inheritdoc/>
    public double Deviance { get; }

    /// <inheritdoc/>
    public int ParameterCount { get; }

    /// <inheritdoc/>
    public double Aic => Deviance + (2 * ParameterCount);

    /// <inheritdoc/>
    public double Bic => Deviance + (Math.Log(Observations) * ParameterCount);

    /// <inheritdoc/>
    /// <remarks>From the Hessian in all parameters, variances and dispersion included, as far as they have curvature.</remarks>
    public Matrix CoefficientCovariance { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> AliasedColumns => Design.Fixed.Aliased;

    /// <inheritdoc/>
    /// <remarks>Covariances are on the scale of the linear predictor, squared; they are not multiplied by a dispersion.</remarks>
    public IReadOnlyList<RandomTermEstimate> RandomTerms { get; }

    /// <summary>The family's parameters on their natural scale, in the order of <see cref="Families.Family.ParameterNames"/>.</summary>
    public IReadOnlyList<double> FamilyParameters { get; }

    /// <inheritdoc/>
    public bool IsSingular { get; }

    /// <inheritdoc/>
    public ConvergenceReport Convergence { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>X beta + Z b + offset at the conditional modes, one a used row.</summary>
    public ReadOnlyMemory<double> LinearPredictors { get; }

    /// <summary>The mean at <see cref="LinearPredictors"/>, one a used row; of one trial for a binomial response.</summary>
    public ReadOnlyMemory<double> FittedValues { get; }

    /// <summary>The standard error of the logarithm of a family parameter, from the Hessian in all parameters.</summary>
    internal double FamilyParameterError(int k)
    {
        var all = estimate.AllParameters;
        var place = all - FamilyParameters.Count + k;
        return Math.Sqrt(estimate.Covariance.Standardized[place * (all + 1)]);
    }

    /// <summary>Where the optimiser ended, kept for a saved file.</summary>
    internal GeneralizedOptimum Optimum => estimate.Optimum;

    /// <summary>Reads a fit from a file written by <see cref="Save"/>.</summary>
    /// <exception cref="Data.DataException">The file is missing, cut short, not a saved generalized model or of another version.</exception>
    public static GeneralizedMixedModelFit Load(string path) => ModelFile.Read(path) as GeneralizedMixedModelFit
        ?? throw new Data.DataException($"'{path}' holds a linear mixed model; read it with {nameof(LinearMixedModelFit)}.{nameof(LinearMixedModelFit.Load)}.");

    /// <inheritdoc/>
    public ModelExplanation Explain() => GeneralizedExplanations.Of(this);

    /// <inheritdoc/>
    public void Save(string path) => ModelFile.Write(this, path);

    /// <inheritdoc/>
    /// <remarks>Standard deviations are those of the normal approximation at the mode, given the parameters.</remarks>
    public IReadOnlyList<ConditionalModes> ConditionalModes() => modes.Value;

    /// <summary>The conditional modes with standard deviations that hold the uncertainty of all parameters too, as those of TMB do.</summary>
    /// <remarks>L M⁻¹L' + J Cov J' with J the derivatives of the modes in (theta, beta, psi). Source: Skaug and Fournier 2006, section 3. Two searches for the mode a parameter that is no fixed effect.</remarks>
    /// <exception cref="InferenceException">The fixed effects were dealt with in the inner loop.</exception>
    public IReadOnlyList<ConditionalModes> ConditionalModesWithParameterUncertainty()
    {
        RequireOuterEffects("The uncertainty of all parameters");
        return [.. Design.RandomTerms.Select((term, t) => RandomTermReading.Modes(term, estimate.Modes[t], estimate.ConditionalCovariances(t, withParameters: true)))];
    }

    /// <summary>What the optimum says in numbers.</summary>
    internal GeneralizedEstimate Estimate => estimate;

    /// <summary>Refuses what needs the Hessian, or a search, in fixed effects and variances together.</summary>
    /// <exception cref="InferenceException">The fixed effects were dealt with in the inner loop.</exception>
    internal void RequireOuterEffects(string what)
    {
        if (estimate.HasOuterEffects) return;
        throw new InferenceException(
            $"{what} needs fixed effects and variances as parameters of one likelihood; this fit has its fixed effects in the inner loop ({Method}). Fit by Laplace's approximation or quadrature, by maximum likelihood.");
    }

    private static ConvergenceReport Report(GeneralizedOptimum optimum, bool isSingular)
    {
        var verdict = (optimum.Proved, isSingular, optimum.FlatParameter >= 0) switch
        {
            (false, _, _) => ConvergenceVerdict.NotConverged,
            (true, true, _) => ConvergenceVerdict.Boundary,
            (true, false, true) => ConvergenceVerdict.NotIdentified,
            _ => ConvergenceVerdict.Converged,
        };
        return new(verdict, "newton", optimum.Iterations, optimum.Evaluations, optimum.GradientNorm, optimum.ConeEigenvalue);
    }

    private double PearsonRatio()
    {
        var y = Design.Response.Span;
        var trials = Design.Trials.Span;
        var weights = Design.Weights.Span;
        var psi = estimate.FamilyParameters;
        var sum = 0.0;
        for (var i = 0; i < y.Length; i++)
        {
            var (m, w, mu) = (trials.IsEmpty ? 1 : trials[i], weights.IsEmpty ? 1 : weights[i], FittedValues.Span[i]);
            var difference = y[i] - (m * mu);
            sum += (Family.WeightsDivideDispersion ? 1 : w) * difference * difference / (m * Family.Variance(mu, w, psi));
        }

        return sum / Math.Max(1, y.Length - ParameterCount);
    }
}

using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Estimation.Generalized;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.Execution;
using MixedModels.Families;
using MixedModels.Formula;
using MixedModels.Inference.Generalized;
using MixedModels.Optimization;

namespace MixedModels;

/// <summary>
/// A generalized linear mixed model: responses of a family whose mean follows, through a link, X beta + Z b with normal random effects b.
/// Immutable and safe for concurrent use.
/// </summary>
/// <example><code>var fit = new GeneralizedMixedModel("cbind(incidence, size - incidence) ~ period + (1 | herd)", Family.Binomial()).Fit(DataTable.Example("cbpp"));</code></example>
public sealed class GeneralizedMixedModel
{
    private readonly ModelFormula formula;

    /// <summary>Reads the formula, in R's notation with lme4's bars.</summary>
    /// <param name="formula">Such as <c>y ~ x + (1 | group)</c>.</param>
    /// <param name="family">The distribution of the response with its link.</param>
    /// <param name="options">How to fit; Laplace's approximation by default.</param>
    /// <exception cref="FormulaException">The formula cannot be read.</exception>
    /// <exception cref="InferenceException">The family does not have the link, or the number of quadrature points does not exist.</exception>
    public GeneralizedMixedModel(string formula, Family family, GeneralizedMixedModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(formula);
        ArgumentNullException.ThrowIfNull(family);
        this.formula = ModelFormula.Parse(formula);
        (Family, Options) = (family, options ?? new());
        if (!family.Links.Contains(family.Link))
            throw new InferenceException($"The family {family.Name} has no link '{family.Link.Name}'; one of {string.Join(", ", family.Links)} is wanted.");
        if (Options.Quadrature is < 0 or > GeneralizedMixedModelOptions.MostQuadraturePoints)
        {
            throw new InferenceException(
                $"{Options.Quadrature} quadrature points: from 0 (fixed effects at the joint mode) and 1 (Laplace's approximation) to {GeneralizedMixedModelOptions.MostQuadraturePoints} are wanted.");
        }

        if (Options.Criterion == EstimationCriterion.Reml && Options.Quadrature != 1)
            throw new InferenceException($"The restricted likelihood is there by Laplace's approximation alone, which is one point; found {Options.Quadrature}. Leave the points out, or fit by maximum likelihood.");
        if (Options.Threads is { } threads) ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1, nameof(options));
    }

    /// <summary>The formula in canonical form.</summary>
    public string Formula => formula.ToString();

    /// <summary>The family and its link.</summary>
    public Family Family { get; }

    /// <summary>How the model is fitted.</summary>
    public GeneralizedMixedModelOptions Options { get; }

    /// <summary>Fits the model to the rows of a table that have all values it needs.</summary>
    /// <param name="table">The data.</param>
    /// <param name="cancellationToken">Cancels between evaluations of the deviance.</param>
    /// <returns>The fit; singular, separated and unidentified models are results with findings, not exceptions.</returns>
    /// <exception cref="FormulaException">The formula names what the table or this version does not have.</exception>
    /// <exception cref="DataException">The data cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public GeneralizedMixedModelFit Fit(DataTable table, CancellationToken cancellationToken = default) => Fit(table, progress: null, cancellationToken);

    /// <summary>Fits the model to the rows of a table and tells how far it is.</summary>
    /// <param name="table">The data.</param>
    /// <param name="progress">Told of every evaluation of the deviance, on the thread that fits; null for nobody.</param>
    /// <param name="cancellationToken">Cancels between evaluations of the deviance.</param>
    /// <returns>The fit; singular, separated and unidentified models are results with findings, not exceptions.</returns>
    /// <exception cref="FormulaException">The formula names what the table or this version does not have.</exception>
    /// <exception cref="DataException">The data cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public GeneralizedMixedModelFit Fit(DataTable table, IProgress<FitProgress>? progress, CancellationToken cancellationToken = default) =>
        Fit(Prepare(table), progress, cancellationToken);

    /// <summary>The design this model makes of a table: the stage between the data and the numbers.</summary>
    /// <exception cref="FormulaException">The formula names what the table or this version does not have.</exception>
    /// <exception cref="DataException">The data cannot be used.</exception>
    public ModelDesign Prepare(DataTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (Options.Trials is not null && !Family.HasTrials)
            throw new DataException($"Trials ('{Options.Trials}') are for binomial responses; the family {Family.Name} has none.");
        var design = ModelDesign.Create(formula, table, DesignOptions());
        ResponseSupport.Require(design, Family);
        return design;
    }

    /// <summary>Fits the model to a design made by <see cref="Prepare"/>.</summary>
    /// <param name="design">The design.</param>
    /// <param name="cancellationToken">Cancels between evaluations of the deviance.</param>
    /// <exception cref="DataException">No parameters allow the data, or memory does not suffice.</exception>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public GeneralizedMixedModelFit Fit(ModelDesign design, CancellationToken cancellationToken = default) => Fit(design, progress: null, cancellationToken);

    /// <summary>Fits the model to a design made by <see cref="Prepare"/> and tells how far it is.</summary>
    /// <param name="design">The design.</param>
    /// <param name="progress">Told of every evaluation of the deviance, on the thread that fits; null for nobody.</param>
    /// <param name="cancellationToken">Cancels between evaluations of the deviance.</param>
    /// <exception cref="DataException">No parameters allow the data, or memory does not suffice.</exception>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public GeneralizedMixedModelFit Fit(ModelDesign design, IProgress<FitProgress>? progress, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(design);
        var (data, plan) = Numbers(design);
        using var team = NeedsThreads(data, plan) ? new ThreadTeam(Options.Threads) : null;
        var (standardized, deviance) = Deviance(data, plan, team);
        deviance.Progress = SearchProgress.To(progress);
        var optimum = GeneralizedOptimizer.Minimize(deviance, start: null, cancellationToken) ?? throw new DataException(
            $"No coefficients were found whose means all lie in the range of the family {Family.Name} under the link {Family.Link.Name}. "
            + "Try a link that keeps means inside it, such as log or logit.");
        deviance.Progress = null;
        return new(this, design, standardized, deviance, optimum);
    }

    /// <summary>The fit at an optimum found before: one evaluation, no search.</summary>
    /// <exception cref="ArgumentException">The optimum is not one of this model.</exception>
    internal GeneralizedMixedModelFit Restore(ModelDesign design, GeneralizedOptimum optimum)
    {
        var (data, plan) = Numbers(design);
        var (standardized, deviance) = Deviance(data, plan, team: null);
        var k = deviance.Dimension;
        if (optimum.Phi.Length != k || optimum.Hessian.Length != k * k || optimum.InnerBeta.Length != (deviance.Mode.Inner?.Start.Length ?? 0))
            throw new ArgumentException($"The optimum holds {optimum.Phi.Length} parameters, wanted {k} and their Hessian.", nameof(optimum));
        if (deviance.Mode.Inner is { } inner) optimum.InnerBeta.CopyTo(inner.Start, 0);
        deviance.Mode.Reset();
        return new(this, design, standardized, deviance, optimum);
    }

    /// <summary>The deviance of a design on storage of its own, on the caller's thread.</summary>
    /// <param name="design">The design.</param>
    /// <param name="terms">Random terms in the place of the design's; null for these.</param>
    internal GeneralizedProblem Problem(ModelDesign design, IReadOnlyList<RandomTermData>? terms = null)
    {
        var (data, plan) = Numbers(design, terms);
        var (standardized, deviance) = Deviance(data, plan, team: null);
        return new(standardized, deviance);
    }

    /// <summary>Fits the model from the parameters of a fit of the same fixed part to the same rows, whose random effects may be others; from the moment start too where that ends without a proof.</summary>
    /// <param name="design">The design.</param>
    /// <param name="from">The fit.</param>
    /// <param name="covariances">A p_t×p_t covariance a random term of this model.</param>
    /// <param name="cancellationToken">Cancels between evaluations.</param>
    internal GeneralizedMixedModelFit FitFrom(ModelDesign design, GeneralizedMixedModelFit from, IReadOnlyList<double[]> covariances, CancellationToken cancellationToken)
    {
        var (data, plan) = Numbers(design);
        using var team = NeedsThreads(data, plan) ? new ThreadTeam(Options.Threads) : null;
        var (standardized, deviance) = Deviance(data, plan, team);
        var others = from.Optimum.Phi.Length - (deviance.Dimension - deviance.Layout.Count);
        if (deviance.Mode.Inner is { } inner) from.Optimum.InnerBeta.CopyTo(inner.Start, 0);
        deviance.Mode.Reset();
        double[] start = [.. StartValues.FromCovariances(covariances, standardized, deviance.Layout), .. from.Optimum.Phi.AsSpan(others)];
        var optimum = GeneralizedOptimizer.Minimize(deviance, start, cancellationToken);
        return optimum is { Proved: true } ? new(this, design, standardized, deviance, optimum) : Fit(design, cancellationToken);
    }

    /// <summary>What a design takes from the options.</summary>
    internal DesignOptions DesignOptions() => new()
    {
        Weights = Options.Weights,
        Offsets = Options.Offsets,
        Contrasts = Options.Contrasts,
        HasTrials = Family.HasTrials,
        Trials = Options.Trials,
        Frequency = Options.Frequency,
        Keep = Options.Keep,
        HasFreeResidual = Family is { Name: "gaussian" },
    };

    private FixedEffectsPlace Place => this switch
    {
        { Options.Criterion: EstimationCriterion.Reml } => FixedEffectsPlace.Integrated,
        { Options.Quadrature: 0 } => FixedEffectsPlace.Inner,
        _ => FixedEffectsPlace.Outer,
    };

    /// <summary>Rows from which the passes over them are worth a second thread.</summary>
    private static bool NeedsThreads(GeneralizedData data, BlockPlan? plan) => data.n >= 20_000 || plan is { NeedsThreads: true };

    private (GeneralizedData Data, BlockPlan? Plan) Numbers(ModelDesign design, IReadOnlyList<RandomTermData>? terms = null)
    {
        var (response, trials, weights) = (design.Response, design.Trials, design.Weights);
        var rows = new Observation[design.Observations];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = new(response.Span[i], trials.IsEmpty ? 1 : trials.Span[i], weights.IsEmpty ? 1 : weights.Span[i]);
        var linear = LinearData.From(design) with { Weights = default };
        if (terms is not null) linear = linear with { Terms = terms };
        MemoryLimit.ThrowIfTooManyEffects(linear);
        var plan = linear.Terms.Count == 0 ? null : BlockPlan.For(linear);
        MemoryLimit.ThrowIfExceeded(PlannedBlocks.Of(linear, plan), AvailableMemory.Bytes);
        return (new(linear, rows, design.Offset, design.Frequencies.ToArray(), Family), plan);
    }

    /// <summary>The quadrature asked for; null for Laplace's approximation, and without random effects, where there is nothing to integrate.</summary>
    private IQuadrature? Quadrature(GeneralizedData data, StandardizedData standardized)
    {
        if (Options.Quadrature <= 1 || data.Linear.Terms.Count == 0) return null;
        var nested = NestedLevels.Of(data.Linear);
        if (nested is null && !AdaptiveQuadrature.Applies(data.Linear))
        {
            throw new InferenceException(
                $"Quadrature with {Options.Quadrature} points applies where all random terms share one grouping factor, or two of which one is nested in the other; here are {string.Join(", ", formula.RandomTerms)}. "
                + "Leave it out for Laplace's approximation, which is one point.");
        }

        var nodes = AdaptiveQuadrature.NodesOf(data.Linear, Options.Quadrature);
        if (nodes > QuadratureGrid.MostNodes)
        {
            throw new InferenceException(
                $"{Options.Quadrature} points for each of {data.Linear.Terms.Sum(term => term.Dimension)} random effects are {nodes:0} nodes a level; at most {QuadratureGrid.MostNodes} are. Take fewer points.");
        }

        return nested is null ? new AdaptiveQuadrature(data, standardized, Options.Quadrature) : new NestedQuadrature(data, standardized, nested, Options.Quadrature);
    }

    private (StandardizedData Standardized, LaplaceDeviance Deviance) Deviance(GeneralizedData data, BlockPlan? plan, ThreadTeam? team)
    {
        var standardized = new StandardizedData(data.Linear);
        var system = BlockPlan.Allocate(new SystemRows(data.Linear.Terms, data.n, standardized.Z), plan, team);
        var layout = new ThetaLayout(data.Linear.Terms.Select(term => term.Structure));
        return (standardized, new(data, new PredictorRows(standardized), new RowDensities(data, team), system, layout, Quadrature(data, standardized), Place));
    }
}

using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Marginal;
using MixedModels.Estimation.Storage;
using MixedModels.Execution;
using MixedModels.Formula;
using MixedModels.LinearAlgebra;
using MixedModels.Optimization;
using MixedModels.Prediction;
using MixedModels.Simulation;

namespace MixedModels;

/// <summary>A linear mixed model y = X beta + Z b + e: a formula and how to fit it. Immutable and safe for concurrent use.</summary>
/// <example><code>var fit = new LinearMixedModel("Reaction ~ Days + (Days | Subject)").Fit(DataTable.Example("sleepstudy"));</code></example>
public sealed class LinearMixedModel
{
    private readonly ModelFormula formula;
    private readonly DispersionClause? dispersion;

    /// <summary>Reads the formula, in R's notation with lme4's bars.</summary>
    /// <param name="formula">Such as <c>y ~ x + (x | group)</c>.</param>
    /// <param name="options">How to fit; REML without weights by default.</param>
    /// <exception cref="FormulaException">The formula cannot be read.</exception>
    /// <exception cref="InferenceException">Kenward and Roger's degrees of freedom are asked for under maximum likelihood.</exception>
    public LinearMixedModel(string formula, LinearMixedModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(formula);
        this.formula = ModelFormula.Parse(formula);
        Options = options ?? new();
        if (Options is { Criterion: EstimationCriterion.MaximumLikelihood, DegreesOfFreedom: DegreesOfFreedom.KenwardRoger or DegreesOfFreedom.KenwardRogerObserved or DegreesOfFreedom.KenwardRogerLinear })
            throw Inference.SmallSample.KenwardRogerMethod.NeedsReml();
        if (!Options.HasResidual && (Options.Residual is not null || Options.Variance is not null || Options.Dispersion is not null))
            throw new InferenceException("Without a residual variance there is no residual structure, no variance function and no model of its dispersion: leave one of them out (--dispersion \"~0\", --residual, --variance).");
        dispersion = Options.Dispersion is { } written ? DispersionClause.Parse(written) : null;
        if (Options.Threads is { } threads) ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1, nameof(options));
    }

    /// <summary>The formula in canonical form.</summary>
    public string Formula => formula.ToString();

    /// <summary>How the model is fitted.</summary>
    public LinearMixedModelOptions Options { get; }

    /// <summary>Fits the model to the rows of a table that have all values it needs.</summary>
    /// <param name="table">The data.</param>
    /// <param name="cancellationToken">Cancels between evaluations of the deviance.</param>
    /// <returns>The fit; singular and unidentified models are results with findings, not exceptions.</returns>
    /// <exception cref="FormulaException">The formula names what the table or this version does not have.</exception>
    /// <exception cref="DataException">The data cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public LinearMixedModelFit Fit(DataTable table, CancellationToken cancellationToken = default) => Fit(table, progress: null, cancellationToken);

    /// <summary>Fits the model to the rows of a table and tells how far it is.</summary>
    /// <param name="table">The data.</param>
    /// <param name="progress">Told of every evaluation of the deviance, on the thread that fits; null for nobody.</param>
    /// <param name="cancellationToken">Cancels between evaluations of the deviance.</param>
    /// <returns>The fit; singular and unidentified models are results with findings, not exceptions.</returns>
    /// <exception cref="FormulaException">The formula names what the table or this version does not have.</exception>
    /// <exception cref="DataException">The data cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public LinearMixedModelFit Fit(DataTable table, IProgress<FitProgress>? progress, CancellationToken cancellationToken = default) =>
        Fit(Prepare(table), start: null, progress, cancellationToken);

    /// <summary>The design this model makes of a table: the stage between the data and the numbers.</summary>
    /// <exception cref="FormulaException">The formula names what the table or this version does not have.</exception>
    /// <exception cref="DataException">The data cannot be used.</exception>
    public ModelDesign Prepare(DataTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return ModelDesign.Create(formula, table, DesignOptions());
    }

    /// <summary>Fits the model to a design made by <see cref="Prepare"/>.</summary>
    /// <param name="design">The design.</param>
    /// <param name="start">A fit of a model with the same random terms whose variances the search starts from; null for a moment start.</param>
    /// <param name="cancellationToken">Cancels between evaluations of the deviance.</param>
    /// <exception cref="DataException">Nothing is left to estimate from, memory does not suffice, or the start has other random terms.</exception>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public LinearMixedModelFit Fit(ModelDesign design, LinearMixedModelFit? start = null, CancellationToken cancellationToken = default) =>
        Fit(design, start, progress: null, cancellationToken);

    /// <summary>Fits the model to a design made by <see cref="Prepare"/> and tells how far it is.</summary>
    /// <param name="design">The design.</param>
    /// <param name="start">A fit of a model with the same random terms whose variances the search starts from; null for a moment start.</param>
    /// <param name="progress">Told of every evaluation of the deviance, on the thread that fits; null for nobody.</param>
    /// <param name="cancellationToken">Cancels between evaluations of the deviance.</param>
    /// <exception cref="DataException">Nothing is left to estimate from, memory does not suffice, or the start has other random terms.</exception>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public LinearMixedModelFit Fit(ModelDesign design, LinearMixedModelFit? start, IProgress<FitProgress>? progress, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(design);
        return ResidualFit(design, start, progress, cancellationToken)
            ?? FitWith(design, (data, layout) => start is null ? null : StartFromFit.Translate(start, design, data, layout), progress, cancellationToken);
    }

    /// <summary>Fits the model from covariances over sigma², one a term in the user's units.</summary>
    internal LinearMixedModelFit FitFrom(ModelDesign design, IReadOnlyList<double[]> relative, CancellationToken cancellationToken) =>
        ResidualFit(design, start: null, progress: null, cancellationToken)
            ?? FitWith(design, (data, layout) => StartValues.FromCovariances(relative, data, layout), progress: null, cancellationToken);

    /// <summary>
    /// Draws responses for the rows of a table at given parameters; the response need not be a column. O(replicates × rows × effects).
    /// </summary>
    /// <param name="table">The predictors, grouping factors, weights and offsets.</param>
    /// <param name="parameters">Fixed effects in the order of the design's columns, a covariance a random term, sigma.</param>
    /// <param name="replicates">How many, at least 1.</param>
    /// <param name="seed">Same seed, same numbers; replicate k does not depend on how many there are.</param>
    /// <returns>Rows of the table × replicates; NaN in rows with a missing value.</returns>
    /// <exception cref="FormulaException">The formula names what the table or this version does not have.</exception>
    /// <exception cref="DataException">The data cannot be used.</exception>
    /// <exception cref="ArgumentException">The parameters do not belong to the design, or there are no replicates.</exception>
    public Matrix Simulate(DataTable table, LinearParameters parameters, int replicates, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(table);
        var design = ModelDesign.Create(formula, table, DesignOptions() with { NeedsResponse = false, HasFreeResidual = false, Keep = [] });
        var drawn = Simulate(design, parameters, replicates, seed);
        if (design.DroppedRows == 0) return drawn;
        var values = new double[table.RowCount * replicates];
        Array.Fill(values, double.NaN);
        for (var k = 0; k < replicates; k++)
        {
            for (var r = 0; r < drawn.Rows; r++) values[design.Rows.Span[r] + (k * table.RowCount)] = drawn[r, k];
        }

        return new(table.RowCount, replicates, values);
    }

    /// <summary>Draws responses for the rows of a design made by <see cref="Prepare"/>, at given parameters.</summary>
    /// <returns>n×replicates.</returns>
    /// <exception cref="ArgumentException">The parameters do not belong to the design, or there are no replicates.</exception>
    public static Matrix Simulate(ModelDesign design, LinearParameters parameters, int replicates, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(parameters);
        ResidualLimits.RequireIndependent(design, "Simulation from given parameters", "Simulate from a fit");
        LinearParameters.RequireMatch(design, parameters);
        var mean = LinearPredictor.Evaluate(design.OwnRows([]), [.. parameters.Coefficients], []);
        return new LinearSimulator(mean, design.RandomTerms, LinearParameters.Factors(design, parameters.Covariances), parameters.Sigma, design.Weights.Span).DrawAll(replicates, seed);
    }

    /// <summary>The fit at an optimum found before: one evaluation, no search.</summary>
    /// <exception cref="ArgumentException">The optimum is not one of this model.</exception>
    internal LinearMixedModelFit Restore(ModelDesign design, LinearOptimum optimum)
    {
        var numbers = LinearData.From(design);
        if (ResidualData.From(design) is { } residual) return ResidualFits.At(this, design, Standardize(numbers, design.ResponseName), residual, optimum);
        var plan = Plan(numbers);
        var data = Standardize(numbers, design.ResponseName);
        if (optimum.IsWithoutResidual) data = data.WithoutResidual();
        var deviance = Deviance(data, plan, team: null);
        if (optimum.Theta.Length != deviance.Dimension || !optimum.Theta.All(double.IsFinite))
            throw new ArgumentException($"The optimum holds {optimum.Theta.Length} parameters, wanted {deviance.Dimension} finite ones.", nameof(optimum));
        return new(this, design, data, deviance, optimum);
    }

    /// <summary>EM's step has a closed form for unstructured and diagonal covariances alone.</summary>
    private void RequireOptimizer(ModelDesign design)
    {
        if (Options.Optimizer is not (OptimizationMethod.ExpectationMaximization or OptimizationMethod.ParameterExpandedEm)) return;
        var index = design.RandomTerms.ToList().FindIndex(term => term.Structure is not ("us" or "diag"));
        if (index < 0) return;
        throw formula.Source.Error(
            formula.RandomTerms[index].Position, $"The structure '{design.RandomTerms[index].Structure}' with EM", "EM fits us and diag; use the optimizer newton or derivative-free");
    }

    /// <summary>The fit of a design with dependent or unequal residuals; null for any other.</summary>
    private LinearMixedModelFit? ResidualFit(ModelDesign design, LinearMixedModelFit? start, IProgress<FitProgress>? progress, CancellationToken cancellationToken) =>
        ResidualData.From(design) is { } residual
            ? ResidualFits.Fit(this, design, Standardize(LinearData.From(design), design.ResponseName), residual, start, SearchProgress.To(progress), cancellationToken)
            : null;

    private LinearMixedModelFit FitWith(
        ModelDesign design, Func<StandardizedData, ThetaLayout, double[]?> start, IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        RequireOptimizer(design);
        var numbers = LinearData.From(design);
        var plan = Plan(numbers);
        using var team = plan is { NeedsThreads: true } ? new ThreadTeam(Options.Threads) : null;
        var data = Standardize(numbers, design.ResponseName, team);
        var deviance = Deviance(data, plan, team);
        var theta = start(data, deviance.Layout);
        if (!data.Data.HasResidual) RequireVariance(deviance, theta);
        deviance.Progress = SearchProgress.To(progress);
        var optimum = LinearOptimizer.Minimize(deviance, data, theta, Options.Optimizer, cancellationToken);
        deviance.Progress = null;
        if (ResidualLimit.Find(deviance, data, optimum, cancellationToken) is { } limit) return new(this, design, limit.Data, limit.Deviance, limit.Optimum);
        return new(this, design, data, deviance, optimum);
    }

    /// <summary>What a design takes from the options.</summary>
    internal DesignOptions DesignOptions() => new()
    {
        Weights = Options.Weights,
        Offsets = Options.Offsets,
        Contrasts = Options.Contrasts,
        HasFreeResidual = Options.HasResidual,
        Keep = Options.Keep,
        Residual = Options.Residual?.Clause,
        Variance = Options.Variance?.Clause,
        Dispersion = dispersion,
    };

    private static StandardizedData Standardize(LinearData numbers, string responseName, ThreadTeam? team = null)
    {
        var data = new StandardizedData(numbers, team);
        return !data.IsExactFit
            ? data
            : throw new DataException(
                $"The fixed effects reproduce the response '{responseName}' exactly, so no variance is left to estimate. "
                + "Look for a term that was computed from the response.");
    }

    /// <summary>Where each number will be stored, refused here where that is too many; null without random terms.</summary>
    private static BlockPlan? Plan(LinearData numbers)
    {
        MemoryLimit.ThrowIfTooManyEffects(numbers);
        if (!numbers.HasResidual) return PlanWithoutResidual(numbers);
        var plan = numbers.Terms.Count == 0 ? null : BlockPlan.For(numbers);
        MemoryLimit.ThrowIfExceeded(PlannedBlocks.Of(numbers, plan), AvailableMemory.Bytes);
        return plan;
    }

    /// <summary>Without a residual the rows' own covariance is stored, a dense block a cluster of rows that share effects.</summary>
    private static BlockPlan PlanWithoutResidual(LinearData numbers)
    {
        if (numbers.Terms.Count == 0)
            throw new DataException("The model has neither a residual variance nor a random term, so nothing in it varies. Leave --dispersion \"~0\" out, or add a random term.");
        if (numbers.Terms.Any(term => term.HasSeveralLevels))
            throw new DataException("A model without a residual variance takes no multi-membership in this version. Leave --dispersion \"~0\" or mm() out.");
        var entries = RowClusters.Of(numbers.Terms, numbers.n).Sum(cluster => (double)cluster.Length * (cluster.Length + numbers.Terms.Sum(term => term.Dimension)));
        if (2 * sizeof(double) * entries > AvailableMemory.Bytes)
        {
            throw new DataException(
                $"Without a residual variance the covariance of rows that share random effects is stored in full, here {AvailableMemory.Gigabytes(2 * sizeof(double) * entries)}; "
                + $"this machine offers {AvailableMemory.Gigabytes(AvailableMemory.Bytes)}. Leave --dispersion \"~0\" out, or fit on a subset of the levels.");
        }

        return BlockPlan.For(numbers);
    }

    /// <summary>Without a residual every row needs variance of its own from the random effects.</summary>
    private static void RequireVariance(ProfiledDeviance deviance, double[]? theta)
    {
        if (double.IsFinite(deviance.Value(theta ?? StartValues.WithoutResidual(deviance)))) return;
        throw new DataException(
            "Without a residual variance the random effects must give every row variance of its own, and here some rows are combinations of others "
            + "(two rows with the same effects, or fewer effects than rows). Leave --dispersion \"~0\" out, or use a term with an effect for each row, such as us(0 + visit | id).");
    }

    private ProfiledDeviance Deviance(StandardizedData data, BlockPlan? plan, ThreadTeam? team)
    {
        return new(data, BlockPlan.Allocate(data, plan, team), Options.Criterion == EstimationCriterion.Reml);
    }
}

using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Estimation.Linear;
using MixedModels.Formula;

namespace MixedModels;

/// <summary>A linear mixed model y = X beta + Z b + e: a formula and how to fit it. Immutable and safe for concurrent use.</summary>
/// <example><code>var fit = new LinearMixedModel("Reaction ~ Days + (Days | Subject)").Fit(DataTable.Example("sleepstudy"));</code></example>
public sealed class LinearMixedModel
{
    private readonly ModelFormula formula;

    /// <summary>Reads the formula, in R's notation with lme4's bars.</summary>
    /// <param name="formula">Such as <c>y ~ x + (x | group)</c>.</param>
    /// <param name="options">How to fit; REML without weights by default.</param>
    /// <exception cref="FormulaException">The formula cannot be read.</exception>
    public LinearMixedModel(string formula, LinearMixedModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(formula);
        this.formula = ModelFormula.Parse(formula);
        Options = options ?? new();
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
    public LinearMixedModelFit Fit(DataTable table, CancellationToken cancellationToken = default) =>
        Fit(Prepare(table), cancellationToken);

    /// <summary>The design this model makes of a table: the stage between the data and the numbers.</summary>
    /// <exception cref="FormulaException">The formula names what the table or this version does not have.</exception>
    /// <exception cref="DataException">The data cannot be used.</exception>
    public ModelDesign Prepare(DataTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return ModelDesign.Create(formula, table, new DesignOptions
        {
            Weights = Options.Weights,
            Offsets = Options.Offsets,
            Contrasts = Options.Contrasts,
        });
    }

    /// <summary>Fits the model to a design made by <see cref="Prepare"/>.</summary>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public LinearMixedModelFit Fit(ModelDesign design, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(design);
        var (deviance, data) = CreateDeviance(design);
        var optimum = LinearOptimizer.Minimize(deviance, data, start: null, cancellationToken);
        return new(this, design, data, deviance, optimum);
    }

    /// <summary>The fit at an optimum found before: one evaluation, no search.</summary>
    /// <exception cref="ArgumentException">The optimum is not one of this model.</exception>
    internal LinearMixedModelFit Restore(ModelDesign design, LinearOptimum optimum)
    {
        var (deviance, data) = CreateDeviance(design);
        if (optimum.Theta.Length != deviance.Dimension || !optimum.Theta.All(double.IsFinite))
            throw new ArgumentException($"The optimum holds {optimum.Theta.Length} parameters, wanted {deviance.Dimension} finite ones.", nameof(optimum));
        return new(this, design, data, deviance, optimum);
    }

    private (ProfiledDeviance Deviance, StandardizedData Data) CreateDeviance(ModelDesign design)
    {
        var data = new StandardizedData(LinearData.From(design));
        if (data.IsExactFit)
        {
            throw new DataException(
                $"The fixed effects reproduce the response '{design.ResponseName}' exactly, so no variance is left to estimate. "
                + "Look for a term that was computed from the response.");
        }

        return (new(data, PenalizedSystem.Create(data), Options.Criterion == EstimationCriterion.Reml), data);
    }
}

using MixedModels.Data;
using MixedModels.Design;

namespace MixedModels.Inference.Choice;

/// <summary>A generalized model whose random effects are chosen.</summary>
internal sealed class ChoosableGeneralizedModel(GeneralizedMixedModel model) : ChoosableModel
{
    /// <inheritdoc/>
    public override string Formula => model.Formula;

    /// <inheritdoc/>
    public override EstimationCriterion Criterion => model.Options.Criterion;

    /// <inheritdoc/>
    public override int? Threads => model.Options.Threads;

    /// <inheritdoc/>
    /// <remarks>A count or several trials vary by as much as their mean says; a dispersion is estimated from the same rows, and one trial says nothing of its own variation.</remarks>
    public override string? RowVariation(ModelDesign design) => model.Family switch
    {
        { ParameterNames.Count: > 0 } family => $"the {family.ParameterNames[0]} of the family {family.Name}",
        { HasTrials: true } when design.Trials.Span.IndexOfAnyExcept(1.0) < 0 => "the chance of a single yes or no",
        _ => null,
    };

    /// <inheritdoc/>
    public override DesignOptions DesignOptions() => model.DesignOptions();

    /// <inheritdoc/>
    public override IMixedModelFit Fit(string formula, DataTable data, int threads, IMixedModelFit? from, CancellationToken cancellationToken)
    {
        var own = new GeneralizedMixedModel(formula, model.Family, model.Options with { Threads = threads });
        var design = own.Prepare(data);
        return from is GeneralizedMixedModelFit fit
            ? own.FitFrom(design, fit, WarmStart.Of(fit, design, 1), cancellationToken)
            : own.Fit(design, cancellationToken);
    }
}

using MixedModels.Data;
using MixedModels.Design;

namespace MixedModels.Inference.Choice;

/// <summary>A linear model whose random effects are chosen.</summary>
internal sealed class ChoosableLinearModel(LinearMixedModel model) : ChoosableModel
{
    /// <inheritdoc/>
    public override string Formula => model.Formula;

    /// <inheritdoc/>
    public override EstimationCriterion Criterion => model.Options.Criterion;

    /// <inheritdoc/>
    public override int? Threads => model.Options.Threads;

    /// <inheritdoc/>
    public override string RowVariation(ModelDesign design) => "the residual";

    /// <inheritdoc/>
    public override DesignOptions DesignOptions() => model.DesignOptions();

    /// <inheritdoc/>
    public override IMixedModelFit Fit(string formula, DataTable data, int threads, IMixedModelFit? from, CancellationToken cancellationToken)
    {
        var own = new LinearMixedModel(formula, model.Options with { Threads = threads });
        var design = own.Prepare(data);
        return from is LinearMixedModelFit fit
            ? own.FitFrom(design, WarmStart.Of(fit, design, fit.Sigma * fit.Sigma), cancellationToken)
            : own.Fit(design, null, cancellationToken);
    }
}

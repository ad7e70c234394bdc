using MixedModels.Data;
using MixedModels.Design;

namespace MixedModels.Inference.Choice;

/// <summary>A model whose random effects are chosen, as a search sees it: how a formula beside its own is fitted. Immutable.</summary>
internal abstract class ChoosableModel
{
    /// <summary>The formula that was asked for.</summary>
    public abstract string Formula { get; }

    /// <summary>The criterion of every fit.</summary>
    public abstract EstimationCriterion Criterion { get; }

    /// <summary>The threads the model was given; null for one a processor.</summary>
    public abstract int? Threads { get; }

    /// <summary>What an effect of every row would be taken for, such as <c>the residual</c>; null where rows vary by themselves in a known way, so that such effects can be told from it.</summary>
    public abstract string? RowVariation(ModelDesign design);

    /// <summary>What a design takes from the model's options.</summary>
    public abstract DesignOptions DesignOptions();

    /// <summary>Fits a formula.</summary>
    /// <param name="formula">The formula, of the same response and fixed part.</param>
    /// <param name="data">The rows of the search.</param>
    /// <param name="threads">The most threads.</param>
    /// <param name="from">A fit of this model with other random effects, from whose estimates to begin; null for none.</param>
    /// <param name="cancellationToken">Cancels between evaluations.</param>
    public abstract IMixedModelFit Fit(string formula, DataTable data, int threads, IMixedModelFit? from, CancellationToken cancellationToken);
}

using MixedModels.Data;

namespace MixedModels;

/// <summary>A linear mixed model: a formula and how to fit it. Immutable.</summary>
public sealed class LinearMixedModel
{
    /// <summary>Reads the formula.</summary>
    public LinearMixedModel(string formula, LinearMixedModelOptions? options = null)
    {
        Formula = formula;
        Options = options ?? new();
    }

    /// <summary>The formula in canonical form.</summary>
    public string Formula { get; }

    /// <summary>How the model is fitted.</summary>
    public LinearMixedModelOptions Options { get; }

    /// <summary>Fits the model.</summary>
    public LinearMixedModelFit Fit(DataTable table, CancellationToken cancellationToken = default) => throw new NotSupportedException(table.Columns[0].Name);
}

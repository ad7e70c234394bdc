using MixedModels.Data;

namespace MixedModels.Cli;

/// <summary>The library itself.</summary>
internal sealed class ModelLibrary : IModelLibrary
{
    /// <inheritdoc/>
    public DataTable ReadTable(DataSource source, Stream standardInput) => throw new NotSupportedException(source.Name);

    /// <inheritdoc/>
    public LinearMixedModelFit Fit(string formula, LinearMixedModelOptions options, DataTable table, CancellationToken cancellationToken) =>
        new LinearMixedModel(formula, options).Fit(table, cancellationToken);

    /// <inheritdoc/>
    public LinearMixedModelFit Load(string path) => LinearMixedModelFit.Load(path);

    /// <inheritdoc/>
    public void Save(LinearMixedModelFit fit, string path) => fit.Save(path);

    /// <inheritdoc/>
    public IReadOnlyList<ConditionalModes> ConditionalModes(LinearMixedModelFit fit) => fit.ConditionalModes();
}

using MixedModels.Data;
using MixedModels.Design;

namespace MixedModels.Cli;

/// <summary>The library itself.</summary>
internal sealed class ModelLibrary : IModelLibrary
{
    private const string ExamplePrefix = "example:";

    /// <inheritdoc/>
    public DataTable ReadTable(DataSource source, Stream standardInput)
    {
        if (source.Name.StartsWith(ExamplePrefix, StringComparison.Ordinal))
            return DeclaredTypes.Apply(DataTable.Example(source.Name[ExamplePrefix.Length..]), source);
        var options = new DelimitedOptions { Factors = source.Factors, FactorsIfPresent = source.KnownFactors, Ordered = source.Ordered, Levels = source.Levels };
        return string.Equals(source.Name, "-", StringComparison.Ordinal)
            ? DataTable.ReadDelimited(standardInput, options with { SourceName = "standard input" })
            : DataTable.ReadCsv(source.Name, options);
    }

    /// <inheritdoc/>
    public LinearMixedModelFit Fit(
        LinearMixedModel model, ModelDesign design, LinearMixedModelFit? start, IProgress<FitProgress>? progress, CancellationToken cancellationToken) =>
        model.Fit(design, start, progress, cancellationToken);

    /// <inheritdoc/>
    public GeneralizedMixedModelFit Fit(GeneralizedMixedModel model, ModelDesign design, IProgress<FitProgress>? progress, CancellationToken cancellationToken) =>
        model.Fit(design, progress, cancellationToken);

    /// <inheritdoc/>
    public IMixedModelFit LoadAny(string path) => SavedModel.Load(path);

    /// <inheritdoc/>
    public LinearMixedModelFit Load(string path) => LinearMixedModelFit.Load(path);
}

using MixedModels.Data;

namespace MixedModels.Cli;

/// <summary>What the command needs of the library, so that every way it can end can be tried without a fit.</summary>
internal interface IModelLibrary
{
    /// <summary>Reads the table that DATA names.</summary>
    DataTable ReadTable(DataSource source, Stream standardInput);

    /// <summary>Fits a model.</summary>
    LinearMixedModelFit Fit(string formula, LinearMixedModelOptions options, DataTable table, CancellationToken cancellationToken);

    /// <summary>Reads a saved fit.</summary>
    LinearMixedModelFit Load(string path);

    /// <summary>Writes a fit to a file.</summary>
    void Save(LinearMixedModelFit fit, string path);

    /// <summary>The conditional modes of a fit.</summary>
    IReadOnlyList<ConditionalModes> ConditionalModes(LinearMixedModelFit fit);
}

using MixedModels.Data;
using MixedModels.Design;

namespace MixedModels.Cli;

/// <summary>The slow or failing steps of the library, so that every way the command can end can be tried in a test.</summary>
internal interface IModelLibrary
{
    /// <summary>Reads the table that DATA names.</summary>
    /// <exception cref="DataException">It cannot be read.</exception>
    DataTable ReadTable(DataSource source, Stream standardInput);

    /// <summary>Fits a model to a design, from an earlier fit's variances where one is given; <paramref name="progress"/> is told of every evaluation.</summary>
    /// <exception cref="DataException">The start has other random terms.</exception>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    LinearMixedModelFit Fit(LinearMixedModel model, ModelDesign design, LinearMixedModelFit? start, IProgress<FitProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Fits a generalized model to a design; <paramref name="progress"/> is told of every evaluation.</summary>
    /// <exception cref="DataException">No parameters allow the data.</exception>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    GeneralizedMixedModelFit Fit(GeneralizedMixedModel model, ModelDesign design, IProgress<FitProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Reads a saved fit of any family.</summary>
    /// <exception cref="DataException">It cannot be read.</exception>
    IMixedModelFit LoadAny(string path);

    /// <summary>Reads a saved linear mixed model.</summary>
    /// <exception cref="DataException">It cannot be read.</exception>
    LinearMixedModelFit Load(string path);
}

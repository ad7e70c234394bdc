using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Estimation.Linear;

namespace MixedModels.Cli.Tests;

/// <summary>A library that reads no files: it keeps what it was asked for, fits a small table, and fails or doubts the optimum on demand.</summary>
internal sealed class StubLibrary : IModelLibrary
{
    private static readonly Lazy<LinearMixedModelFit> saved = new(() =>
        new LinearMixedModel("Reaction ~ Days + (Days | Subject)").Fit(DataTable.Example("sleepstudy")));

    /// <summary>Thrown by a fit and by loading.</summary>
    public Exception? Failure { get; init; }

    /// <summary>What the optimiser is made to say of the optimum.</summary>
    public Func<LinearOptimum, LinearOptimum>? Doubt { get; init; }

    /// <summary>What is read instead of the small table.</summary>
    public DataTable? Table { get; init; }

    public DataSource? Source { get; private set; }

    public LinearMixedModel? Model { get; private set; }

    public string? Loaded { get; private set; }

    public DataTable ReadTable(DataSource source, Stream standardInput)
    {
        Source = source;
        if (Table is not null)
            return Table;
        string[] levels = ["p", "q"];
        string[] groups = ["g1", "g2", "g3"];
        return new DataTable(
        [
            new NumericColumn("y", [3.1, 4.0, 5.2, 6.9, 2.2, 3.5, 4.9, 6.1, 5.0, 6.2, 7.7, 8.1]),
            new NumericColumn("x", [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]),
            new NumericColumn("z", [1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 0]),
            new NumericColumn("w", [1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2]),
            new FactorColumn("a", levels, [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]),
            new FactorColumn("b", levels, [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1]),
            new FactorColumn("g", groups, [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]),
        ]);
    }

    public LinearMixedModelFit Fit(LinearMixedModel model, ModelDesign design, LinearMixedModelFit? start, IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        Model = model;
        if (Failure is not null)
            throw Failure;
        var fit = model.Fit(design, start, progress, cancellationToken);
        return Doubt is null ? fit : model.Restore(design, Doubt(fit.Optimum));
    }

    public GeneralizedMixedModel? Generalized { get; private set; }

    public GeneralizedMixedModelFit Fit(GeneralizedMixedModel model, ModelDesign design, IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        Generalized = model;
        return Failure is null ? model.Fit(design, progress, cancellationToken) : throw Failure;
    }

    public IMixedModelFit LoadAny(string path) => Load(path);

    public LinearMixedModelFit Load(string path)
    {
        Loaded = path;
        return Failure is null ? saved.Value : throw Failure;
    }
}

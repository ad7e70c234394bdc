using MixedModels.Data;
using MixedModels.Reporting.Tests;

namespace MixedModels.Cli.Tests;

/// <summary>A library that fits nothing: it keeps what it was asked for and answers with fits made by hand.</summary>
internal sealed class StubLibrary : IModelLibrary
{
    public LinearMixedModelFit Answer { get; init; } = SampleFits.SleepStudy();

    public Exception? Failure { get; init; }

    public DataSource? Source { get; private set; }

    public string? Formula { get; private set; }

    public LinearMixedModelOptions? Options { get; private set; }

    public string? Loaded { get; private set; }

    public DataTable ReadTable(DataSource source, Stream standardInput)
    {
        Source = source;
        return new DataTable([new NumericColumn("x", [1])]);
    }

    public LinearMixedModelFit Fit(string formula, LinearMixedModelOptions options, DataTable table, CancellationToken cancellationToken)
    {
        (Formula, Options) = (formula, options);
        return Failure is null ? Answer : throw Failure;
    }

    public LinearMixedModelFit Load(string path)
    {
        Loaded = path;
        return Failure is null ? Answer : throw Failure;
    }

    public void Save(LinearMixedModelFit fit, string path) => File.WriteAllText(path, "saved");

    public IReadOnlyList<ConditionalModes> ConditionalModes(LinearMixedModelFit fit) => SampleFits.Modes();
}

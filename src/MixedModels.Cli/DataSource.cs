namespace MixedModels.Cli;

/// <summary>Which data a command reads and what its columns are.</summary>
internal sealed record DataSource
{
    /// <summary>A file, <c>-</c> for standard input, or <c>example:NAME</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Columns that are factors whatever they look like.</summary>
    public IReadOnlyList<string> Factors { get; init; } = [];

    /// <summary>Columns that are factors where the data have them: those a saved model knows as factors.</summary>
    public IReadOnlyList<string> KnownFactors { get; init; } = [];

    /// <summary>Columns that are ordered factors.</summary>
    public IReadOnlyList<string> Ordered { get; init; } = [];

    /// <summary>The order of levels by factor name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Levels { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
}

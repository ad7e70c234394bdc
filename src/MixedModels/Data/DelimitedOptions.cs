namespace MixedModels.Data;

/// <summary>How delimited text is read into a <see cref="DataTable"/>. Immutable; vary it with <c>with</c>.</summary>
/// <remarks>
/// A cell that is empty, <c>NA</c> or <c>NaN</c> is missing, in quotes or not. A column of numbers is numeric, a column of
/// <c>TRUE</c>/<c>FALSE</c> (also <c>True</c>/<c>False</c>, <c>true</c>/<c>false</c>) a factor with levels FALSE and TRUE, any other
/// text a factor with its levels in ordinal (code point) order. The options below say otherwise for a column.
/// </remarks>
public sealed record DelimitedOptions
{
    /// <summary>
    /// The ASCII character between fields; null to take the one the file name stands for (<c>.csv</c> comma, <c>.tsv</c> and
    /// <c>.tab</c> tab, each also with <c>.gz</c>) if the header line has it, else the first of tab, semicolon, comma that the header line has.
    /// </summary>
    public char? Delimiter { get; init; }

    /// <summary>Columns to read as factors; each distinct cell text is a level, in numeric order if all are numbers, else in ordinal order.</summary>
    public IReadOnlyCollection<string> Factors { get; init; } = [];

    /// <summary>Columns to read as factors where the input has them, such as those a saved model knows as factors.</summary>
    public IReadOnlyCollection<string> FactorsIfPresent { get; init; } = [];

    /// <summary>Columns to read as ordered factors, levels as for <see cref="Factors"/>.</summary>
    public IReadOnlyCollection<string> Ordered { get; init; } = [];

    /// <summary>
    /// The levels of a column in their order; such a column is a factor (ordered if <see cref="Ordered"/> names it). A level that
    /// does not occur is kept; a cell that is none of the levels is an error.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Levels { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>What messages call the input; null for the file's path, or "the input" for a stream.</summary>
    public string? SourceName { get; init; }
}

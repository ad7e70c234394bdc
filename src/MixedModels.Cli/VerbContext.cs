using MixedModels.Reporting;

namespace MixedModels.Cli;

/// <summary>What a verb works with: the library, the standard streams, and whether it shall stop.</summary>
/// <param name="Library">The library.</param>
/// <param name="Output">Standard output: results alone.</param>
/// <param name="Error">Standard error: warnings and errors.</param>
/// <param name="Input">Standard input, read where DATA is <c>-</c>.</param>
/// <param name="CancellationToken">Cancelled by Ctrl-C.</param>
internal sealed record VerbContext(
    IModelLibrary Library, TextWriter Output, TextWriter Error, Stream Input, CancellationToken CancellationToken)
{
    /// <summary>Whether standard error is a terminal, where progress may be drawn.</summary>
    public bool ShowsProgress { get; init; }

    /// <summary>The page that standard output is.</summary>
    public TextLayout Layout { get; init; } = new();

    /// <summary>Writes one line of warning or error.</summary>
    public void Say(string message) => Error.Write($"mixed: {message}\n");
}

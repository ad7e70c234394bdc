using System.CommandLine;
using System.Globalization;

namespace MixedModels.Cli.Options;

/// <summary>The option <c>--level</c>, the same for every verb that shows intervals.</summary>
internal sealed class LevelOption
{
    private readonly Option<string> option;

    /// <summary>Adds the option to a verb.</summary>
    public LevelOption(Verb verb) => option = verb.Add(CommandOption.Value("--level", "LEVEL", "the level, 0.95 by default"));

    /// <summary>The level.</summary>
    /// <exception cref="CommandLineException">It is no number between 0 and 1.</exception>
    public double Read(ParsedLine line)
    {
        if (line.Value(option) is not { } text) return 0.95;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is > 0 and < 1
            ? value
            : throw new CommandLineException($"--level {text}: a number between 0 and 1 is wanted, such as 0.95.");
    }
}

using System.CommandLine;
using System.Globalization;

namespace MixedModels.Cli.Options;

/// <summary>An option whose value is the level of intervals.</summary>
internal sealed class LevelOption
{
    private const double Default = 0.95;

    private readonly Option<string> option;

    /// <summary>Adds the option to a verb.</summary>
    public LevelOption(Verb verb, string name = "--level", string description = "the level, 0.95 by default") =>
        option = verb.Add(CommandOption.Value(name, "LEVEL", description));

    /// <summary>Whether the option was given.</summary>
    public bool IsGiven(ParsedLine line) => line.Has(option);

    /// <summary>The level, 0.95 where the option was not given.</summary>
    /// <exception cref="CommandLineException">It is no number between 0 and 1.</exception>
    public double Read(ParsedLine line)
    {
        if (line.Value(option) is not { } text) return Default;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var level) && level is > 0 and < 1
            ? level
            : throw new CommandLineException($"{option.Name} {text}: a number between 0 and 1 is wanted, such as 0.95.");
    }
}

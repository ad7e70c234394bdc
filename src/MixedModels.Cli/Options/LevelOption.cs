using System.CommandLine;
using System.Globalization;

namespace MixedModels.Cli.Options;

/// <summary>An option whose value is the level of intervals.</summary>
internal static class LevelOption
{
    /// <summary>The level, 0.95 where the option was not given.</summary>
    /// <exception cref="CommandLineException">It is not between 0 and 1.</exception>
    public static double Read(ParsedLine line, Option<string> option)
    {
        if (line.Value(option) is not { } text) return 0.95;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is > 0 and < 1
            ? value
            : throw new CommandLineException($"{option.Name} {text}: a number between 0 and 1 is wanted, such as 0.95.");
    }
}

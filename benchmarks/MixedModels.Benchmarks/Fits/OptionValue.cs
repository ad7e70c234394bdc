using System.Globalization;

namespace MixedModels.Benchmarks.Fits;

/// <summary>Values of options on the command line of any of the commands.</summary>
internal static class OptionValue
{
    /// <summary>The word after an option.</summary>
    /// <param name="option">The option.</param>
    /// <param name="words">The command line.</param>
    /// <param name="at">The place of the value.</param>
    /// <param name="help">The command's help, shown with the message.</param>
    /// <exception cref="UsageException">There is none.</exception>
    public static string Text(string option, ReadOnlySpan<string> words, int at, string help) =>
        at < words.Length ? words[at] : throw new UsageException($"{option} needs a value.\n\n{help}");

    /// <summary>The whole number after an option, at least 1.</summary>
    /// <exception cref="UsageException">There is none, or another word.</exception>
    public static int Count(string option, ReadOnlySpan<string> words, int at, string help) => Count(option, Text(option, words, at, help), help);

    /// <summary>A word read as a whole number, at least 1.</summary>
    /// <exception cref="UsageException">It is another word.</exception>
    public static int Count(string option, string value, string help) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new UsageException($"{option} is '{value}'; wanted a whole number, at least 1.\n\n{help}");
}

using System.Globalization;
using MixedModels.Benchmarks.Fits;

namespace MixedModels.Benchmarks.Calibration;

/// <summary>What the command line asks for.</summary>
internal sealed record CalibrationOptions
{
    public const string Help = """
        Whether tests keep their level and intervals cover as often as they say, by simulation.

        calibration [--replicates 20000] [--data-sets 2000] [--draws 999] [--seed 1] [--out FILE]
        calibration --smoke

          --replicates N   data sets a split plot, for the type I error
          --data-sets N    data sets of the crossed design, for the coverage
          --draws N        bootstrap replicates of each of these
          --seed S         the seed; the same one gives the same page but for the seconds
          --out FILE       writes the page there too
          --smoke          some dozens of each: whether it works, in seconds
        """;

    public int Replicates { get; init; } = 20_000;

    public int DataSets { get; init; } = 2_000;

    public int Draws { get; init; } = 999;

    public ulong Seed { get; init; } = 1;

    public string? Out { get; init; }

    public bool IsSmoke { get; init; }

    public bool IsHelp { get; init; }

    /// <summary>Reads the words after <c>calibration</c>.</summary>
    /// <exception cref="UsageException">An option is unknown, lacks its value or has a wrong one.</exception>
    public static CalibrationOptions Parse(ReadOnlySpan<string> words)
    {
        var options = new CalibrationOptions();
        for (var at = 0; at < words.Length; at++)
        {
            var option = words[at];
            options = option switch
            {
                "--help" => options with { IsHelp = true },
                "--smoke" => options with { IsSmoke = true, Replicates = 40, DataSets = 10, Draws = 39 },
                "--replicates" => options with { Replicates = Count(option, words, ++at) },
                "--data-sets" => options with { DataSets = Count(option, words, ++at) },
                "--draws" => options with { Draws = Count(option, words, ++at) },
                "--seed" => options with { Seed = (ulong)Count(option, words, ++at) },
                "--out" => options with { Out = Value(option, words, ++at) },
                _ => throw new UsageException($"'{option}' is not an option of calibration.\n\n{Help}"),
            };
        }

        return options;
    }

    private static string Value(string option, ReadOnlySpan<string> words, int at) =>
        at < words.Length ? words[at] : throw new UsageException($"{option} needs a value.\n\n{Help}");

    private static int Count(string option, ReadOnlySpan<string> words, int at) =>
        int.TryParse(Value(option, words, at), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new UsageException($"{option} is '{words[at]}'; wanted a whole number, at least 1.");
}

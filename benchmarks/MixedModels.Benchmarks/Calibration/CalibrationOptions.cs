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
                "--replicates" => options with { Replicates = OptionValue.Count(option, words, ++at, Help) },
                "--data-sets" => options with { DataSets = OptionValue.Count(option, words, ++at, Help) },
                "--draws" => options with { Draws = OptionValue.Count(option, words, ++at, Help) },
                "--seed" => options with { Seed = (ulong)OptionValue.Count(option, words, ++at, Help) },
                "--out" => options with { Out = OptionValue.Text(option, words, ++at, Help) },
                _ => throw new UsageException($"'{option}' is not an option of calibration.\n\n{Help}"),
            };
        }

        return options;
    }
}

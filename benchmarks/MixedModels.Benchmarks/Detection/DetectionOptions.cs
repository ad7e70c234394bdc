using MixedModels.Benchmarks.Fits;

namespace MixedModels.Benchmarks.Detection;

/// <summary>What the command line asks for.</summary>
internal sealed record DetectionOptions
{
    public const string Help = """
        How often diagnostic rules find what was planted, and how often they speak where nothing was.

        detection [--data-sets 200] [--seed 1001] [--out FILE]
        detection --smoke

          --data-sets N    data sets a kind of trouble
          --seed S         the first one's seed; the same one gives the same page but for the seconds
          --out FILE       writes the page there too
          --smoke          one data set of two kinds a family: whether it works, in seconds
        """;

    public int DataSets { get; init; } = 200;

    public int Seed { get; init; } = 1001;

    public string? Out { get; init; }

    public bool IsSmoke { get; init; }

    public bool IsHelp { get; init; }

    /// <summary>Reads the words after <c>detection</c>.</summary>
    /// <exception cref="UsageException">An option is unknown, lacks its value or has a wrong one.</exception>
    public static DetectionOptions Parse(ReadOnlySpan<string> words)
    {
        var options = new DetectionOptions();
        for (var at = 0; at < words.Length; at++)
        {
            var option = words[at];
            options = option switch
            {
                "--help" => options with { IsHelp = true },
                "--smoke" => options with { IsSmoke = true, DataSets = 1 },
                "--data-sets" => options with { DataSets = OptionValue.Count(option, words, ++at, Help) },
                "--seed" => options with { Seed = OptionValue.Count(option, words, ++at, Help) },
                "--out" => options with { Out = OptionValue.Text(option, words, ++at, Help) },
                _ => throw new UsageException($"'{option}' is not an option of detection.\n\n{Help}"),
            };
        }

        return options;
    }
}

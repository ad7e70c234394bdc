using System.CommandLine;
using System.Globalization;

namespace MixedModels.Cli.Options;

/// <summary>How many random replicates, from which seed: the options of every verb that draws.</summary>
internal sealed class ReplicateOptions
{
    private readonly Option<string> replicates;
    private readonly Option<string> seed;

    /// <summary>Adds the options to a verb.</summary>
    public ReplicateOptions(Verb verb)
    {
        replicates = verb.Add(CommandOption.Value("--replicates", "N", "how many, at least 1"));
        seed = verb.Add(CommandOption.Value("--seed", "S", "a whole number from 0; the same seed gives the same numbers"));
    }

    /// <summary>Whether one of the two was given.</summary>
    public bool IsGiven(ParsedLine line) => line.Has(replicates) || line.Has(seed);

    /// <summary>The number of replicates.</summary>
    /// <exception cref="CommandLineException">It is missing or no whole number from 1.</exception>
    public int Count(ParsedLine line)
    {
        if (line.Value(replicates) is not { } text)
            throw new CommandLineException("How many? --replicates N is needed, such as --replicates 1000.");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new CommandLineException($"--replicates {text}: a whole number from 1 to {int.MaxValue} is wanted.");
    }

    /// <summary>The seed.</summary>
    /// <exception cref="CommandLineException">It is missing or no whole number from 0.</exception>
    public ulong Seed(ParsedLine line)
    {
        if (line.Value(seed) is not { } text)
            throw new CommandLineException("--seed S is needed, such as --seed 1: with it the same command gives the same numbers.");
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new CommandLineException($"--seed {text}: a whole number from 0 to {ulong.MaxValue} is wanted.");
    }
}

using System.CommandLine;
using System.Globalization;
using MixedModels.Cli.Options;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed simulate MODEL --replicates N --seed S</c>: responses drawn from a saved fit.</summary>
internal sealed class SimulateVerb : Verb
{
    /// <summary>The verb.</summary>
    public const string Name = "simulate";

    /// <summary>What it does.</summary>
    public const string Summary = "responses drawn from a saved fit, one column a replicate";

    private readonly Option<string> replicates;
    private readonly Option<string> seed;
    private readonly Option<bool> conditional;
    private readonly OutputOptions output;

    /// <summary>Creates the verb with its options.</summary>
    public SimulateVerb()
        : base(Name, Summary, ("MODEL", "a file written by 'mixed fit … --save FILE'"))
    {
        replicates = Add(CommandOption.Value("--replicates", "N", "how many, at least 1"));
        seed = Add(CommandOption.Value("--seed", "S", "a whole number from 0; the same seed gives the same numbers"));
        conditional = Add(CommandOption.Flag("--conditional", "keep the groups' conditional modes and draw residuals alone"));
        output = new OutputOptions(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "mixed simulate sleep.fit --replicates 5 --seed 1",
        "mixed simulate sleep.fit --replicates 1000 --seed 42 --output csv --out simulated.csv",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParsedLine line, VerbContext context)
    {
        output.ThrowIfWrong(line);
        var count = ReadReplicates(line);
        var start = ReadSeed(line);
        var fit = context.Library.Load(line.Argument(0));
        if ((long)count * fit.Observations > Array.MaxLength)
            throw new CommandLineException($"--replicates {count}: {count} replicates of {fit.Observations} rows are more than one table holds; draw fewer at a time with other seeds.");
        var drawn = fit.Simulate(count, start, new() { Conditional = line.Has(conditional) });
        output.Write(new SimulationReport(drawn), line, context);
        output.Warn(DroppedRows(fit), line, context);
        return ExitCode.Success;
    }

    private int ReadReplicates(ParsedLine line)
    {
        if (line.Value(replicates) is not { } text)
            throw new CommandLineException("How many? --replicates N is needed, such as --replicates 100.");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new CommandLineException($"--replicates {text}: a whole number from 1 to {int.MaxValue} is wanted.");
    }

    private ulong ReadSeed(ParsedLine line)
    {
        if (line.Value(seed) is not { } text)
            throw new CommandLineException("--seed S is needed, such as --seed 1: with it the same command gives the same numbers.");
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new CommandLineException($"--seed {text}: a whole number from 0 to {ulong.MaxValue} is wanted.");
    }

    private static string? DroppedRows(LinearMixedModelFit fit) => fit.DroppedRows == 0
        ? null
        : $"{fit.DroppedRows} of {fit.Observations + fit.DroppedRows} rows had missing values and were no part of the fit; each replicate has the other {fit.Observations} in their order.";
}

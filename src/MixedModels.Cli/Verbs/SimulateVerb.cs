using System.CommandLine;
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

    private readonly ReplicateOptions draws;
    private readonly Option<bool> conditional;
    private readonly OutputOptions output;

    /// <summary>Creates the verb with its options.</summary>
    public SimulateVerb()
        : base(Name, Summary, ("MODEL", "a file written by 'mixed fit … --save FILE'"))
    {
        draws = new ReplicateOptions(this);
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
        var count = draws.Count(line);
        var start = draws.Seed(line);
        var fit = context.Library.LoadAny(line.Argument(0));
        if ((long)count * fit.Observations > Array.MaxLength)
            throw new CommandLineException($"--replicates {count}: {count} replicates of {fit.Observations} rows are more than one table holds; draw fewer at a time with other seeds.");
        var drawn = fit.Simulate(count, start, new() { Conditional = line.Has(conditional) });
        output.Write(new SimulationReport(drawn), line, context);
        output.Warn(DroppedRows(fit), line, context);
        return ExitCode.Success;
    }

    private static string? DroppedRows(IMixedModelFit fit) => fit.DroppedRows == 0
        ? null
        : $"{fit.DroppedRows} of {fit.Observations + fit.DroppedRows} rows had missing values and were no part of the fit; each replicate has the other {fit.Observations} in their order.";
}

using System.CommandLine;
using MixedModels.Cli.Options;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed confint MODEL --method wald</c>: intervals of the fixed effects.</summary>
internal sealed class ConfintVerb : SavedFitVerb
{
    /// <summary>The verb.</summary>
    public const string Name = "confint";

    /// <summary>What it does.</summary>
    public const string Summary = "confidence intervals of a saved fit";

    private readonly ChoiceOption method;
    private readonly Option<string> level;
    private readonly DfOption df;
    private readonly VcovOption vcov;

    /// <summary>Creates the verb with its options.</summary>
    public ConfintVerb()
        : base(Name, Summary)
    {
        method = new ChoiceOption(this, "--method", "METHOD", "wald, for the fixed effects; must be given", ["wald"], ["profile", "bootstrap"]);
        level = Add(CommandOption.Value("--level", "LEVEL", "the level, 0.95 by default"));
        df = new DfOption(this, "default: the fit's own");
        vcov = new VcovOption(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "mixed confint sleep.fit --method wald",
        "mixed confint sleep.fit --method wald --level 0.9 --df kenward-roger --output csv",
    ];

    /// <inheritdoc/>
    protected override Report Report(LinearMixedModelFit fit, ParsedLine line) =>
        new ConfidenceIntervalsReport(fit.WaldIntervals(LevelOption.Read(line, level), df.Read(line), vcov.Read(line)));

    /// <inheritdoc/>
    protected override void ThrowIfWrong(ParsedLine line)
    {
        // Profile intervals are the better default and are to come; a default that changes its meaning then would be a trap.
        if (method.Read(line) is null) throw new CommandLineException("--method is missing: --method wald is wanted.");
        LevelOption.Read(line, level);
    }
}

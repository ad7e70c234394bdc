using System.CommandLine;
using MixedModels.Cli.Options;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed test MODEL "A - B = 0" …</c>: tests of linear hypotheses.</summary>
internal sealed class TestVerb : SavedFitVerb
{
    /// <summary>The verb.</summary>
    public const string Name = "test";

    /// <summary>What it does.</summary>
    public const string Summary = "tests of linear hypotheses about the fixed effects of a saved fit";

    private readonly DfOption df;
    private readonly VcovOption vcov;

    /// <summary>Creates the verb with its options.</summary>
    public TestVerb()
        : base(Name, Summary)
    {
        Command.Arguments.Add(new Argument<string[]>("HYPOTHESIS…")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "a linear equation of coefficients such as \"A - B = 0\", in quotes; several are tested each and together",
        });
        df = new DfOption(this, "default: the fit's own");
        vcov = new VcovOption(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "mixed test sleep.fit \"Days = 10\"",
        "mixed test trial.fit \"armB - armA = 0\" \"armC - armA = 0\" --df kenward-roger",
    ];

    /// <inheritdoc/>
    protected override Report Report(IMixedModelFit fit, ParsedLine line) => new HypothesisTestsReport(fit.Test(line.Arguments(1), df.Read(line), vcov.Read(line)));
}

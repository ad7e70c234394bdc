using MixedModels.Cli.Options;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed anova MODEL</c>: a test of each term of the fixed part.</summary>
internal sealed class AnovaVerb : SavedFitVerb
{
    /// <summary>The verb.</summary>
    public const string Name = "anova";

    /// <summary>What it does.</summary>
    public const string Summary = "tests of the terms of a saved fit: types I, II, III";

    private readonly ChoiceOption type;
    private readonly ChoiceOption test;
    private readonly DfOption df;
    private readonly VcovOption vcov;

    /// <summary>Creates the verb with its options.</summary>
    public AnovaVerb()
        : base(Name, Summary)
    {
        type = new ChoiceOption(this, "--type", "TYPE", "1, 2 or 3 (default)", ["1", "2", "3"]);
        test = new ChoiceOption(this, "--test", "STATISTIC", "F (default) or chisq, Wald's chi-square", ["F", "chisq"]);
        df = new DfOption(this, "default: the fit's own");
        vcov = new VcovOption(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "mixed anova trial.fit",
        "mixed anova trial.fit --type 2 --df kenward-roger",
        "mixed anova trial.fit --test chisq --output json",
    ];

    /// <inheritdoc/>
    protected override Report Report(LinearMixedModelFit fit, ParsedLine line)
    {
        var statistic = test.Read(line) == "chisq" ? TestStatistic.ChiSquared : TestStatistic.F;
        var method = df.Read(line);
        if (statistic == TestStatistic.ChiSquared && method is { } given and not DegreesOfFreedom.None)
            throw new CommandLineException($"--test chisq has no denominator degrees of freedom; leave out --df {given.Name()}, or ask for --test F.");
        var hypotheses = type.Read(line) switch { "1" => AnovaType.I, "2" => AnovaType.II, _ => AnovaType.III };
        return new TermTestsReport(fit.TestTerms(hypotheses, statistic, method, vcov.Read(line)));
    }
}

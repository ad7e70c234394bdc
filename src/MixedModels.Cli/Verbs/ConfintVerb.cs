using System.Globalization;
using MixedModels.Cli.Options;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed confint MODEL --method profile</c>: confidence intervals of all parameters.</summary>
internal sealed class ConfintVerb : Verb
{
    /// <summary>The verb.</summary>
    public const string Name = "confint";

    /// <summary>What it does.</summary>
    public const string Summary = "confidence intervals of a saved fit";

    private readonly ChoiceOption method;
    private readonly ChoiceOption criterion;
    private readonly LevelOption level;
    private readonly OutputOptions output;

    /// <summary>Creates the verb with its options.</summary>
    public ConfintVerb()
        : base(Name, Summary, ("MODEL", "a file written by 'mixed fit … --save FILE'"))
    {
        method = new ChoiceOption(this, "--method", "METHOD", "profile; must be given", ["profile"], ["wald", "bootstrap"]);
        level = new LevelOption(this);
        criterion = new ChoiceOption(this, "--criterion", "CRITERION", "of a profile: ML (default) or REML", ["ML", "REML"]);
        output = new OutputOptions(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "mixed confint sleep.fit --method profile",
        "mixed confint sleep.fit --method profile --level 0.9 --criterion REML --output csv",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParsedLine line, VerbContext context)
    {
        output.ThrowIfWrong(line);
        if (method.Read(line) is null) throw new CommandLineException("--method is missing: --method profile is wanted.");
        var (share, profiled) = (level.Read(line), criterion.Read(line));
        var fit = context.Library.Load(line.Argument(0));
        output.Write(Profile(fit, share, profiled, context.CancellationToken), line, context);
        return ExitCode.Success;
    }

    private static ConfidenceIntervalsReport Profile(LinearMixedModelFit fit, double level, string? criterion, CancellationToken cancellationToken)
    {
        var chosen = criterion == "REML" ? EstimationCriterion.Reml : EstimationCriterion.MaximumLikelihood;
        var profile = LikelihoodProfile.Of(fit, new() { Level = level, Criterion = chosen }, cancellationToken);
        var name = chosen == EstimationCriterion.Reml ? "REML" : "maximum likelihood";
        var title = string.Create(CultureInfo.InvariantCulture, $"{100 * level:0.####} % intervals by profile likelihood ({name})");
        return new(profile.Intervals(level), title, profile.Findings);
    }
}

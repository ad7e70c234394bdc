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
    private readonly BootstrapRunOptions run;
    private readonly DfOption df;
    private readonly ChoiceOption type;
    private readonly OutputOptions output;
    private readonly VcovOption vcov;

    /// <summary>Creates the verb with its options.</summary>
    public ConfintVerb()
        : base(Name, Summary, ("MODEL", "a file written by 'mixed fit … --save FILE'"))
    {
        method = new ChoiceOption(this, "--method", "METHOD", "profile, bootstrap, wald (fixed effects; of generalized models all) or delta (R² and intraclass correlations); must be given", ["profile", "bootstrap", "wald", "delta"]);
        level = new LevelOption(this);
        criterion = new ChoiceOption(this, "--criterion", "CRITERION", "of a profile: ML (default) or REML", ["ML", "REML"]);
        type = new ChoiceOption(this, "--type", "TYPE", "of a bootstrap: percentile (default), basic or bca", ["percentile", "basic", "bca"]);
        run = new BootstrapRunOptions(this);
        df = new DfOption(this, "of wald; default: the fit's own");
        vcov = new VcovOption(this);
        output = new OutputOptions(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "mixed confint sleep.fit --method profile",
        "mixed confint sleep.fit --method profile --level 0.9 --criterion REML --output csv",
        "mixed confint sleep.fit --method delta",
        "mixed confint sleep.fit --method bootstrap --replicates 2000 --seed 1 --type bca",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParsedLine line, VerbContext context)
    {
        output.ThrowIfWrong(line);
        var chosen = method.Read(line) ?? throw new CommandLineException("--method is missing: --method profile, --method bootstrap, --method wald or --method delta is wanted.");
        ThrowIfOfAnother(chosen, line);
        var share = level.Read(line);
        if (chosen == "profile")
        {
            var profiled = criterion.Read(line);
            output.Write(Profile(context.Library.LoadAny(line.Argument(0)), share, profiled, context.CancellationToken), line, context);
            return ExitCode.Success;
        }

        if (chosen == "wald")
        {
            var given = df.Read(line);
            output.Write(new ConfidenceIntervalsReport(Wald(context.Library.LoadAny(line.Argument(0)), share, given, vcov.Read(line))), line, context);
            return ExitCode.Success;
        }

        if (chosen == "delta")
        {
            var linear = context.Library.LoadAny(line.Argument(0)) as LinearMixedModelFit ?? throw new CommandLineException(
                "Intervals of R² and intraclass correlations by the delta method are for linear models in this version; 'mixed fit' shows the estimates of a generalized one, and from C# ParametricBootstrap.Run takes RSquared as a statistic.");
            output.Write(ConfidenceIntervalsReport.OfShares(linear, share), line, context);
            return ExitCode.Success;
        }

        run.ThrowIfWrong(line);
        var kind = type.Read(line) ?? "percentile";
        if (run.Run(context.Library.LoadAny(line.Argument(0)), line, output.IsQuiet(line), context) is not { } bootstrap) return ExitCode.Cancelled;
        output.Write(Bootstrap(bootstrap, kind, share), line, context);
        return ExitCode.Success;
    }

    private void ThrowIfOfAnother(string chosen, ParsedLine line)
    {
        if (chosen != "bootstrap" && (run.IsGiven(line) || type.Read(line) is not null))
            throw new CommandLineException($"--replicates, --seed, --type, --save, --resume and --threads belong to --method bootstrap; leave them out of --method {chosen}.");
        if (chosen != "profile" && criterion.Read(line) is not null)
            throw new CommandLineException($"--criterion belongs to --method profile; leave it out of --method {chosen}.");
        if (chosen != "wald" && (df.Read(line) is not null || vcov.Read(line) is not null))
            throw new CommandLineException($"--df and --vcov belong to --method wald; leave them out of --method {chosen}.");
    }

    private static ConfidenceIntervalTable Wald(IMixedModelFit fit, double level, DegreesOfFreedom? given, RobustCovariance? robust)
    {
        if (fit is not GeneralizedMixedModelFit generalized) return ((LinearMixedModelFit)fit).WaldIntervals(level, given, robust);

        // The table of coefficients says why another method does not apply.
        if (given is not null) generalized.Coefficients(given, robust);
        return generalized.WaldIntervals(level, robust);
    }

    private static ConfidenceIntervalsReport Bootstrap(ParametricBootstrap bootstrap, string kind, double level)
    {
        var (intervals, name) = kind switch
        {
            "basic" => (BootstrapInterval.Basic, "basic"),
            "bca" => (BootstrapInterval.BiasCorrected, "BCa"),
            _ => (BootstrapInterval.Percentile, "percentile"),
        };
        var title = string.Create(
            CultureInfo.InvariantCulture, $"{100 * level:0.####} % intervals by parametric bootstrap ({name}, {bootstrap.Completed} replicates, seed {bootstrap.Seed})");
        return new(bootstrap.Intervals(intervals, level), title, bootstrap.Findings(level));
    }

    private static ConfidenceIntervalsReport Profile(IMixedModelFit fit, double level, string? criterion, CancellationToken cancellationToken)
    {
        var chosen = criterion == "REML" ? EstimationCriterion.Reml : EstimationCriterion.MaximumLikelihood;
        var options = new ProfileOptions { Level = level, Criterion = chosen };
        var profile = fit is GeneralizedMixedModelFit generalized
            ? LikelihoodProfile.Of(generalized, options, cancellationToken)
            : LikelihoodProfile.Of((LinearMixedModelFit)fit, options, cancellationToken);
        var name = chosen == EstimationCriterion.Reml ? "REML" : "maximum likelihood";
        var title = string.Create(CultureInfo.InvariantCulture, $"{100 * level:0.####} % intervals by profile likelihood ({name})");
        return new(profile.Intervals(level), title, profile.Findings);
    }
}

using System.CommandLine;
using MixedModels.Cli.Options;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed anova MODEL …</c>: tests of the terms of one saved fit, fixed or random, or of several fits against each other.</summary>
internal sealed class AnovaVerb : Verb
{
    /// <summary>The verb.</summary>
    public const string Name = "anova";

    /// <summary>What it does.</summary>
    public const string Summary = "tests of the terms of a saved fit, or of several fits against each other";

    private readonly ChoiceOption type;
    private readonly ChoiceOption test;
    private readonly DfOption df;
    private readonly Option<bool> random;
    private readonly Option<bool> refit;
    private readonly OutputOptions output;
    private readonly VcovOption vcov;

    /// <summary>Creates the verb with its options.</summary>
    public AnovaVerb()
        : base(Name, Summary)
    {
        Command.Arguments.Add(new Argument<string[]>("MODEL…")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "files written by 'mixed fit … --save FILE'; several are compared by likelihood-ratio tests",
        });
        type = new ChoiceOption(this, "--type", "TYPE", "of one model: 1, 2 or 3 (default)", ["1", "2", "3"]);
        test = new ChoiceOption(this, "--test", "STATISTIC", "of one model: F (default of linear models) or chisq, Wald's chi-square", ["F", "chisq"]);
        df = new DfOption(this, "default: the fit's own");
        vcov = new VcovOption(this);
        random = Add(CommandOption.Flag("--random", "of one model: test each random term, by leaving it out"));
        refit = Add(CommandOption.Flag("--refit", "of several: fit REML models again by maximum likelihood before they are compared"));
        output = new OutputOptions(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "mixed anova trial.fit",
        "mixed anova trial.fit --type 2 --df kenward-roger",
        "mixed anova trial.fit --random",
        "mixed anova small.fit large.fit --refit --output json",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParsedLine line, VerbContext context)
    {
        output.ThrowIfWrong(line);
        var files = line.Arguments(0);
        var isOfTerms = type.Read(line) is not null || test.Read(line) is not null || df.Read(line) is not null || vcov.Read(line) is not null;
        ThrowIfWrong(files.Count, isOfTerms, line);
        if (files.Count == 1 && !line.Has(random))
        {
            output.Write(Terms(context.Library.LoadAny(files[0]), line), line, context);
            return ExitCode.Success;
        }

        IMixedModelFit[] all = [.. files.Select(context.Library.LoadAny)];
        if (line.Has(random))
        {
            var tests = all[0] is GeneralizedMixedModelFit generalized
                ? RandomTermTests.Of(generalized, context.CancellationToken)
                : RandomTermTests.Of((LinearMixedModelFit)all[0], context.CancellationToken);
            output.Write(new RandomTermTestsReport(tests), line, context);
            return tests.Tests.All(own => own.Converged) ? ExitCode.Success : ExitCode.NotConverged;
        }

        if (all.All(fit => fit is GeneralizedMixedModelFit))
        {
            if (line.Has(refit))
                throw new CommandLineException("--refit is for REML fits; other families are fitted by maximum likelihood already. Leave it out.");
            output.Write(new ModelComparisonReport(ModelComparison.Of([.. all.Cast<GeneralizedMixedModelFit>()])), line, context);
            return ExitCode.Success;
        }

        LinearMixedModelFit[] fits = [.. all.Select((fit, i) => fit as LinearMixedModelFit ?? throw new CommandLineException(
            $"{files[i]} holds a generalized model; it compares with others of its kind only."))];
        output.Write(new ModelComparisonReport(ModelComparison.Of(fits, line.Has(refit), context.CancellationToken)), line, context);
        return ExitCode.Success;
    }

    private TermTestsReport Terms(IMixedModelFit fit, ParsedLine line)
    {
        var statistic = (test.Read(line) ?? (fit is LinearMixedModelFit ? "F" : "chisq")) == "chisq" ? TestStatistic.ChiSquared : TestStatistic.F;
        var method = df.Read(line);
        if (statistic == TestStatistic.ChiSquared && method is { } given && !given.IsNormal())
            throw new CommandLineException($"--test chisq has no denominator degrees of freedom; leave out --df {given.Name()}, or ask for --test F.");
        var hypotheses = type.Read(line) switch { "1" => AnovaType.I, "2" => AnovaType.II, _ => AnovaType.III };
        return new(fit.TestTerms(hypotheses, statistic, method, vcov.Read(line)));
    }

    private void ThrowIfWrong(int models, bool isOfTerms, ParsedLine line)
    {
        if (models == 0) throw new CommandLineException($"'mixed anova' needs MODEL….\nUsage:   {HelpText.Usage(this)}\nExample: {Examples[0]}");
        if (line.Has(random) && models != 1)
            throw new CommandLineException($"--random tests the terms of one model, found {models}; leave out the others.");
        if (line.Has(random) && line.Has(refit))
            throw new CommandLineException("--refit is for comparing fixed parts; --random leaves them as they are. Give one of the two.");
        if (isOfTerms && (models > 1 || line.Has(random)))
            throw new CommandLineException("--type, --test, --df and --vcov belong to the tests of the fixed terms of one model; leave them out.");
        if (line.Has(refit) && models == 1)
            throw new CommandLineException("--refit is for comparing models, found 1; name another, or leave it out.");
    }
}

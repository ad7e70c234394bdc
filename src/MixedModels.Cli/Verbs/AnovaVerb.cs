using System.CommandLine;
using MixedModels.Cli.Options;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed anova MODEL …</c>: saved fits compared with each other, or with their random terms left out.</summary>
internal sealed class AnovaVerb : Verb
{
    /// <summary>The verb.</summary>
    public const string Name = "anova";

    /// <summary>What it does.</summary>
    public const string Summary = "likelihood-ratio tests of saved fits, or of the random terms of one";

    private readonly Option<bool> random;
    private readonly Option<bool> refit;
    private readonly OutputOptions output;

    /// <summary>Creates the verb with its options.</summary>
    public AnovaVerb()
        : base(Name, Summary)
    {
        Command.Arguments.Add(new Argument<string[]>("MODEL…")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "files written by 'mixed fit … --save FILE'",
        });
        random = Add(CommandOption.Flag("--random", "test each random term of one model, by leaving it out"));
        refit = Add(CommandOption.Flag("--refit", "fit REML models again by maximum likelihood before they are compared"));
        output = new OutputOptions(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "mixed anova small.fit large.fit",
        "mixed anova a.fit b.fit c.fit --refit --output json",
        "mixed anova sleep.fit --random",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParsedLine line, VerbContext context)
    {
        output.ThrowIfWrong(line);
        var files = line.Arguments(0);
        ThrowIfWrong(files.Count, line);
        LinearMixedModelFit[] fits = [.. files.Select(context.Library.Load)];
        if (line.Has(random))
        {
            var tests = RandomTermTests.Of(fits[0], context.CancellationToken);
            output.Write(new RandomTermTestsReport(tests), line, context);
            return tests.Tests.All(test => test.Converged) ? ExitCode.Success : ExitCode.NotConverged;
        }

        output.Write(new ModelComparisonReport(ModelComparison.Of(fits, line.Has(refit), context.CancellationToken)), line, context);
        return ExitCode.Success;
    }

    private void ThrowIfWrong(int models, ParsedLine line)
    {
        if (line.Has(random) && models != 1)
            throw new CommandLineException($"--random tests the terms of one model, found {models}; leave out {(models > 1 ? "the others" : "--random or name a model")}.");
        if (line.Has(random) && line.Has(refit))
            throw new CommandLineException("--refit is for comparing fixed parts; --random leaves them as they are. Give one of the two.");
        if (models < 2 && !line.Has(random))
            throw new CommandLineException($"'mixed anova' compares at least 2 models, found {models}; name another, or ask for --random.");
    }
}

using System.CommandLine;
using System.Globalization;
using MixedModels.Cli.Options;
using MixedModels.Data;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed choose FORMULA DATA</c>: searches for the random effects, from the maximal structure down.</summary>
internal sealed class ChooseVerb : Verb
{
    /// <summary>The verb.</summary>
    public const string Name = "choose";

    /// <summary>What it does.</summary>
    public const string Summary = "choose the random effects, from the maximal structure down, with an audit trail";

    private readonly ModelOptions model;
    private readonly DataOptions data;
    private readonly EngineOptions engine;
    private readonly PlannedOptions planned;
    private readonly OutputOptions output;
    private readonly ChoiceOption by;
    private readonly ChoiceOption from;
    private readonly Option<string> alpha;
    private readonly Option<string> save;

    /// <summary>Creates the verb with its options.</summary>
    public ChooseVerb()
        : base(
            Name,
            Summary,
            ("FORMULA", "response ~ fixed effects + (1 | group), in quotes: its groups are the ones whose effects are chosen"),
            ("DATA", "a .csv or .tsv file (also .gz), '-' for standard input, or example:NAME"))
    {
        by = new ChoiceOption(this, "--by", "CRITERION", "what decides: lrt (default), aic or bic", ["lrt", "aic", "bic"]);
        alpha = Add(CommandOption.Value("--alpha", "LEVEL", "of --by lrt: an effect goes where its test has a larger p; 0.2 by default"));
        from = new ChoiceOption(this, "--from", "START", "where to begin: design (default), the maximal structure; or formula, the random part as written", ["design", "formula"]);
        save = Add(CommandOption.Value("--save", "FILE", "save the chosen fit for the other verbs"));
        model = new ModelOptions(this);
        data = new DataOptions(this);
        engine = new EngineOptions(this);
        output = new OutputOptions(this);
        planned = new PlannedOptions(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "mixed choose \"rt ~ prime * load + (1 | subject) + (1 | item)\" trials.csv --contrasts \"prime=sum,load=sum\" --save chosen.fit",
        "mixed choose \"score ~ Machine + (1 | Worker)\" example:Machines --by aic --output json",
        "mixed choose \"y ~ x + (x + z | g)\" data.csv --from formula --alpha 0.05",
        "mixed choose \"TICKS ~ cHEIGHT + (1 | LOCATION) + (1 | BROOD)\" example:grouseticks --family nbinom2",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParsedLine line, VerbContext context)
    {
        planned.ThrowIfGiven(line);
        output.ThrowIfWrong(line);
        var (formula, source, choice) = (line.Argument(0), data.Read(line.Argument(1), line), Read(line));
        FitVerb.ThrowIfSwapped(Name, formula, source.Name);
        var place = line.Value(save);
        if (place is not null) ResultFile.ThrowIfNowhere("--save", place);
        var search = Search(formula, choice, line, context.CancellationToken);
        var table = context.Library.ReadTable(source, context.Input);
        RandomEffectsChoice found;
        using (var count = context.ShowsProgress && !output.IsQuiet(line) ? new ModelCount(context.Error) : null)
            found = search(table, count);
        if (place is not null) found.Fit.Save(place);
        output.Write(new RandomEffectsChoiceReport(found), line, context);
        output.Warn(found.Fit, line, context);
        return found.Fit.Convergence.Converged ? ExitCode.Success : ExitCode.NotConverged;
    }

    /// <summary>The search over a table, with its progress; the model is made, and refused, before data are read.</summary>
    private Func<DataTable, IProgress<TriedModel>?, RandomEffectsChoice> Search(string formula, RandomEffectsChoiceOptions choice, ParsedLine line, CancellationToken cancellationToken)
    {
        if (!model.IsGeneralized(line))
        {
            var linear = new LinearMixedModel(formula, engine.Apply(model.Read(line), line));
            return (table, progress) => RandomEffectsChoice.Search(linear, table, choice, progress, cancellationToken);
        }

        var (family, options) = model.ReadGeneralized(line);
        var generalized = new GeneralizedMixedModel(formula, family, engine.Apply(options, line));
        return (table, progress) => RandomEffectsChoice.Search(generalized, table, choice, progress, cancellationToken);
    }

    private RandomEffectsChoiceOptions Read(ParsedLine line)
    {
        var criterion = by.Read(line) switch { "aic" => ChoiceCriterion.Aic, "bic" => ChoiceCriterion.Bic, _ => ChoiceCriterion.LikelihoodRatio };
        if (criterion != ChoiceCriterion.LikelihoodRatio && line.Has(alpha))
            throw new CommandLineException($"--alpha is the level of likelihood-ratio tests; leave it out beside --by {by.Read(line)}, or ask for --by lrt.");
        var options = new RandomEffectsChoiceOptions { Criterion = criterion, Start = from.Read(line) == "formula" ? ChoiceStart.Formula : ChoiceStart.Design };
        if (line.Value(alpha) is not { } text) return options;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var level) && level is > 0 and < 1
            ? options with { Alpha = level }
            : throw new CommandLineException($"--alpha {text}: a number between 0 and 1 is wanted, such as 0.2.");
    }
}

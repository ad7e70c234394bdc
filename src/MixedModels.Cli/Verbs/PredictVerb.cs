using System.CommandLine;
using MixedModels.Cli.Options;
using MixedModels.Data;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed predict MODEL DATA</c>: predictions of a saved fit for the rows of a table.</summary>
internal sealed class PredictVerb : Verb
{
    /// <summary>The verb.</summary>
    public const string Name = "predict";

    /// <summary>What it does.</summary>
    public const string Summary = "predictions of a saved fit for the rows of a table";

    private readonly Option<bool> population;
    private readonly Option<bool> averaged;
    private readonly ChoiceOption newLevels;
    private readonly Option<string[]> random;
    private readonly Option<bool> withResidual;
    private readonly DataOptions data;
    private readonly OutputOptions output;
    private readonly LevelOption interval;
    private readonly Option<bool> errors;
    private readonly Option<bool> response;
    private readonly Option<bool> link;
    private readonly ChoiceOption uncertainty;
    private readonly Option<bool> theta;
    private readonly DfOption df;

    /// <summary>Creates the verb with its options.</summary>
    public PredictVerb()
        : base(
            Name,
            Summary,
            ("MODEL", "a file written by 'mixed fit … --save FILE'"),
            ("DATA", "a .csv or .tsv file (also .gz), '-' for standard input, or example:NAME; the response need not be in it"))
    {
        population = Add(CommandOption.Flag("--population", "the mean over all groups instead of that of the row's own"));
        averaged = Add(CommandOption.Flag("--averaged", "the response averaged over the random effects by integration"));
        newLevels = new ChoiceOption(this, "--new-levels", "WHAT", "groups the fit has not seen: error (default) or population", ["error", "population"]);
        random = Add(CommandOption.Repeatable("--random", "A,B", "only these random terms take part, by group or as (x | g)"));
        withResidual = Add(CommandOption.Flag("--with-residual", "what the known residuals of a row's subject say about its own: forecasts of a series, kriging"));
        interval = new LevelOption(this, "--interval", "standard errors and intervals of this level, such as 0.95");
        errors = Add(CommandOption.Flag("--se", "standard errors"));
        uncertainty = new ChoiceOption(
            this, "--uncertainty", "OF", "what they are about: mean (default), or observation, a new one with its residual", ["mean", "observation"]);
        theta = Add(CommandOption.Flag("--theta", "the uncertainty of the random effects' covariances too, by the delta method"));
        df = new DfOption(this, "of intervals; default: the fit's own with --population, else residual");

        // The identity link makes both the same; the options are accepted so that one script serves every family.
        response = Add(CommandOption.Flag("--response", "on the scale of the response (the default)"));
        link = Add(CommandOption.Flag("--link", "on the scale of the linear predictor"));
        data = new DataOptions(this);
        output = new OutputOptions(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "mixed predict sleep.fit example:sleepstudy",
        "mixed predict sleep.fit example:sleepstudy --interval 0.95 --uncertainty observation",
        "mixed predict sleep.fit new.csv --new-levels population --output csv --out predicted.csv",
        "mixed predict pastes.fit new.csv --random batch",
        "mixed predict series.fit next.csv --with-residual --interval 0.95",
        "mixed predict cbpp.fit new.csv --averaged --interval 0.95",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParsedLine line, VerbContext context)
    {
        output.ThrowIfWrong(line);
        var options = Read(line);
        var source = data.Read(line.Argument(1), line);
        var fit = context.Library.LoadAny(line.Argument(0));
        var table = context.Library.ReadTable(source with { KnownFactors = FactorsOf(fit) }, context.Input);
        var predictions = fit.Predict(table, options);
        output.Write(new PredictionReport(predictions, fit, options), line, context);
        output.Warn(MissingRows(predictions), line, context);
        return ExitCode.Success;
    }

    private PredictionOptions Read(ParsedLine line)
    {
        if (line.Has(population) && line.Has(random))
            throw new CommandLineException("--population and --random exclude each other: a prediction for the population has no random terms.");
        if (line.Has(averaged) && (line.Has(population) || line.Has(random) || line.Has(link)))
            throw new CommandLineException("--averaged is over all random effects and on the response's scale; leave out --population, --random and --link.");
        if (line.Has(withResidual) && (line.Has(averaged) || line.Has(random)))
            throw new CommandLineException("--with-residual predicts the response itself, by all random effects and the residuals of the row's subject; leave out --averaged and --random.");
        if (line.Has(withResidual) && uncertainty.Read(line) == "mean")
            throw new CommandLineException("--with-residual predicts the response itself, so its standard errors are those of an observation; leave out --uncertainty mean.");
        if (line.Has(response) && line.Has(link))
            throw new CommandLineException("--response and --link exclude each other; give one of them.");
        if (!interval.IsGiven(line) && !line.Has(errors) && uncertainty.Read(line) is { } about)
            throw new CommandLineException($"--uncertainty {about} says what standard errors and intervals are about; ask for them by --interval 0.95 or --se.");
        if (line.Has(theta) && !interval.IsGiven(line) && !line.Has(errors))
            throw new CommandLineException("--theta adds to standard errors and intervals; ask for them by --interval 0.95 or --se.");
        if (line.Has(theta) && line.Has(population))
            throw new CommandLineException("--theta is for predictions in which random effects take part. Beside --population, --df kenward-roger brings the uncertainty of the variances into the standard errors of a linear fit; those of a generalized fit hold it already.");
        if (!interval.IsGiven(line) && df.Read(line) is { } method)
            throw new CommandLineException($"--df {method.Name()} is for intervals; ask for them by --interval 0.95.");
        return new()
        {
            IncludeResidual = line.Has(withResidual),
            StandardErrors = line.Has(errors),
            Interval = interval.IsGiven(line) ? interval.Read(line) : null,
            Uncertainty = uncertainty.Read(line) == "observation" ? PredictionUncertainty.Observation : PredictionUncertainty.Mean,
            VarianceUncertainty = line.Has(theta),
            DegreesOfFreedom = df.Read(line),
            Scale = line.Has(link) ? PredictionScale.Link : PredictionScale.Response,
            Target = line.Has(averaged) ? PredictionTarget.Averaged : line.Has(population) ? PredictionTarget.Population : PredictionTarget.Conditional,
            NewLevels = newLevels.Read(line) == "population" ? NewLevels.Population : NewLevels.Error,
            RandomTerms = line.Has(random) ? [.. line.Values(random).SelectMany(list => QuotedList.Items("--random", list))] : null,
        };
    }

    // Conditions are told from other factors by their levels; they read TRUE, True and true alike, which a declared factor does not.
    private static string[] FactorsOf(IMixedModelFit fit) =>
        [.. fit.Design.Data.Columns.OfType<FactorColumn>().Where(factor => factor.Levels is not ["FALSE", "TRUE"]).Select(factor => factor.Name)];

    private static string? MissingRows(IReadOnlyList<PredictedValue> predictions)
    {
        const int mostNamed = 5;
        var missing = predictions.Where(row => row.IsMissing).Select(row => row.Row + 1).ToArray();
        if (missing.Length == 0)
            return null;
        var rows = string.Join(", ", missing.Take(mostNamed)) + (missing.Length > mostNamed ? ", …" : "");
        return $"{missing.Length} of {predictions.Count} rows have a missing value the prediction needs, so theirs is missing (row {rows}).";
    }
}

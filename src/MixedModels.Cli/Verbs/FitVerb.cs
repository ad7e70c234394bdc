using System.CommandLine;
using System.Diagnostics;
using MixedModels.Cli.Options;
using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed fit FORMULA DATA</c>: fits a model and reports it.</summary>
internal sealed class FitVerb : Verb
{
    /// <summary>The verb.</summary>
    public const string Name = "fit";

    /// <summary>What it does.</summary>
    public const string Summary = "fit a linear or generalized linear mixed model";

    private readonly ModelOptions model;
    private readonly DataOptions data;
    private readonly EngineOptions engine;
    private readonly PlannedOptions planned;
    private readonly OutputOptions output;
    private readonly Option<string> start;
    private readonly Option<string> save;

    /// <summary>Creates the verb with its options.</summary>
    public FitVerb()
        : base(
            Name,
            Summary,
            ("FORMULA", "response ~ fixed effects + (effects | group), in quotes"),
            ("DATA", "a .csv or .tsv file (also .gz), '-' for standard input, or example:NAME"))
    {
        model = new ModelOptions(this);
        data = new DataOptions(this);
        engine = new EngineOptions(this);
        start = Add(CommandOption.Value("--start", "FILE", "begin at the variances of a saved fit with the same random terms"));
        save = Add(CommandOption.Value("--save", "FILE", "save the fit for the other verbs"));
        output = new OutputOptions(this);
        planned = new PlannedOptions(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "mixed fit \"Reaction ~ Days + (Days | Subject)\" example:sleepstudy",
        "mixed fit \"fev1 ~ arm * week + (week | patient)\" visits.csv --levels \"arm=placebo,low,high\" --save visits.fit",
        "mixed fit \"cbind(incidence, size - incidence) ~ period + (1 | herd)\" example:cbpp --family binomial",
        "gzip -dc big.csv.gz | mixed fit \"y ~ x + (1 | g) + (1 | h)\" - --factor g,h --ml --output json",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParsedLine line, VerbContext context)
    {
        planned.ThrowIfGiven(line);
        output.ThrowIfWrong(line);
        var (formula, source) = (line.Argument(0), data.Read(line.Argument(1), line));
        ThrowIfSwapped(Name, formula, source.Name);
        var (fit, timings) = model.IsGeneralized(line) ? Generalized(formula, source, line, context) : Linear(formula, source, line, context);
        if (line.Value(save) is { } file)
            fit.Save(file);
        output.Write(new FitReport(fit, timings), line, context);
        output.Warn(fit, line, context);
        return fit.Convergence.Converged ? ExitCode.Success : ExitCode.NotConverged;
    }

    private (IMixedModelFit Fit, FitTimings Timings) Linear(string formula, DataSource source, ParsedLine line, VerbContext context)
    {
        var linear = new LinearMixedModel(formula, engine.Apply(model.Read(line), line));
        RequirePlace(line);
        var from = line.Value(start) is { } earlier ? context.Library.Load(earlier) : null;
        return Timed(source, line, context, linear.Prepare, (design, progress) => context.Library.Fit(linear, design, from, progress, context.CancellationToken));
    }

    private (IMixedModelFit Fit, FitTimings Timings) Generalized(string formula, DataSource source, ParsedLine line, VerbContext context)
    {
        var (family, options) = model.ReadGeneralized(line);
        if (line.Has(start))
            throw new CommandLineException("--start is for linear mixed models in this version; leave it out.");
        var generalized = new GeneralizedMixedModel(formula, family, engine.Apply(options, line));
        RequirePlace(line);
        return Timed(source, line, context, generalized.Prepare, (design, progress) => context.Library.Fit(generalized, design, progress, context.CancellationToken));
    }

    private void RequirePlace(ParsedLine line)
    {
        if (line.Value(save) is { } place)
            ResultFile.ThrowIfNowhere("--save", place);
    }

    private (IMixedModelFit Fit, FitTimings Timings) Timed(
        DataSource source, ParsedLine line, VerbContext context, Func<DataTable, ModelDesign> prepare, Func<ModelDesign, IProgress<FitProgress>?, IMixedModelFit> fitTo)
    {
        var watch = Stopwatch.StartNew();
        var table = context.Library.ReadTable(source, context.Input);
        var read = watch.Elapsed.TotalSeconds;
        context.CancellationToken.ThrowIfCancellationRequested();
        var design = prepare(table);
        var designed = watch.Elapsed.TotalSeconds;
        using var count = context.ShowsProgress && !output.IsQuiet(line) ? new SearchCount(context.Error) : null;
        var fit = fitTo(design, count);
        var total = watch.Elapsed.TotalSeconds;
        return (fit, new(read, designed - read, total - designed, total));
    }

    /// <summary>Refuses a formula in the place of the data.</summary>
    /// <exception cref="CommandLineException">The two are swapped.</exception>
    internal static void ThrowIfSwapped(string verb, string formula, string data)
    {
        if (!formula.Contains('~', StringComparison.Ordinal) && data.Contains('~', StringComparison.Ordinal))
            throw new CommandLineException($"FORMULA comes before DATA: mixed {verb} \"{data}\" {formula}");
    }
}

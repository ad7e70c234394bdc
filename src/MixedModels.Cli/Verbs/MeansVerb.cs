using System.CommandLine;
using System.Globalization;
using MixedModels.Cli.Options;
using MixedModels.Data;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed means MODEL --over A</c>: marginal means, slopes, and contrasts of them.</summary>
internal sealed class MeansVerb : SavedFitVerb
{
    /// <summary>The verb.</summary>
    public const string Name = "means";

    /// <summary>What it does.</summary>
    public const string Summary = "marginal means of a saved fit, slopes, and their contrasts";

    private readonly Option<string[]> over;
    private readonly Option<string[]> by;
    private readonly Option<bool> pairwise;
    private readonly Option<string[]> contrast;
    private readonly Option<string> control;
    private readonly ChoiceOption adjust;
    private readonly Option<string[]> at;
    private readonly ChoiceOption weights;
    private readonly Option<string> trend;
    private readonly ChoiceOption scale;
    private readonly Option<bool> theta;
    private readonly LevelOption level;
    private readonly DfOption df;
    private readonly VcovOption vcov;

    /// <summary>Creates the verb with its options.</summary>
    public MeansVerb()
        : base(Name, Summary)
    {
        over = Add(CommandOption.Repeatable("--over", "A,B", "the factors the means are over"));
        by = Add(CommandOption.Repeatable("--by", "A,B", "contrasts are taken within the levels of these factors"));
        pairwise = Add(CommandOption.Flag("--pairwise", "all differences of two means; the same as --contrast pairwise"));
        contrast = Add(CommandOption.Repeatable(
            "--contrast", "NAME", "pairwise, revpairwise, trt.vs.ctrl, trt.vs.ctrlk, consec, mean_chg, poly, eff, del.eff, identity; or \"label=1,-1,0\", a weight a mean"));
        control = Add(CommandOption.Value("--ref", "LEVEL", "the level that trt.vs.ctrl compares with (default: the first)"));
        adjust = new ChoiceOption(
            this, "--adjust", "METHOD", $"adjustment for several contrasts (default: what suits them): {string.Join(", ", AdjustmentNames.All)}", [.. AdjustmentNames.All]);
        at = Add(CommandOption.Repeatable("--at", "X=1,2", "hold a covariate at these values (default: its mean), or a factor at these levels"));
        weights = new ChoiceOption(this, "--weights", "equal|proportional", "how other factors are averaged over (default equal)", ["equal", "proportional"]);
        trend = Add(CommandOption.Value("--trend", "X", "the slope of a covariate in the place of means"));
        scale = new ChoiceOption(
            this, "--scale", "SCALE", "of a generalized model: link (default), response (random effects at zero), bias-adjusted or averaged (over the random effects)", [.. MeanScaleNames.All]);
        theta = Add(CommandOption.Flag("--theta", "the uncertainty of the random effects' variances too, where the scale depends on them"));
        level = new LevelOption(this);
        df = new DfOption(this, "default: the fit's own");
        vcov = new VcovOption(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "mixed means trial.fit --over arm --by week --pairwise",
        "mixed means trial.fit --over arm --contrast trt.vs.ctrl --ref placebo --at \"age=40,60\"",
        "mixed means trial.fit --over arm --trend dose --pairwise --adjust mvt",
        "mixed means relapse.fit --over arm --pairwise --scale response",
        "mixed means trial.fit --over arm --contrast \"active=-1,0.5,0.5\" --output json",
    ];

    /// <inheritdoc/>
    protected override void ThrowIfWrong(ParsedLine line)
    {
        if (!line.Has(over) && !line.Has(trend))
            throw new CommandLineException("Means over which factor? --over A is needed, such as --over arm, or --trend X for the slope of a covariate.");
        if (line.Has(pairwise) && line.Has(contrast))
            throw new CommandLineException("--pairwise and --contrast exclude each other; give one of them.");
        var named = line.Values(contrast).Where(text => !text.Contains('=', StringComparison.Ordinal)).ToArray();
        if (named.Length > 0 && line.Values(contrast).Count > 1)
            throw new CommandLineException($"--contrast {named[0]} stands beside another; a set of contrasts stands alone, and only weights (label=1,-1) can be given several times.");
        if (line.Has(control) && named.Length == 0)
            throw new CommandLineException("--ref names the level that --contrast trt.vs.ctrl compares with; give both.");
        adjust.Read(line);
        weights.Read(line);
        if (line.Has(theta) && Scale(line) is not (MeanScale.BiasAdjusted or MeanScale.Averaged))
            throw new CommandLineException("--theta is for scales that depend on the random effects' variances: --scale bias-adjusted or --scale averaged. Leave it out.");
        level.Read(line);
        Weights(line);
    }

    /// <inheritdoc/>
    protected override Report Report(IMixedModelFit fit, ParsedLine line)
    {
        var means = fit.MarginalMeans(Names(line, over), Names(line, by), Options(fit, line));
        var adjustment = adjust.Read(line) is { } word && AdjustmentNames.TryParse(word, out var chosen) ? chosen : (Adjustment?)null;
        if (Weights(line) is { Count: > 0 } own)
            return new MarginalMeansReport(means, means.Contrast(own, adjustment ?? Adjustment.None));
        var set = line.Has(pairwise) ? "pairwise" : line.Value(contrast);
        if (set is not null)
            return new MarginalMeansReport(means, means.Contrast(set, adjustment, line.Value(control)));
        return new MarginalMeansReport(adjustment is { } simultaneous ? means.Simultaneous(simultaneous) : means);
    }

    private static List<string> Names(ParsedLine line, Option<string[]> option) => [.. line.Values(option).SelectMany(list => QuotedList.Items(option.Name, list))];

    private MarginalMeansOptions Options(IMixedModelFit fit, ParsedLine line)
    {
        var numbers = new Dictionary<string, IReadOnlyList<double>>(StringComparer.Ordinal);
        var levels = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var text in line.Values(at))
        {
            var (name, items) = QuotedList.NamedItems("--at", text);
            var isFactor = fit.Design.Data.Columns.Any(column => column is FactorColumn && string.Equals(column.Name, name, StringComparison.Ordinal));
            if (!(isFactor ? levels.TryAdd(name, items) : numbers.TryAdd(name, [.. items.Select(item => Number(text, item))])))
                throw new CommandLineException($"--at is given twice for '{name}'; give it once with all values.");
        }

        return new()
        {
            At = numbers,
            Levels = levels,
            Weights = weights.Read(line) == "proportional" ? MeanWeights.Proportional : MeanWeights.Equal,
            Trend = line.Value(trend),
            Scale = Scale(line),
            VarianceUncertainty = line.Has(theta),
            Level = level.Read(line),
            DegreesOfFreedom = df.Read(line),
            Robust = vcov.Read(line),
        };
    }

    private MeanScale Scale(ParsedLine line) => scale.Read(line) is { } word && MeanScaleNames.TryParse(word, out var chosen) ? chosen : MeanScale.Link;

    private Dictionary<string, IReadOnlyList<double>> Weights(ParsedLine line)
    {
        var byLabel = new Dictionary<string, IReadOnlyList<double>>(StringComparer.Ordinal);
        foreach (var text in line.Values(contrast).Where(text => text.Contains('=', StringComparison.Ordinal)))
        {
            var (label, items) = QuotedList.NamedItems("--contrast", text);
            if (!byLabel.TryAdd(label, [.. items.Select(item => Number(text, item))]))
                throw new CommandLineException($"--contrast is given twice with the label '{label}'; give each its own.");
        }

        return byLabel;
    }

    private static double Number(string text, string item) =>
        double.TryParse(item, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new CommandLineException($"\"{text}\": '{item}' is no number, and a number is wanted.");
}

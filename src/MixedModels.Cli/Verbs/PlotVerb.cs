using System.CommandLine;
using System.Globalization;
using System.Text;
using MixedModels.Cli.Options;
using MixedModels.Reporting;
using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Plots;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed plot KIND MODEL --out FILE</c>: a figure of a saved fit.</summary>
internal sealed class PlotVerb : Verb
{
    /// <summary>The verb.</summary>
    public const string Name = "plot";

    /// <summary>What it does.</summary>
    public const string Summary = "a figure of a saved fit, as .svg or .png";

    private readonly Option<string> file;
    private readonly Option<string> group;
    private readonly Option<string> over;
    private readonly Option<string> by;
    private readonly LevelOption level;
    private readonly Option<string> replicates;
    private readonly Option<string> seed;
    private readonly ChoiceOption theme;
    private readonly ChoiceOption output;

    /// <summary>Creates the verb with its options.</summary>
    public PlotVerb()
        : base(Name, Summary, ("KIND", "which figure: " + string.Join(", ", PlotCatalogue.All.Select(plot => plot.Name))), ("MODEL", "a file written by 'mixed fit … --save FILE'"))
    {
        FirstWords = [.. PlotCatalogue.All.Select(plot => plot.Name)];
        file = Add(CommandOption.Value("--out", "FILE", "the file, .svg or .png; standard output (SVG) where it is left out"));
        group = Add(CommandOption.Value("--group", "G", "the grouping factor, such as Subject (default: the first that suits)"));
        over = Add(CommandOption.Value("--over", "X", "the variable of the horizontal axis, or the factor of the means (default: the first that suits)"));
        by = Add(CommandOption.Value("--by", "A", "a factor that splits the figure"));
        level = new LevelOption(this);
        replicates = Add(CommandOption.Value("--replicates", "N", "replicates of what is simulated"));
        seed = Add(CommandOption.Value("--seed", "S", "seed of what is simulated, 1 by default"));
        theme = new ChoiceOption(this, "--theme", "auto|light|dark", "colours; auto (default) follows the reader's screen, in a .png it is light", ["auto", "light", "dark"]);
        output = new ChoiceOption(this, "--output", "FORMAT", "svg (default) or json, which has the description too", ["svg", "json"]);
        Add(CommandOption.Flag("--quiet", "no progress and no warnings on standard error"));
        Add(CommandOption.Flag("--no-color", "no colours on the terminal"));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "mixed plot caterpillar sleep.fit --out caterpillar.svg",
        "mixed plot qq sleep.fit --out qq.png --theme dark",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParsedLine line, VerbContext context)
    {
        var plot = PlotCatalogue.Find(line.Argument(0));
        var options = Options(line);
        var colours = Theme(line);
        var isJson = string.Equals(output.Read(line), "json", StringComparison.Ordinal);
        var path = line.Value(file);
        var isPng = path is not null && !isJson && IsPng(path);
        if (path is not null) ResultFile.ThrowIfNowhere("--out", path);
        var figure = plot.Draw(context.Library.LoadAny(line.Argument(1)), options, context.CancellationToken);
        context.CancellationToken.ThrowIfCancellationRequested();
        if (isPng)
        {
            ResultFile.Write("--out", path!, temporary => Rasterizer.Write(figure, colours, temporary, context.CancellationToken));
            return ExitCode.Success;
        }

        var text = isJson ? new FigureReport(figure, colours).ToString(ReportFormat.Json) : figure.ToSvg(colours);
        if (path is null) OutputOptions.WriteToScreen(text, context.Output);
        else ResultFile.Write("--out", path, temporary => File.WriteAllText(temporary, text, new UTF8Encoding(false)));
        return ExitCode.Success;
    }

    private static bool IsPng(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".svg" => false,
        ".png" => true,
        var other => throw new CommandLineException($"--out {path}: a figure is written as .svg or .png, not '{other}'; name such a file."),
    };

    private PlotOptions Options(ParsedLine line) => new()
    {
        Group = line.Value(group),
        Over = line.Value(over),
        By = line.Value(by),
        Level = level.Read(line),
        Replicates = line.Value(replicates) is { } count
            ? int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : throw new CommandLineException($"--replicates {count}: a whole number above 0 is wanted, such as 250.")
            : null,
        Seed = line.Value(seed) is { } text
            ? ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var start)
                ? start
                : throw new CommandLineException($"--seed {text}: a whole number from 0 is wanted, such as 1.")
            : 1,
    };

    private FigureTheme Theme(ParsedLine line) => theme.Read(line) switch
    {
        "light" => FigureTheme.Light,
        "dark" => FigureTheme.Dark,
        _ => FigureTheme.Auto,
    };
}

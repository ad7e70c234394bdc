using System.CommandLine;
using System.Text;
using MixedModels.Cli.Options;
using MixedModels.Reporting.Pages;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed report MODEL --out FILE.html</c>: the whole report of a saved fit in one file.</summary>
internal sealed class ReportVerb : Verb
{
    /// <summary>The verb.</summary>
    public const string Name = "report";

    /// <summary>What it does.</summary>
    public const string Summary = "one file with question, data, tables, figures, findings and how to do it again";

    private readonly Option<string> file;
    private readonly Option<string> title;
    private readonly Option<string> data;
    private readonly Option<string> visits;
    private readonly ChoiceOption output;

    /// <summary>Creates the verb with its options.</summary>
    public ReportVerb()
        : base(Name, Summary, ("MODEL", "a file written by 'mixed fit … --save FILE'"))
    {
        file = Add(CommandOption.Value("--out", "FILE", "the file: .html with figures, .md or .tex; standard output (HTML) where it is left out"));
        title = Add(CommandOption.Value("--title", "TEXT", "the title (default: made from the response)"));
        data = Add(CommandOption.Value("--data", "NAME", "the data's name in the commands that repeat the fit (default DATA.csv)"));
        visits = Add(CommandOption.Value("--visits", "X", "the column that counts the visits of a subject, for the section on repeated measures (default: that of the residual structure)"));
        output = new ChoiceOption(this, "--output", "FORMAT", "html, markdown, latex or json (default: what FILE ends in, else html)", ["html", "markdown", "latex", "json"]);
        Add(CommandOption.Flag("--quiet", "no progress and no warnings on standard error"));
        Add(CommandOption.Flag("--no-color", "no colours on the terminal"));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "mixed report sleep.fit --out report.html",
        "mixed report trial.fit --visits week --out trial.html",
        "mixed report sleep.fit --out report.tex --title \"Sleep and reaction time\"",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParsedLine line, VerbContext context)
    {
        var path = line.Value(file);
        var format = Format(output.Read(line), path);
        if (path is not null) ResultFile.ThrowIfNowhere("--out", path);
        var options = new ModelReportOptions { Title = line.Value(title), DataName = line.Value(data) ?? new ModelReportOptions().DataName, Visits = line.Value(visits) };
        var text = ModelReport.Of(context.Library.LoadAny(line.Argument(0)), options, context.CancellationToken).ToString(format);
        context.CancellationToken.ThrowIfCancellationRequested();
        if (path is null) OutputOptions.WriteToScreen(text, context.Output);
        else ResultFile.Write("--out", path, temporary => File.WriteAllText(temporary, text, new UTF8Encoding(false)));
        return ExitCode.Success;
    }

    private static PageFormat Format(string? word, string? path) => word switch
    {
        "html" => PageFormat.Html,
        "markdown" => PageFormat.Markdown,
        "latex" => PageFormat.Latex,
        "json" => PageFormat.Json,
        _ => path is null ? PageFormat.Html : FormatOf(path),
    };

    private static PageFormat FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".html" or ".htm" => PageFormat.Html,
        ".md" => PageFormat.Markdown,
        ".tex" => PageFormat.Latex,
        ".json" => PageFormat.Json,
        var other => throw new CommandLineException($"--out {path}: a report is written as .html, .md, .tex or .json, not '{other}'; name such a file."),
    };
}

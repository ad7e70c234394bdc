using System.CommandLine;
using System.Text;
using MixedModels.Reporting;

namespace MixedModels.Cli.Options;

/// <summary>Where a result goes and in which format: the options every verb has.</summary>
internal sealed class OutputOptions
{
    private readonly ChoiceOption output;
    private readonly Option<string> file;
    private readonly Option<bool> quiet;
    private readonly Option<bool> plain;

    /// <summary>Adds the options to a verb.</summary>
    public OutputOptions(Verb verb)
    {
        output = new ChoiceOption(verb, "--output", "FORMAT", "text (default), json, csv or markdown", ["text", "json", "csv", "markdown"]);
        file = verb.Add(CommandOption.Value("--out", "FILE", "write the result to FILE instead of standard output"));
        quiet = verb.Add(CommandOption.Flag("--quiet", "no progress and no warnings on standard error"));
        plain = verb.Add(CommandOption.Flag("--no-color", "no colours; there are some on a terminal only, and none where NO_COLOR is set"));
    }

    /// <summary>Checks the options before the work begins.</summary>
    /// <exception cref="CommandLineException">The format or the file's folder does not exist.</exception>
    public void ThrowIfWrong(ParsedLine line)
    {
        Format(line);
        if (line.Value(file) is { } path)
            ResultFile.ThrowIfNowhere("--out", path);
    }

    /// <summary>Whether progress and warnings are not wanted.</summary>
    public bool IsQuiet(ParsedLine line) => line.Has(quiet);

    /// <summary>Writes a report to where the options say, in the format they name.</summary>
    public void Write(Report report, ParsedLine line, VerbContext context)
    {
        // A file is laid out for any reader.
        var path = line.Value(file);
        var layout = path is not null ? new() : line.Has(plain) ? context.Layout with { HasColour = false } : context.Layout;
        var text = report.ToString(Format(line), layout);
        context.CancellationToken.ThrowIfCancellationRequested();
        if (path is not null)
            ResultFile.Write("--out", path, temporary => File.WriteAllText(temporary, text, new UTF8Encoding(false)));
        else
            WriteToScreen(text, context.Output);
    }

    /// <summary>Writes a fit's warnings to standard error, a line each, unless they are asked not to be or the summary on the screen has them.</summary>
    public void Warn(IMixedModelFit fit, ParsedLine line, VerbContext context)
    {
        var isOnScreen = Format(line) == ReportFormat.Text && line.Value(file) is null;
        if (isOnScreen || line.Has(quiet))
            return;
        foreach (var finding in fit.Findings.Where(finding => finding.Severity > FindingSeverity.Note))
            context.Say($"{(finding.Severity == FindingSeverity.Warning ? "warning" : "problem")}: {finding.What}");
        if (fit.Convergence.Verdict == ConvergenceVerdict.NotIdentified)
            context.Say("problem: not identified; other values of the variances have the same likelihood as those given.");
    }

    /// <summary>Writes one warning to standard error, unless there is none or none are wanted.</summary>
    public void Warn(string? warning, ParsedLine line, VerbContext context)
    {
        if (warning is not null && !line.Has(quiet))
            context.Say($"warning: {warning}");
    }

    /// <summary>Writes a whole result to standard output.</summary>
    /// <remarks>A reader that left early (<c>| head</c>) is no failure and the runtime does not report it; a full disk is one.</remarks>
    /// <exception cref="CommandLineException">It cannot be written.</exception>
    public static void WriteToScreen(string text, TextWriter writer)
    {
        try
        {
            writer.Write(text);
            writer.Flush();
        }
        catch (IOException failure)
        {
            throw new CommandLineException($"The result cannot be written to standard output ({failure.Message})", failure);
        }
    }

    private ReportFormat Format(ParsedLine line) => output.Read(line) switch
    {
        "json" => ReportFormat.Json,
        "csv" => ReportFormat.Csv,
        "markdown" => ReportFormat.Markdown,
        _ => ReportFormat.Text,
    };
}

using System.CommandLine;
using MixedModels.Reporting;
using MixedModels.Reporting.Tables;

namespace MixedModels.Cli;

/// <summary>The help of the command and of each verb.</summary>
internal static class HelpText
{
    /// <summary>A longer option has a line of its own, so that descriptions keep room.</summary>
    private const int WidestName = 32;

    /// <summary>How a verb is called, one line.</summary>
    public static string Usage(Verb verb) =>
        $"mixed {verb.Command.Name} {string.Concat(verb.Command.Arguments.Select(argument => argument.Name + " "))}[options]";

    /// <summary>Writes what the command is and which verbs it has.</summary>
    public static void WriteRoot(VerbContext context)
    {
        using var writer = new PageWriter(context.Layout);
        writer.Write("mixed: mixed-effects models\n\nUsage: mixed VERB … [options]\n\nVerbs:\n");
        WriteRows(writer, [.. VerbCatalogue.All.Select(entry => (entry.Name, entry.Summary))]);
        writer.Write(
            """

            Three things to try:
              mixed fit "Reaction ~ Days + (Days | Subject)" example:sleepstudy --save sleep.fit
              mixed plot caterpillar sleep.fit --out sleep.svg
              mixed report sleep.fit --out sleep.html

            'mixed VERB --help' lists the options of a verb; 'mixed --version' prints the version.
            Exit codes: 0 fine, 1 not converged, 2 wrong usage or formula, 3 unusable data, 70 internal error, 130 cancelled.

            """);
        context.Output.Write(writer.ToString());
    }

    /// <summary>Writes how a verb is used.</summary>
    public static void WriteVerb(VerbContext context, Verb verb)
    {
        using var writer = new PageWriter(context.Layout);
        writer.Write($"mixed {verb.Command.Name}: {verb.Command.Description}\n\nUsage: {Usage(verb)}\n");
        if (verb.Command.Arguments.Count > 0)
        {
            writer.Write("\nArguments:\n");
            WriteRows(writer, [.. verb.Command.Arguments.Select(argument => (argument.Name, argument.Description ?? ""))]);
        }

        writer.Write("\nOptions:\n");
        WriteRows(writer, [.. verb.Command.Options.Where(option => !option.Hidden).Select(option => (Signature(option), option.Description ?? ""))]);
        writer.Write("\nExamples:\n");
        foreach (var example in verb.Examples)
            writer.Write($"  {example}\n");
        context.Output.Write(writer.ToString());
    }

    private static string Signature(Option option) => option.HelpName is null ? option.Name : $"{option.Name} {option.HelpName}";

    private static void WriteRows(TextWriter writer, (string Left, string Right)[] rows)
    {
        var width = Math.Min(WidestName, rows.Max(row => row.Left.Length));
        foreach (var (left, right) in rows)
        {
            if (left.Length > width) writer.Write($"  {left}\n");
            WrappedText.Write(writer, left.Length > width ? new string(' ', width + 4) : $"  {left.PadRight(width)}  ", right, width + 4);
        }
    }
}

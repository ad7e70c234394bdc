using System.CommandLine;
using System.Text;

namespace MixedModels.Cli.Completion;

/// <summary>Completion scripts, made from the verbs; they hold all words themselves, so that a shell starts no process at a key.</summary>
internal static class CompletionScript
{
    private static readonly (string Shell, Func<IReadOnlyList<Verb>, string> Write)[] shells =
    [
        ("bash", BashCompletion.Write),
        ("zsh", ZshCompletion.Write),
        ("fish", FishCompletion.Write),
        ("pwsh", PowerShellCompletion.Write),
    ];

    /// <summary>The shells there is a script for.</summary>
    public static IReadOnlyList<string> Shells { get; } = [.. shells.Select(entry => entry.Shell)];

    /// <summary>The script of a shell, lines ended by <c>\n</c>.</summary>
    public static string For(string shell, IReadOnlyList<Verb> verbs) => shells.Single(entry => string.Equals(entry.Shell, shell, StringComparison.Ordinal)).Write(verbs);

    /// <summary>The options of a verb that are shown.</summary>
    public static IEnumerable<Option> Options(Verb verb) => verb.Command.Options.Where(option => !option.Hidden);

    /// <summary>Names in a row.</summary>
    public static string Names(Verb verb) => string.Join(' ', Options(verb).Select(option => option.Name));

    /// <summary>A text in the single quotes of bash, zsh and fish.</summary>
    public static string Quote(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    /// <summary>One <c>case</c> line a verb and option whose words are known, for bash and zsh.</summary>
    /// <param name="script">The script.</param>
    /// <param name="verbs">The verbs.</param>
    /// <param name="offer">The command that offers words.</param>
    public static void AppendChoices(StringBuilder script, IReadOnlyList<Verb> verbs, Func<string, string> offer)
    {
        foreach (var verb in verbs)
        {
            foreach (var (option, words) in verb.Choices) script.Append($"    {Quote($"{verb.Command.Name} {option}")}) {offer(string.Join(' ', words))}; return ;;\n");
        }
    }
}

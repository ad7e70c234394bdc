using System.Text;

namespace MixedModels.Cli.Completion;

/// <summary>The script for fish.</summary>
internal static class FishCompletion
{
    /// <summary>Writes it.</summary>
    public static string Write(IReadOnlyList<Verb> verbs)
    {
        var script = new StringBuilder("# Completion of 'mixed' in fish: mixed completion fish | source\n");
        foreach (var verb in verbs)
            script.Append($"complete -c mixed -n __fish_use_subcommand -f -a {verb.Command.Name} -d {Quote(verb.Command.Description ?? "")}\n");
        foreach (var verb in verbs)
        {
            var within = $"complete -c mixed -n '__fish_seen_subcommand_from {verb.Command.Name}'";
            if (verb.FirstWords.Count > 0) script.Append($"{within} -a {Quote(string.Join(' ', verb.FirstWords))}\n");
            foreach (var option in CompletionScript.Options(verb))
            {
                var takes = verb.Choices.TryGetValue(option.Name, out var words) ? $" -x -a {Quote(string.Join(' ', words))}" : option.HelpName is null ? "" : " -r";
                script.Append($"{within} -l {option.Name.TrimStart('-')}{takes} -d {Quote(option.Description ?? "")}\n");
            }
        }

        return script.ToString();
    }

    // Within fish's single quotes a backslash escapes itself and the quote.
    private static string Quote(string text) => "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";
}

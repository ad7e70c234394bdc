using System.Text;

namespace MixedModels.Cli.Completion;

/// <summary>The script for PowerShell.</summary>
internal static class PowerShellCompletion
{
    /// <summary>Writes it.</summary>
    public static string Write(IReadOnlyList<Verb> verbs)
    {
        var script = new StringBuilder("# Completion of 'mixed' in PowerShell: mixed completion pwsh | Out-String | Invoke-Expression\n");
        script.Append("Register-ArgumentCompleter -Native -CommandName mixed -ScriptBlock {\n  param($word, $ast, $position)\n  $verbs = @{\n");
        foreach (var verb in verbs) script.Append($"    {Quote(verb.Command.Name)} = @({List(CompletionScript.Options(verb).Select(option => option.Name))})\n");
        script.Append("  }\n  $first = @{\n");
        foreach (var verb in verbs.Where(verb => verb.FirstWords.Count > 0)) script.Append($"    {Quote(verb.Command.Name)} = @({List(verb.FirstWords)})\n");
        script.Append("  }\n  $choices = @{\n");
        foreach (var verb in verbs)
        {
            foreach (var (option, words) in verb.Choices) script.Append($"    {Quote($"{verb.Command.Name} {option}")} = @({List(words)})\n");
        }

        script.Append("  }\n  $before = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { $_.ToString() })\n");
        script.Append("  $verb = if ($before.Count -gt 1) { $before[1] } else { '' }\n");
        script.Append("  $offered = if ($before.Count -le 1) { $verbs.Keys | Sort-Object }\n");
        script.Append("    elseif ($choices.ContainsKey(\"$verb $($before[-1])\")) { $choices[\"$verb $($before[-1])\"] }\n");
        script.Append("    elseif ($word -like '-*') { $verbs[$verb] }\n");
        script.Append("    elseif ($before.Count -eq 2 -and $first.ContainsKey($verb)) { $first[$verb] }\n");
        return script.Append("  $offered | Where-Object { $_ -like \"$word*\" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }\n}\n").ToString();
    }

    private static string List(IEnumerable<string> words) => string.Join(", ", words.Select(Quote));

    private static string Quote(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}

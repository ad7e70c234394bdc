using MixedModels.Cli.Completion;
using MixedModels.Cli.Options;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed completion SHELL</c>: a script that completes verbs, options and their words in a shell.</summary>
internal sealed class CompletionVerb : Verb
{
    /// <summary>The verb.</summary>
    public const string Name = "completion";

    /// <summary>What it does.</summary>
    public const string Summary = "a script that completes verbs and options in bash, zsh, fish or PowerShell";

    private readonly OutputOptions output;

    /// <summary>Creates the verb with its options.</summary>
    public CompletionVerb()
        : base(Name, Summary, ("SHELL", "which: " + string.Join(", ", CompletionScript.Shells)))
    {
        output = new OutputOptions(this);
        FirstWords = CompletionScript.Shells;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "mixed completion bash > ~/.local/share/bash-completion/completions/mixed",
        "mixed completion zsh > \"${fpath[1]}/_mixed\"",
        "mixed completion fish > ~/.config/fish/completions/mixed.fish",
        "mixed completion pwsh | Out-String | Invoke-Expression",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParsedLine line, VerbContext context)
    {
        output.ThrowIfWrong(line);
        var shell = line.Argument(0);
        if (!CompletionScript.Shells.Contains(shell, StringComparer.Ordinal))
        {
            throw new CommandLineException(
                $"There is no completion for the shell '{shell}'; one of {string.Join(", ", CompletionScript.Shells)} is wanted.{NameSuggestion.For(shell, CompletionScript.Shells)}");
        }

        output.Write(new ScriptReport(shell, CompletionScript.For(shell, [.. VerbCatalogue.All.Select(entry => entry.Create())])), line, context);
        return ExitCode.Success;
    }
}

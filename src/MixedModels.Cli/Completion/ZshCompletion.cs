using System.Text;

namespace MixedModels.Cli.Completion;

/// <summary>The script for zsh: to be sourced, or a file <c>_mixed</c> in a folder of <c>fpath</c>.</summary>
internal static class ZshCompletion
{
    /// <summary>Writes it.</summary>
    public static string Write(IReadOnlyList<Verb> verbs)
    {
        var script = new StringBuilder("#compdef mixed\n# Completion of 'mixed' in zsh: source <(mixed completion zsh)\n_mixed() {\n  local verb=\"${words[2]}\" before=\"${words[CURRENT-1]}\"\n");
        script.Append("  if (( CURRENT == 2 )); then\n    local -a verbs=(\n");
        foreach (var verb in verbs) script.Append($"      {CompletionScript.Quote($"{verb.Command.Name}:{verb.Command.Description}")}\n");
        script.Append("    )\n    _describe verb verbs\n    return\n  fi\n  case \"$verb $before\" in\n");
        CompletionScript.AppendChoices(script, verbs, words => "compadd -- " + words);
        script.Append("  esac\n  if [[ \"${words[CURRENT]}\" == -* ]]; then\n    case \"$verb\" in\n");
        foreach (var verb in verbs) script.Append($"      {verb.Command.Name}) compadd -- {CompletionScript.Names(verb)} ;;\n");
        script.Append("    esac\n    return\n  fi\n  if (( CURRENT == 3 )); then\n    case \"$verb\" in\n");
        foreach (var verb in verbs.Where(verb => verb.FirstWords.Count > 0)) script.Append($"      {verb.Command.Name}) compadd -- {string.Join(' ', verb.FirstWords)}; return ;;\n");
        return script.Append("    esac\n  fi\n  _files\n}\nif [[ \"${funcstack[1]}\" == _mixed ]]; then _mixed \"$@\"; else compdef _mixed mixed; fi\n").ToString();
    }
}

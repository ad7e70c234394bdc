using System.Text;

namespace MixedModels.Cli.Completion;

/// <summary>The script for bash.</summary>
internal static class BashCompletion
{
    /// <summary>Writes it.</summary>
    public static string Write(IReadOnlyList<Verb> verbs)
    {
        var script = new StringBuilder("# Completion of 'mixed' in bash: source <(mixed completion bash)\n_mixed() {\n");
        script.Append("  local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\" verb=\"${COMP_WORDS[1]}\"\n  COMPREPLY=()\n");
        script.Append($"  if [ \"$COMP_CWORD\" -eq 1 ]; then {Offer($"{string.Join(' ', verbs.Select(verb => verb.Command.Name))} help --help --version")}; return; fi\n");
        script.Append("  case \"$verb $before\" in\n");
        CompletionScript.AppendChoices(script, verbs, Offer);
        script.Append("  esac\n  if [[ \"$word\" == -* ]]; then\n    case \"$verb\" in\n");
        foreach (var verb in verbs) script.Append($"      {verb.Command.Name}) {Offer(CompletionScript.Names(verb))} ;;\n");
        script.Append("    esac\n    return\n  fi\n  if [ \"$COMP_CWORD\" -eq 2 ]; then\n    case \"$verb\" in\n");
        foreach (var verb in verbs.Where(verb => verb.FirstWords.Count > 0)) script.Append($"      {verb.Command.Name}) {Offer(string.Join(' ', verb.FirstWords))}; return ;;\n");
        script.Append($"      help) {Offer(string.Join(' ', verbs.Select(verb => verb.Command.Name)))}; return ;;\n    esac\n  fi\n");
        return script.Append("  COMPREPLY=($(compgen -f -- \"$word\"))\n}\ncomplete -o filenames -F _mixed mixed\n").ToString();
    }

    private static string Offer(string words) => $"COMPREPLY=($(compgen -W {CompletionScript.Quote(words)} -- \"$word\"))";
}

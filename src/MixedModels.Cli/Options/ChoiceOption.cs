using System.CommandLine;

namespace MixedModels.Cli.Options;

/// <summary>An option whose value is one of a few words; words of a later version are known and refused as such.</summary>
internal sealed class ChoiceOption
{
    private readonly Option<string> option;
    private readonly string[] allowed;
    private readonly string[] planned;

    /// <summary>Adds the option to a verb.</summary>
    public ChoiceOption(Verb verb, string name, string value, string description, string[] allowed, string[]? planned = null)
    {
        option = verb.Add(CommandOption.Value(name, value, description));
        verb.Choose(option, allowed);
        this.allowed = allowed;
        this.planned = planned ?? [];
    }

    /// <summary>The chosen word; null where the option was not given.</summary>
    /// <exception cref="CommandLineException">The word is not one of the choices, or not of this version.</exception>
    public string? Read(ParsedLine line)
    {
        if (line.Value(option) is not { } word || allowed.Contains(word, StringComparer.Ordinal))
            return line.Value(option);
        var choices = allowed.Length == 1 ? $"'{allowed[0]}' is" : $"one of {string.Join(", ", allowed)} is";
        if (planned.Contains(word, StringComparer.Ordinal))
            throw new CommandLineException($"{option.Name} {word} is not in this version; {choices} wanted.");
        throw new CommandLineException($"{option.Name} has no choice '{word}'; {choices} wanted.{NameSuggestion.For(word, [.. allowed, .. planned])}");
    }
}

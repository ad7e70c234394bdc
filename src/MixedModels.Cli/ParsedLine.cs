using System.CommandLine;
using System.CommandLine.Parsing;

namespace MixedModels.Cli;

/// <summary>The arguments of one verb, read and checked for form.</summary>
internal sealed class ParsedLine
{
    private static readonly ParserConfiguration configuration = new()
    {
        EnablePosixBundling = false,
        ResponseFileTokenReplacer = null, // a file name may begin with '@'
    };

    private readonly Verb verb;
    private readonly IReadOnlyList<string> arguments;
    private readonly ParseResult result;

    /// <summary>Reads the arguments that follow the verb.</summary>
    public ParsedLine(Verb verb, IReadOnlyList<string> arguments)
    {
        this.verb = verb;
        this.arguments = arguments;
        result = verb.Command.Parse(arguments, configuration);
    }

    /// <summary>Whether an option was given.</summary>
    public bool Has(Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>The value of an option; null where it was not given.</summary>
    public string? Value(Option option) => Has(option) ? result.GetResult(option)!.Tokens[^1].Value : null;

    /// <summary>The values of an option in their order.</summary>
    public IReadOnlyList<string> Values(Option option) =>
        Has(option) ? [.. result.GetResult(option)!.Tokens.Select(token => token.Value)] : [];

    /// <summary>The value of a positional argument by its place.</summary>
    public string Argument(int place) => result.GetResult(verb.Command.Arguments[place])!.Tokens[0].Value;

    /// <summary>The values of a positional argument that takes several, by its place.</summary>
    public IReadOnlyList<string> Arguments(int place) => [.. result.GetResult(verb.Command.Arguments[place])!.Tokens.Select(token => token.Value)];

    /// <summary>Checks that every argument is known and has its value.</summary>
    /// <exception cref="CommandLineException">One is not, or lacks it.</exception>
    public void ThrowIfWrong()
    {
        ThrowIfFlagHasValue();
        ThrowIfUnknownOption();
        foreach (var option in verb.Command.Options)
        {
            if (result.GetResult(option) is { Implicit: false } given)
                ThrowIfWrong(given);
        }

        var missing = verb.Command.Arguments.Where(argument => result.GetResult(argument) is not { Tokens.Count: > 0 }).ToArray();
        if (missing.Length > 0)
        {
            throw new CommandLineException(
                $"'mixed {verb.Command.Name}' needs {string.Join(" and ", missing.Select(argument => argument.Name))}.\n"
                + $"Usage:   {HelpText.Usage(verb)}\nExample: {verb.Examples[0]}");
        }

        if (result.UnmatchedTokens.Count > 0)
            throw new CommandLineException(Unexpected(result.UnmatchedTokens[0]));
        if (result.Errors.Count > 0)
            throw new CommandLineException(result.Errors[0].Message);
    }

    // The parser splits "--ml=yes" and takes the value for a positional argument.
    private void ThrowIfFlagHasValue()
    {
        foreach (var flag in verb.Command.Options.Where(option => option.Arity.MaximumNumberOfValues == 0))
        {
            if (arguments.FirstOrDefault(argument => argument.StartsWith(flag.Name + "=", StringComparison.Ordinal)) is { } given)
                throw new CommandLineException($"{flag.Name} takes no value, found '{given}'; write {flag.Name} alone.");
        }
    }

    // The parser takes an unknown option for a positional argument while one is still open, so those are looked at too.
    private void ThrowIfUnknownOption()
    {
        foreach (var token in result.Tokens)
        {
            if (token.Type == TokenType.DoubleDash)
                return;
            if (token.Type == TokenType.Argument && LooksLikeOption(token.Value) && !IsOptionValue(token))
            {
                var name = token.Value.Split('=', 2)[0];
                throw new CommandLineException(
                    $"Unknown option '{name}' of 'mixed {verb.Command.Name}'.{NameSuggestion.For(name, VisibleNames())} "
                    + $"'mixed {verb.Command.Name} --help' lists the options.");
            }
        }
    }

    private bool IsOptionValue(Token token) =>
        verb.Command.Options.Any(option => result.GetResult(option)?.Tokens.Any(value => ReferenceEquals(value, token)) == true);

    private IEnumerable<string> VisibleNames() => verb.Command.Options.Where(option => !option.Hidden).Select(option => option.Name);

    // A formula such as "-y ~ x", a hypothesis such as "-x + z = 0" and standard input "-" begin with a dash and are no options.
    private static bool LooksLikeOption(string text) =>
        text.Length > 1 && text[0] == '-' && text.IndexOfAny(['~', ' ']) < 0;

    private static void ThrowIfWrong(OptionResult given)
    {
        var option = given.Option;
        if (option.Arity.MaximumNumberOfValues == 0)
            return;
        if (given.Tokens.Count < given.IdentifierTokenCount)
            throw new CommandLineException($"{option.Name} needs a value: {option.Name} {option.HelpName}.");
        if (given.Tokens.Count > option.Arity.MaximumNumberOfValues)
        {
            throw new CommandLineException(
                $"{option.Name} is given {given.IdentifierTokenCount} times, with {string.Join(" and ", given.Tokens.Select(token => $"'{token.Value}'"))}; give it once.");
        }

        foreach (var token in given.Tokens)
        {
            if (token.Value.Length == 0)
                throw new CommandLineException($"{option.Name} has an empty value; it needs {option.Name} {option.HelpName}.");

            // The parser takes whatever follows as the value; a forgotten value would swallow the next option.
            if (token.Value.StartsWith("--", StringComparison.Ordinal))
                throw new CommandLineException($"{option.Name} needs a value, but the option '{token.Value}' follows it: {option.Name} {option.HelpName}.");
        }
    }

    private string Unexpected(string token)
    {
        var wanted = string.Join(' ', verb.Command.Arguments.Select(argument => argument.Name));
        var takes = wanted.Length == 0 ? "no arguments" : wanted;
        var hint = verb.Command.Arguments.Any(argument => string.Equals(argument.Name, "FORMULA", StringComparison.Ordinal))
            ? " A formula is one argument: put it in quotes."
            : "";
        return $"Unexpected argument '{token}': 'mixed {verb.Command.Name}' takes {takes}.{hint}";
    }
}

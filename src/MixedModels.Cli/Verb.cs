using System.CommandLine;

namespace MixedModels.Cli;

/// <summary>One verb of the command: its arguments and options, its help, and what it does.</summary>
/// <remarks>A new verb is one file in <c>Verbs</c> and one line in <see cref="VerbCatalogue"/>.</remarks>
internal abstract class Verb
{
    private readonly Option<bool> help = CommandOption.Flag("--help", "show this help");

    private readonly Dictionary<string, IReadOnlyList<string>> choices = new(StringComparer.Ordinal);

    /// <summary>Creates a verb with its positional arguments, all of them required.</summary>
    /// <param name="name">The verb.</param>
    /// <param name="summary">What it does, one line.</param>
    /// <param name="arguments">Name and meaning of each positional argument.</param>
    protected Verb(string name, string summary, params (string Name, string Description)[] arguments)
    {
        Command = new Command(name, summary) { TreatUnmatchedTokensAsErrors = true };
        foreach (var (argument, description) in arguments)
            Command.Arguments.Add(new Argument<string>(argument) { Arity = ArgumentArity.ZeroOrOne, Description = description });
        help.Aliases.Add("-h");
        help.Aliases.Add("-?");
        Command.Options.Add(help);
    }

    /// <summary>Arguments and options, and their names and descriptions.</summary>
    public Command Command { get; }

    /// <summary>The words that options take, by option, where they are known; for completion in a shell.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Choices => choices;

    /// <summary>The words that the first argument takes; empty for any.</summary>
    public IReadOnlyList<string> FirstWords { get; protected init; } = [];

    /// <summary>Command lines that work as they stand, shown by the help.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>Reads the arguments and carries the verb out.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandLineException">The arguments make no sense.</exception>
    public int Run(IReadOnlyList<string> arguments, VerbContext context)
    {
        var line = new ParsedLine(this, arguments);
        if (line.Has(help))
        {
            HelpText.WriteVerb(context, this);
            return ExitCode.Success;
        }

        line.ThrowIfWrong();
        return Execute(line, context);
    }

    /// <summary>Carries the verb out.</summary>
    /// <returns>The exit code.</returns>
    protected abstract int Execute(ParsedLine line, VerbContext context);

    /// <summary>Says which words an option takes.</summary>
    internal void Choose(Option option, IReadOnlyList<string> words) => choices[option.Name] = words;

    /// <summary>Adds an option and gives it back.</summary>
    protected internal Option<T> Add<T>(Option<T> option)
    {
        Command.Options.Add(option);
        return option;
    }
}

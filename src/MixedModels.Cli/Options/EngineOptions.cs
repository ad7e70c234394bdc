using System.CommandLine;
using System.Globalization;

namespace MixedModels.Cli.Options;

/// <summary>How the model is computed; results do not depend on these beyond rounding.</summary>
internal sealed class EngineOptions
{
    private readonly ChoiceOption degreesOfFreedom;
    private readonly ChoiceOption optimizer;
    private readonly ChoiceOption solver;
    private readonly Option<string> threads;

    /// <summary>Adds the options to a verb.</summary>
    public EngineOptions(Verb verb)
    {
        degreesOfFreedom = new ChoiceOption(
            verb,
            "--df",
            "METHOD",
            "degrees of freedom of the fixed effects: none",
            ["none"],
            ["satterthwaite", "kenward-roger", "kenward-roger-observed", "containment", "between-within", "residual"]);
        optimizer = new ChoiceOption(verb, "--optimizer", "NAME", "newton (default)", ["newton"], ["em", "derivative-free"]);
        solver = new ChoiceOption(verb, "--solver", "NAME", "auto (default) or direct", ["auto", "direct"], ["krylov"]);
        threads = verb.Add(CommandOption.Value("--threads", "N", "threads at most; the results are the same bits for any number"));
    }

    /// <summary>Checks the options.</summary>
    /// <exception cref="CommandLineException">A value does not exist or is not of this version.</exception>
    public void ThrowIfWrong(ParsedLine line)
    {
        degreesOfFreedom.Read(line);
        optimizer.Read(line);
        solver.Read(line);
        if (line.Value(threads) is { } text
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0))
        {
            throw new CommandLineException($"--threads {text}: a whole number of at least 1 is wanted.");
        }
    }
}

using System.CommandLine;
using System.Globalization;

namespace MixedModels.Cli.Options;

/// <summary>How the model is computed; results do not depend on these beyond rounding.</summary>
internal sealed class EngineOptions
{
    private readonly DfOption degreesOfFreedom;
    private readonly ChoiceOption optimizer;
    private readonly ChoiceOption solver;
    private readonly Option<string> threads;

    /// <summary>Adds the options to a verb.</summary>
    public EngineOptions(Verb verb)
    {
        degreesOfFreedom = new DfOption(verb, "default satterthwaite");
        optimizer = new ChoiceOption(
            verb, "--optimizer", "NAME", "newton (default), em, px-em or derivative-free", ["newton", "em", "px-em", "derivative-free"]);
        solver = new ChoiceOption(verb, "--solver", "NAME", "auto (default) or direct", ["auto", "direct"], ["krylov"]);
        threads = verb.Add(CommandOption.Value("--threads", "N", "threads at most; the results are the same bits for any number"));
    }

    /// <summary>The model's options with these added.</summary>
    /// <exception cref="CommandLineException">A value does not exist or is not of this version.</exception>
    public LinearMixedModelOptions Apply(LinearMixedModelOptions options, ParsedLine line)
    {
        solver.Read(line);
        var method = optimizer.Read(line) switch
        {
            "em" => OptimizationMethod.ExpectationMaximization,
            "px-em" => OptimizationMethod.ParameterExpandedEm,
            "derivative-free" => OptimizationMethod.DerivativeFree,
            _ => OptimizationMethod.Newton,
        };
        return options with { Optimizer = method, Threads = ReadThreads(line), DegreesOfFreedom = degreesOfFreedom.Read(line) ?? options.DegreesOfFreedom };
    }

    /// <summary>The options of a generalized model with these added.</summary>
    /// <exception cref="CommandLineException">A value does not exist, or is for linear models only.</exception>
    public GeneralizedMixedModelOptions Apply(GeneralizedMixedModelOptions options, ParsedLine line)
    {
        solver.Read(line);
        if (optimizer.Read(line) is { } name and not "newton")
            throw new CommandLineException($"--optimizer {name} is for linear mixed models; other families have newton.");
        if (degreesOfFreedom.Read(line) is { } method and not DegreesOfFreedom.None)
        {
            throw new CommandLineException(
                $"--df {method.Name()} is derived for Gaussian responses with an identity link; for other families there is no such theory. Leave it out for z tests.");
        }

        return options with { Threads = ReadThreads(line) };
    }

    private int? ReadThreads(ParsedLine line)
    {
        if (line.Value(threads) is not { } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new CommandLineException($"--threads {text}: a whole number from 1 to {int.MaxValue} is wanted.");
    }
}

using MixedModels.Cli.Options;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary>A verb that shows one part of a saved fit.</summary>
internal abstract class SavedFitVerb : Verb
{
    private readonly OutputOptions output;

    /// <summary>Creates the verb with the options they share.</summary>
    protected SavedFitVerb(string name, string summary)
        : base(name, summary, ("MODEL", "a file written by 'mixed fit … --save FILE'")) => output = new OutputOptions(this);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        $"mixed {Command.Name} sleep.fit",
        $"mixed {Command.Name} sleep.fit --output csv --out {Command.Name}.csv",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParsedLine line, VerbContext context)
    {
        output.ThrowIfWrong(line);
        ThrowIfWrong(line);
        output.Write(Report(context.Library.LoadAny(line.Argument(0)), line), line, context);
        return ExitCode.Success;
    }

    /// <summary>Checks options before the fit is read.</summary>
    /// <exception cref="CommandLineException">One has a value that does not exist.</exception>
    protected virtual void ThrowIfWrong(ParsedLine line)
    {
        // Most verbs have no option that needs it.
    }

    /// <summary>The part that is shown.</summary>
    protected abstract Report Report(IMixedModelFit fit, ParsedLine line);

    /// <summary>The fit as a linear mixed model, for what only these have.</summary>
    /// <exception cref="CommandLineException">It is a generalized one.</exception>
    protected LinearMixedModelFit RequireLinear(IMixedModelFit fit) => fit as LinearMixedModelFit
        ?? throw new CommandLineException($"'mixed {Command.Name}' is for linear mixed models in this version; this fit is of another family.");
}

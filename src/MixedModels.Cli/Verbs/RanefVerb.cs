using System.CommandLine;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed ranef MODEL</c>: the conditional modes of the random effects.</summary>
internal sealed class RanefVerb : SavedFitVerb
{
    /// <summary>The verb.</summary>
    public const string Name = "ranef";

    /// <summary>What it does.</summary>
    public const string Summary = "conditional modes of the random effects of a saved fit";

    private readonly Option<bool> parameters;

    /// <summary>Creates the verb with its option.</summary>
    public RanefVerb()
        : base(Name, Summary) =>
        parameters = Add(CommandOption.Flag("--parameter-uncertainty", "standard deviations hold the uncertainty of all parameters too (generalized models)"));

    /// <inheritdoc/>
    protected override Report Report(IMixedModelFit fit, ParsedLine line)
    {
        if (!line.Has(parameters)) return new ConditionalModesReport(fit.ConditionalModes());
        return fit is GeneralizedMixedModelFit generalized
            ? new ConditionalModesReport(generalized.ConditionalModesWithParameterUncertainty())
            : throw new CommandLineException("--parameter-uncertainty is for generalized models in this version; for a linear one 'mixed predict --se --theta' has the errors of predictions.");
    }
}

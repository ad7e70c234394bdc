using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed ranef MODEL</c>: the conditional modes of the random effects.</summary>
internal sealed class RanefVerb() : SavedFitVerb(Name, Summary)
{
    /// <summary>The verb.</summary>
    public const string Name = "ranef";

    /// <summary>What it does.</summary>
    public const string Summary = "conditional modes of the random effects of a saved fit";

    /// <inheritdoc/>
    protected override Report Report(IMixedModelFit fit, ParsedLine line) => new ConditionalModesReport(fit.ConditionalModes());
}

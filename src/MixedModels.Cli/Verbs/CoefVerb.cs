using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed coef MODEL</c>: the table of fixed effects.</summary>
internal sealed class CoefVerb() : SavedFitVerb(Name, Summary)
{
    /// <summary>The verb.</summary>
    public const string Name = "coef";

    /// <summary>What it does.</summary>
    public const string Summary = "fixed effects of a saved fit";

    /// <inheritdoc/>
    protected override Report Report(LinearMixedModelFit fit) => new CoefficientsReport(fit);
}

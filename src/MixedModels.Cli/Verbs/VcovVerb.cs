using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed vcov MODEL</c>: the covariance of the fixed effects.</summary>
internal sealed class VcovVerb() : SavedFitVerb(Name, Summary)
{
    /// <summary>The verb.</summary>
    public const string Name = "vcov";

    /// <summary>What it does.</summary>
    public const string Summary = "covariance matrix of the fixed effects of a saved fit";

    /// <inheritdoc/>
    protected override Report Report(IMixedModelFit fit, ParsedLine line) => new CovarianceReport(fit);
}

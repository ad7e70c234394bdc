using MixedModels.Cli.Options;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed vcov MODEL</c>: the covariance of the fixed effects.</summary>
internal sealed class VcovVerb : SavedFitVerb
{
    /// <summary>The verb.</summary>
    public const string Name = "vcov";

    /// <summary>What it does.</summary>
    public const string Summary = "covariance matrix of the fixed effects of a saved fit";

    private readonly DfOption df;
    private readonly VcovOption vcov;

    /// <summary>Creates the verb with its options.</summary>
    public VcovVerb()
        : base(Name, Summary)
    {
        df = new DfOption(this, "the covariance its errors come from: kenward-roger adjusts it; default: the model's");
        vcov = new VcovOption(this);
    }

    /// <inheritdoc/>
    protected override Report Report(LinearMixedModelFit fit, ParsedLine line) => new CovarianceReport(fit, df.Read(line), vcov.Read(line));
}

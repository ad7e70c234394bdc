using MixedModels.Cli.Options;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed coef MODEL</c>: the table of fixed effects.</summary>
internal sealed class CoefVerb : SavedFitVerb
{
    /// <summary>The verb.</summary>
    public const string Name = "coef";

    /// <summary>What it does.</summary>
    public const string Summary = "fixed effects of a saved fit";

    private readonly DfOption df;
    private readonly VcovOption vcov;

    /// <summary>Creates the verb with its options.</summary>
    public CoefVerb()
        : base(Name, Summary)
    {
        df = new DfOption(this, "default: the fit's own");
        vcov = new VcovOption(this);
    }

    /// <inheritdoc/>
    protected override Report Report(IMixedModelFit fit, ParsedLine line) => new CoefficientsReport(fit, df.Read(line), vcov.Read(line));
}

using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed explain MODEL</c>: what was fitted, as algebra, blocks of storage, findings and code.</summary>
internal sealed class ExplainVerb() : SavedFitVerb(Name, Summary)
{
    /// <summary>The verb.</summary>
    public const string Name = "explain";

    /// <summary>What it does.</summary>
    public const string Summary = "the algebra, the storage plan, the findings and the code of a saved fit";

    /// <inheritdoc/>
    protected override Report Report(IMixedModelFit fit, ParsedLine line) => new ExplanationReport(fit);
}

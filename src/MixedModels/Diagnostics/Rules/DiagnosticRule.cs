namespace MixedModels.Diagnostics.Rules;

/// <summary>One thing that may be wrong with a fit: how it is seen, why it matters, what to try. Without state.</summary>
internal abstract class DiagnosticRule
{
    /// <summary>Chance alone speaks up no oftener than this, rule by rule.</summary>
    protected const double ErrorRate = 0.01;

    /// <summary>The identifier of its findings.</summary>
    public abstract string Name { get; }

    /// <summary>What it finds; nothing where it does not apply.</summary>
    public abstract IEnumerable<Finding> Check(DiagnosticEvidence evidence);

    /// <summary>A warning of this rule.</summary>
    protected Finding Warning(FormattableString what, string why, string attempt) => new(Name, FindingSeverity.Warning, FormattableString.Invariant(what), why, attempt);

    /// <summary>A note of this rule.</summary>
    protected Finding Note(FormattableString what, string why, string attempt) => new(Name, FindingSeverity.Note, FormattableString.Invariant(what), why, attempt);
}

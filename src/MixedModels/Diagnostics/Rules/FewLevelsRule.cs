namespace MixedModels.Diagnostics.Rules;

/// <summary>A variance estimated from a handful of levels.</summary>
internal sealed class FewLevelsRule : DiagnosticRule
{
    /// <summary>A variance of k levels has a coefficient of variation of at least √(2/(k − 1)): 71 % at 5.</summary>
    private const int Few = 5;

    /// <inheritdoc/>
    public override string Name => "few-levels";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(DiagnosticEvidence evidence) =>
        from term in evidence.Fit.RandomTerms.DistinctBy(term => term.Group, StringComparer.Ordinal)
        where term.LevelCount < Few
        select Note(
            $"'{term.Group}' has {term.LevelCount} levels; their variance is known to within a factor of a few at best.",
            "What is said of levels beyond these rests on a variance estimated from as many numbers as there are levels.",
            $"Keep it where the design demands it; to speak of these very levels alone, make '{term.Group}' a fixed effect. Look at a profile interval of its standard deviation (mixed confint).");
}

using MixedModels.Formula;

namespace MixedModels.Inference.Choice;

/// <summary>The effects of one group beside its intercept, which always stays. Immutable.</summary>
/// <param name="Group">The grouping factor, <c>a:b</c> for an interaction.</param>
/// <param name="Slopes">The effects beside the intercept, by degree.</param>
/// <param name="IsCorrelated">Whether their covariances are free; of no meaning without slopes.</param>
internal sealed record GroupEffects(string Group, IReadOnlyList<EffectTerm> Slopes, bool IsCorrelated)
{
    /// <summary>The term as a formula writes it.</summary>
    public string Text => Slopes.Count == 0
        ? $"(1 | {Group})"
        : $"(1 + {string.Join(" + ", Slopes.Select(slope => slope.Label))} {(IsCorrelated ? "|" : "||")} {Group})";

    /// <summary>The slopes that may go: those no other contains, whose columns would else only be coded anew.</summary>
    public IEnumerable<EffectTerm> Removable => Slopes.Where(slope => !Slopes.Any(slope.IsPartOf));

    /// <summary>The term without a slope.</summary>
    public GroupEffects Without(EffectTerm slope) => this with { Slopes = [.. Slopes.Where(other => other != slope)] };
}

/// <summary>The random part of a model under choice: terms that may change, and terms kept as they were written. Immutable.</summary>
/// <param name="Formula">The formula that was asked for; its response and fixed part are those of every model.</param>
/// <param name="Groups">The terms that may change.</param>
/// <param name="Kept">Terms of other structures, in canonical form.</param>
internal sealed record RandomStructure(ModelFormula Formula, IReadOnlyList<GroupEffects> Groups, IReadOnlyList<string> Kept)
{
    /// <summary>The formula of the model.</summary>
    public string Text => Formula.TextWithRandomTerms(Groups.Select(group => group.Text).Concat(Kept));

    /// <summary>The structure with one term in the place of another.</summary>
    public RandomStructure With(int index, GroupEffects group) => this with { Groups = [.. Groups.Select((own, g) => g == index ? group : own)] };
}

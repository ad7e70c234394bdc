using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Formula;

namespace MixedModels.Inference.Choice;

/// <summary>Which effects the design lets vary between the levels of each group: the maximal structure, and a reason for every effect that is not in it.</summary>
/// <remarks>
/// Source: Barr, Levy, Scheepers and Tily 2013, Journal of Memory and Language 68, 255–278; for interactions Barr 2013, Frontiers in Psychology 4, 328. Their rule
/// (an effect that varies within a unit, with more rows than effects there) is put here as a rank within levels, which holds for covariates and unbalanced designs too.
/// </remarks>
internal sealed class JustifiedEffects
{
    private readonly DataTable data;
    private readonly List<EffectTerm> fixedTerms;
    private readonly ModelDesign design;
    private readonly DesignOptions options;
    private readonly string? rowVariation;

    private JustifiedEffects(ModelDesign design, DesignOptions options, DataTable data, string? rowVariation)
    {
        (this.design, this.data, this.rowVariation) = (design, data, rowVariation);
        this.options = options with { HasFreeResidual = false };
        fixedTerms = [.. design.Fixed.Terms.Select(term => new EffectTerm(term.Name, [.. term.Variables.Select(variable => variable.Label)]))];
    }

    /// <summary>The structure as the formula writes it, the terms of a group joined.</summary>
    public static RandomStructure AsWritten(ModelFormula formula)
    {
        var free = formula.RandomTerms.Where(IsFree).ToList();
        var groups = free.Select(term => term.Group).Distinct(StringComparer.Ordinal).Select(group => AsWritten([.. free.Where(term => term.Group == group)]));
        return new(formula, [.. groups], [.. formula.RandomTerms.Where(term => !IsFree(term)).Select(term => term.Text)]);
    }

    /// <summary>Looks at every fixed term and every effect the formula writes, in every group. O(n p² × effects).</summary>
    /// <param name="design">The design of the formula as written.</param>
    /// <param name="options">What the designs take besides.</param>
    /// <param name="data">The rows in which every effect is present.</param>
    /// <param name="rowVariation">What an effect of every row would be taken for, as <see cref="ChoosableModel.RowVariation"/>.</param>
    public static IReadOnlyList<JustifiedEffect> Find(ModelDesign design, DesignOptions options, DataTable data, string? rowVariation)
    {
        var finder = new JustifiedEffects(design, options, data, rowVariation);
        return [.. AsWritten(design.Formula).Groups.SelectMany(finder.OfGroup)];
    }

    /// <summary>The structure with every effect that is justified, all covariances free.</summary>
    public static RandomStructure Maximal(ModelDesign design, IReadOnlyList<JustifiedEffect> effects)
    {
        var written = AsWritten(design.Formula);
        var finder = new JustifiedEffects(design, new(), design.Data, rowVariation: null);
        return written with { Groups = [.. written.Groups.Select(group => group with { IsCorrelated = true, Slopes = finder.JustifiedOf(group, effects) })] };
    }

    private static bool IsFree(RandomTerm term) => term is { Structure: "us" or "diag", GroupCall: null, Arguments.Count: 0 };

    private static GroupEffects AsWritten(IReadOnlyList<RandomTerm> terms)
    {
        var slopes = new List<EffectTerm>();
        foreach (var slope in terms.SelectMany(term => term.Effects.Terms.Select(effect => new EffectTerm(effect.Label, [.. effect.Variables.Select(v => term.Effects.Variables[v].Label)]))))
        {
            if (!slopes.Any(slope.IsSameAs)) slopes.Add(slope);
        }

        // Terms apart are uncorrelated, as in (1 | g) + (0 + x | g).
        return new(terms[0].Group, [.. slopes.OrderBy(slope => slope.Variables.Count)], terms is [{ Structure: "us" }]);
    }

    private EffectTerm[] CandidatesOf(GroupEffects group)
    {
        EffectTerm[] all = [.. fixedTerms.Concat(group.Slopes.Where(slope => !fixedTerms.Any(slope.IsSameAs)))];
        return [.. all.OrderBy(term => term.Variables.Count)];
    }

    private EffectTerm[] JustifiedOf(GroupEffects group, IReadOnlyList<JustifiedEffect> effects) =>
        [.. CandidatesOf(group).Where(term => effects.Any(effect => effect.IsJustified && effect.Group == group.Group && effect.Effect == term.Label))];

    private List<JustifiedEffect> OfGroup(GroupEffects group)
    {
        var found = new List<JustifiedEffect>();
        var accepted = new GroupEffects(group.Group, [], IsCorrelated: true);
        var refused = new List<EffectTerm>();
        foreach (var candidate in CandidatesOf(group))
        {
            if (refused.Find(other => other.IsPartOf(candidate)) is { } margin)
            {
                found.Add(new(group.Group, candidate.Label, IsJustified: false, null, LevelCount(group.Group), $"{margin.Label}, which it contains, is not justified"));
                refused.Add(candidate);
                continue;
            }

            var effect = Judge(accepted, candidate);
            found.Add(effect);
            if (effect.IsJustified) accepted = accepted with { Slopes = [.. accepted.Slopes, candidate] };
            else refused.Add(candidate);
        }

        return found;
    }

    private int LevelCount(string group) => design.RandomTerms.First(term => term.Group == group).Levels.Count;

    private JustifiedEffect Judge(GroupEffects accepted, EffectTerm candidate)
    {
        var group = accepted.Group;
        var tried = accepted with { Slopes = [.. accepted.Slopes, candidate] };
        var term = ModelDesign.Create(ModelFormula.Parse(design.Formula.TextWithRandomTerms([tried.Text])), data, options).RandomTerms[0];
        var within = WithinLevels.Of(term);
        var levels = term.Levels.Count;
        var others = string.Join(", ", accepted.Slopes.Select(slope => slope.Label).Prepend("the intercept"));
        var reason = within switch
        {
            { IsConstant: true } => $"it is constant within every level of {group}",
            { VaryingLevels: 0 } => $"within every level of {group} it is a combination of {others}",
            { VaryingLevels: 1 } => $"it varies within one level of {group} only",
            { HasFullRank: false } => $"within the levels of {group} its columns are combinations of each other and of {others}",
            { FreeRows: 0 } when rowVariation is not null => $"with it every row of a level of {group} has an effect of its own, so that nothing is left for {rowVariation}",
            _ when rowVariation is not null && (long)levels * term.ColumnNames.Count >= term.LevelOfRow.Length =>
                FormattableString.Invariant($"with it there are {levels} × {term.ColumnNames.Count} effects for {term.LevelOfRow.Length} rows"),
            _ => "",
        };
        return new(group, candidate.Label, reason.Length == 0, within.VaryingLevels, levels, reason);
    }
}

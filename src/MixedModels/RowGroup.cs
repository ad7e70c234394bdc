using MixedModels.Design;

namespace MixedModels;

/// <summary>A group whose levels have rows of their own: that of a random term, or the subjects of a residual structure. Immutable.</summary>
/// <param name="Name">What a level is, such as <c>Subject</c>.</param>
/// <param name="Levels">The levels' names.</param>
/// <param name="LevelOfRow">n zero-based levels, of the rows used.</param>
public sealed record RowGroup(string Name, IReadOnlyList<string> Levels, ReadOnlyMemory<int> LevelOfRow)
{
    /// <summary>The variable by which a residual structure orders the rows of a level, such as <c>week</c>; null for none.</summary>
    public string? Order { get; init; }

    /// <summary>The groups of a fit, those of random terms first, each name once. Terms whose rows belong to several levels are not among them.</summary>
    /// <param name="fit">The fit.</param>
    public static IReadOnlyList<RowGroup> Of(IMixedModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var subjects = fit.Design.Residual is { SubjectNames.Count: > 1 } residual ? new[] { OfSubjects(residual) } : [];
        var order = subjects is [{ Order: var own, Name: var name }] ? (name, own) : default;
        var terms = fit.Design.RandomTerms.Where(term => term.Memberships is null)
            .Select(term => new RowGroup(term.Group, term.Levels, term.LevelOfRow) { Order = string.Equals(term.Group, order.name, StringComparison.Ordinal) ? order.own : null });
        return [.. terms.Concat(subjects).DistinctBy(group => group.Name, StringComparer.Ordinal)];
    }

    private static RowGroup OfSubjects(ResidualDesign residual) =>
        new(residual.SubjectLabel, residual.SubjectNames, residual.SubjectOfRow) { Order = residual.Clause.Order is [var variable] ? variable.Label : null };
}

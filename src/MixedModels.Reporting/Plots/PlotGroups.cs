namespace MixedModels.Reporting.Plots;

/// <summary>The groups that plots show rows by.</summary>
internal static class PlotGroups
{
    /// <summary>Why a plot of groups does not apply; null where it does.</summary>
    public static string? WhyNone(IInspectedFit fit) => RowGroup.Of(fit.Fit).Count > 0 ? null
        : fit.RandomTerms.Count == 0 ? "the model has neither random effects nor subjects of a residual structure."
        : "rows belong to several levels of every group, so that no level has rows of its own.";

    /// <summary>The group asked for; without a name the first.</summary>
    /// <exception cref="PlotException">The model has no such group, or rows belong to several levels of it.</exception>
    public static RowGroup Find(IInspectedFit fit, string? name)
    {
        var groups = RowGroup.Of(fit.Fit);
        if (name is null) return groups[0];
        if (groups.FirstOrDefault(group => string.Equals(group.Name, name, StringComparison.Ordinal)) is { } found) return found;
        foreach (var term in fit.Design.RandomTerms.Where(term => string.Equals(term.Group, name, StringComparison.Ordinal))) PlotWords.RequireOneLevel(term);
        throw new PlotException($"The model has no group '{name}'; its groups are {string.Join(", ", groups.Select(group => group.Name))}.");
    }

    /// <summary>The group with the most levels.</summary>
    public static RowGroup Largest(IInspectedFit fit) => RowGroup.Of(fit.Fit).MaxBy(group => group.Levels.Count)!;
}

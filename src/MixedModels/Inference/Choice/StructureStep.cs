namespace MixedModels.Inference.Choice;

/// <summary>A model that differs from the one at hand by one step.</summary>
/// <param name="Structure">Its random part.</param>
/// <param name="What">The difference in words.</param>
/// <param name="IsGrowing">Whether it is the larger of the two.</param>
internal sealed record StructureStep(RandomStructure Structure, string What, bool IsGrowing)
{
    /// <summary>The models with one group's covariances set to zero.</summary>
    public static IEnumerable<StructureStep> WithoutCorrelations(RandomStructure current)
    {
        for (var g = 0; g < current.Groups.Count; g++)
        {
            var group = current.Groups[g];
            if (group is { IsCorrelated: true, Slopes.Count: > 0 })
                yield return new(current.With(g, group with { IsCorrelated = false }), $"without correlations of {group.Group}", IsGrowing: false);
        }
    }

    /// <summary>The models with one effect less, of those that no other effect contains.</summary>
    public static IEnumerable<StructureStep> WithoutAnEffect(RandomStructure current)
    {
        for (var g = 0; g < current.Groups.Count; g++)
        {
            var group = current.Groups[g];
            foreach (var slope in group.Removable)
                yield return new(current.With(g, group.Without(slope)), $"without {slope.Label} of {group.Group}", IsGrowing: false);
        }
    }

    /// <summary>The models with one group's covariances free again.</summary>
    public static IEnumerable<StructureStep> WithCorrelations(RandomStructure current)
    {
        for (var g = 0; g < current.Groups.Count; g++)
        {
            var group = current.Groups[g];
            if (group is { IsCorrelated: false, Slopes.Count: > 0 })
                yield return new(current.With(g, group with { IsCorrelated = true }), $"with correlations of {group.Group}", IsGrowing: true);
        }
    }
}

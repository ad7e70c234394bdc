using MixedModels.Data;

namespace MixedModels.Inference.Means;

/// <summary>One contrast of k means.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Weights">A weight a mean.</param>
internal sealed record WeightedContrast(string Label, double[] Weights)
{
    /// <summary>Its name as a ratio; null where it is the same.</summary>
    public string? RatioLabel { get; init; }
}

/// <summary>A set of contrasts by name.</summary>
/// <param name="Name">The name, that of R's emmeans.</param>
/// <param name="Adjustment">The adjustment where none is chosen.</param>
/// <param name="IsPairwise">Whether it is all pairwise comparisons.</param>
/// <param name="HasControl">Whether it compares with one mean.</param>
/// <param name="Make">The contrasts of means with these labels; the index is that of the control.</param>
internal sealed record NamedContrasts(
    string Name, Adjustment Adjustment, bool IsPairwise, bool HasControl, Func<IReadOnlyList<string>, int, IEnumerable<WeightedContrast>> Make)
{
    /// <summary>The sets there are.</summary>
    public static IReadOnlyList<NamedContrasts> All { get; } =
    [
        new("pairwise", Adjustment.Tukey, true, false, static (labels, _) => Pairs(labels, isReversed: false)),
        new("revpairwise", Adjustment.Tukey, true, false, static (labels, _) => Pairs(labels, isReversed: true)),
        new("trt.vs.ctrl", Adjustment.Dunnett, false, true, AgainstControl),
        new("trt.vs.ctrlk", Adjustment.Dunnett, false, true, AgainstControl),
        new("consec", Adjustment.MultivariateT, false, false, static (labels, _) => Each(labels.Count - 1, i => Difference(labels, i + 1, i))),
        new("mean_chg", Adjustment.MultivariateT, false, false, static (labels, _) => Each(labels.Count - 1, i => MeanChange(labels, i))),
        new("poly", Adjustment.None, false, false, static (labels, _) => PolynomialContrasts.Of(labels.Count)),
        new("eff", Adjustment.FalseDiscoveryRate, false, false, static (labels, _) => Each(labels.Count, i => Effect(labels, i, 1.0 / labels.Count))),
        new("del.eff", Adjustment.FalseDiscoveryRate, false, false, static (labels, _) => Each(labels.Count, i => Effect(labels, i, 1.0 / (labels.Count - 1)))),
        new("identity", Adjustment.None, false, false, static (labels, _) => Each(labels.Count, i => new(labels[i], Weights(labels.Count, (i, 1))))),
    ];

    /// <summary>Other names of the same sets.</summary>
    private static readonly Dictionary<string, string> synonyms = new(StringComparer.Ordinal)
    {
        ["tukey"] = "pairwise",
        ["dunnett"] = "trt.vs.ctrl",
        ["trt.vs.ctrl1"] = "trt.vs.ctrl",
    };

    /// <summary>The set of a name.</summary>
    /// <exception cref="InferenceException">There is none; the message lists them.</exception>
    public static NamedContrasts Find(string name)
    {
        var own = synonyms.GetValueOrDefault(name, name);
        return All.FirstOrDefault(set => string.Equals(set.Name, own, StringComparison.Ordinal))
            ?? throw new InferenceException(
                $"There are no contrasts '{name}'{NearestNames.Suggest(name, [.. All.Select(set => set.Name), .. synonyms.Keys])}; wanted one of {string.Join(", ", All.Select(set => set.Name))}, "
                + "or weights of your own as label=1,-1,0.");
    }

    /// <summary>The place of the control where none is named.</summary>
    public int DefaultControl(int count) => string.Equals(Name, "trt.vs.ctrlk", StringComparison.Ordinal) ? count - 1 : 0;

    private static IEnumerable<WeightedContrast> Each(int count, Func<int, WeightedContrast> make) => Enumerable.Range(0, Math.Max(0, count)).Select(make);

    private static IEnumerable<WeightedContrast> Pairs(IReadOnlyList<string> labels, bool isReversed)
    {
        for (var i = 0; i < labels.Count; i++)
        {
            // Reversed, the later mean runs slowest; else the earlier one does.
            for (var j = isReversed ? 0 : i + 1; j < (isReversed ? i : labels.Count); j++) yield return Difference(labels, i, j);
        }
    }

    private static IEnumerable<WeightedContrast> AgainstControl(IReadOnlyList<string> labels, int control) =>
        Enumerable.Range(0, labels.Count).Where(i => i != control).Select(i => Difference(labels, i, control));

    private static WeightedContrast Difference(IReadOnlyList<string> labels, int plus, int minus) =>
        new($"{labels[plus]} - {labels[minus]}", Weights(labels.Count, (plus, 1), (minus, -1))) { RatioLabel = $"{labels[plus]} / {labels[minus]}" };

    private static WeightedContrast Effect(IReadOnlyList<string> labels, int own, double share)
    {
        // Less the mean of all, or of the others: the own weight makes the sum zero.
        double[] weights = [.. Enumerable.Repeat(-share, labels.Count)];
        weights[own] = share * (labels.Count - 1);
        return new($"{labels[own]} effect", weights);
    }

    private static WeightedContrast MeanChange(IReadOnlyList<string> labels, int last)
    {
        var before = last + 1;
        double[] weights = [.. Enumerable.Range(0, labels.Count).Select(i => i < before ? -1.0 / before : 1.0 / (labels.Count - before))];
        return new($"{labels[last]}|{labels[before]}", weights);
    }

    private static double[] Weights(int count, params ReadOnlySpan<(int Place, double Weight)> entries)
    {
        var weights = new double[count];
        foreach (var (place, weight) in entries) weights[place] = weight;
        return weights;
    }
}

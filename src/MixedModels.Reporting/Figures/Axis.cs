namespace MixedModels.Reporting.Figures;

/// <summary>One axis of a panel: what it measures, from where to where, and its ticks. Immutable.</summary>
internal sealed record Axis
{
    /// <summary>What is measured; empty for none.</summary>
    public required string Label { get; init; }

    /// <summary>The value at its beginning.</summary>
    public required double Lower { get; init; }

    /// <summary>The value at its end, above <see cref="Lower"/>.</summary>
    public required double Upper { get; init; }

    /// <summary>Its ticks.</summary>
    public required IReadOnlyList<Tick> Ticks { get; init; }

    /// <summary>Whether places are categories, not amounts: then no grid lines cross them.</summary>
    public bool IsCategorical { get; init; }

    /// <summary>An axis of amounts that holds a range of data, with a little room at both ends.</summary>
    /// <param name="label">What is measured.</param>
    /// <param name="data">The range of the data; an empty or single-valued one is widened.</param>
    /// <param name="ticks">About how many ticks.</param>
    public static Axis Of(string label, DataRange data, int ticks = 5)
    {
        var (lower, upper) = (data.Lower, data.Upper);
        if (!(double.IsFinite(lower) && double.IsFinite(upper))) (lower, upper) = (0, 1);
        if (upper - lower <= 1e-12 * Math.Max(Math.Abs(lower), Math.Abs(upper)))
        {
            var half = lower == 0 ? 1 : Math.Max(data.IsWhole ? 1 : 0, 0.1 * Math.Abs(lower));
            (lower, upper) = (lower - half, upper + half);
        }

        var room = 0.04 * (upper - lower);
        var from = data.StartsAtLower ? lower : lower - room;
        return new() { Label = label, Lower = from, Upper = upper + room, Ticks = NiceTicks.Of(from, upper + room, ticks, data.IsWhole) };
    }

    /// <summary>An axis of categories at 0, 1, 2, …; where there are many, only some are named.</summary>
    public static Axis OfCategories(string label, IReadOnlyList<string> names, int mostLabels = int.MaxValue)
    {
        var every = Math.Max(1, (int)Math.Ceiling(names.Count / (double)mostLabels));
        return new()
        {
            Label = label,
            Lower = -0.6,
            Upper = names.Count - 0.4,
            Ticks = [.. names.Select((name, place) => new Tick(place, name)).Where(tick => (int)tick.Value % every == 0)],
            IsCategorical = true,
        };
    }
}

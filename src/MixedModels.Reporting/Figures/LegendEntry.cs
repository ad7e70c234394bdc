namespace MixedModels.Reporting.Figures;

/// <summary>What a colour or a mark stands for.</summary>
/// <param name="Label">In words.</param>
/// <param name="Style">The style class of its marks.</param>
/// <param name="Key">How it is drawn.</param>
internal sealed record LegendEntry(string Label, string Style, LegendKey Key = LegendKey.Point)
{
    /// <summary>The entry of a series that is drawn as a line.</summary>
    public static LegendEntry OfLine(string label, int series) => new(label, FigureStyle.Series(series), FigureStyle.IsRepeated(series) ? LegendKey.Dashes : LegendKey.Line);
}

/// <summary>The mark before a legend's label.</summary>
internal enum LegendKey
{
    /// <summary>A dot.</summary>
    Point,

    /// <summary>A line.</summary>
    Line,

    /// <summary>A dashed line.</summary>
    Dashes,

    /// <summary>A filled area.</summary>
    Area,
}

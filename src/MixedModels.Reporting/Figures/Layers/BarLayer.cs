namespace MixedModels.Reporting.Figures.Layers;

/// <summary>Upright rectangles from a floor, or tiles between any two heights.</summary>
/// <param name="Left">The left edges.</param>
/// <param name="Right">The right edges.</param>
/// <param name="Lower">The lower edges.</param>
/// <param name="Upper">The upper edges.</param>
internal sealed record BarLayer(IReadOnlyList<double> Left, IReadOnlyList<double> Right, IReadOnlyList<double> Lower, IReadOnlyList<double> Upper) : Layer
{
    /// <summary>How much of what lies below is covered, a bar; null for the same in all.</summary>
    public Func<int, double>? Opacity { get; init; }

    /// <summary>The class of a bar's colour; null for the layer's own.</summary>
    public Func<int, string>? StyleOf { get; init; }

    /// <summary>What a tooltip says of a bar; null for none.</summary>
    public Func<int, string>? Tooltip { get; init; }

    /// <inheritdoc/>
    public override void Draw(SvgWriter svg, PanelFrame frame)
    {
        for (var i = 0; i < Left.Count; i++)
        {
            var (x, y) = (frame.X(Left[i]), frame.Y(Upper[i]));
            svg.Mark(
                "rect",
                Tooltip?.Invoke(i),
                ("class", StyleOf?.Invoke(i) ?? Style),
                ("x", SvgWriter.Number(x)),
                ("y", SvgWriter.Number(y)),
                ("width", SvgWriter.Number(Math.Max(0, frame.X(Right[i]) - x))),
                ("height", SvgWriter.Number(Math.Max(0, frame.Y(Lower[i]) - y))),
                ("fill", "currentColor"),
                ("fill-opacity", SvgWriter.Number(Opacity?.Invoke(i) ?? 0.55)));
        }
    }
}

namespace MixedModels.Reporting.Figures.Layers;

/// <summary>Intervals with a dot at the estimate, lying or standing.</summary>
/// <param name="Places">The places on the other axis.</param>
/// <param name="Estimates">The dots.</param>
/// <param name="Lower">The lower ends.</param>
/// <param name="Upper">The upper ends.</param>
internal sealed record IntervalLayer(IReadOnlyList<double> Places, IReadOnlyList<double> Estimates, IReadOnlyList<double> Lower, IReadOnlyList<double> Upper) : Layer
{
    /// <summary>Whether the intervals stand upright.</summary>
    public bool IsUpright { get; init; }

    /// <summary>The radius of the dots in pixels.</summary>
    public double Radius { get; init; } = 3.2;

    /// <summary>The width of the lines in pixels.</summary>
    public double Width { get; init; } = 1.6;

    /// <summary>How much of what lies below the lines cover; lines that nearly touch are paler, so that the dots are seen.</summary>
    public double Opacity { get; init; } = 1;

    /// <summary>What a tooltip says of an interval; null for none.</summary>
    public Func<int, string>? Tooltip { get; init; }

    /// <inheritdoc/>
    public override void Draw(SvgWriter svg, PanelFrame frame)
    {
        svg.Open("g", ("class", Style), ("stroke", "currentColor"), ("fill", "currentColor"), ("stroke-width", SvgWriter.Number(Width)));
        for (var i = 0; i < Places.Count; i++)
        {
            if (!double.IsFinite(Estimates[i])) continue;
            svg.Open("g");
            if (Tooltip is not null) svg.Content("title", Tooltip(i));
            var (x, y) = Pixel(frame, Places[i], Estimates[i]);
            if (double.IsFinite(Lower[i]) && double.IsFinite(Upper[i]))
            {
                var (x1, y1) = Pixel(frame, Places[i], Lower[i]);
                var (x2, y2) = Pixel(frame, Places[i], Upper[i]);
                svg.Line(x1, y1, x2, y2, Opacity < 1 ? [("stroke-opacity", SvgWriter.Number(Opacity))] : []);
            }

            svg.Mark("circle", null, ("cx", SvgWriter.Number(x)), ("cy", SvgWriter.Number(y)), ("r", SvgWriter.Number(Radius)), ("stroke", "none"));
            svg.Close("g");
        }

        svg.Close("g");
    }

    private (double X, double Y) Pixel(PanelFrame frame, double place, double value) =>
        IsUpright ? (frame.X(place), frame.Y(value)) : (frame.X(value), frame.Y(place));
}

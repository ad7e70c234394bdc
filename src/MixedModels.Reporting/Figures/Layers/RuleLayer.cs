namespace MixedModels.Reporting.Figures.Layers;

/// <summary>A straight line across the panel, <c>y = intercept + slope·x</c>, or an upright one; its style is muted unless another is given.</summary>
/// <param name="Intercept">The height at 0; the place of an upright line.</param>
/// <param name="Slope">The slope.</param>
internal sealed record RuleLayer(double Intercept, double Slope = 0) : Layer
{
    /// <summary>Whether the line is upright.</summary>
    public bool IsUpright { get; init; }

    /// <summary>Whether it is dashed.</summary>
    public bool IsDashed { get; init; } = true;

    /// <inheritdoc/>
    public override void Draw(SvgWriter svg, PanelFrame frame)
    {
        var ends = Ends(frame);
        if (ends is not var ((x1, y1), (x2, y2))) return;
        var attributes = new List<(string, string)> { ("class", string.Equals(Style, "s0", StringComparison.Ordinal) ? "r" : Style), ("stroke", "currentColor"), ("stroke-width", "1.2") };
        if (IsDashed) attributes.Add(("stroke-dasharray", "5 4"));
        svg.Line(x1, y1, x2, y2, [.. attributes]);
    }

    /// <summary>Where the line enters and leaves the panel; null where it does not cross it.</summary>
    private ((double X, double Y) From, (double X, double Y) To)? Ends(PanelFrame frame)
    {
        if (IsUpright)
        {
            return Intercept >= frame.XAxis.Lower && Intercept <= frame.XAxis.Upper
                ? ((frame.X(Intercept), frame.Bottom), (frame.X(Intercept), frame.Top))
                : null;
        }

        var (from, to) = (frame.XAxis.Lower, frame.XAxis.Upper);
        if (Slope != 0)
        {
            var (a, b) = ((frame.YAxis.Lower - Intercept) / Slope, (frame.YAxis.Upper - Intercept) / Slope);
            (from, to) = (Math.Max(from, Math.Min(a, b)), Math.Min(to, Math.Max(a, b)));
        }
        else if (Intercept < frame.YAxis.Lower || Intercept > frame.YAxis.Upper)
        {
            return null;
        }

        return from < to ? ((frame.X(from), frame.Y(Intercept + (Slope * from))), (frame.X(to), frame.Y(Intercept + (Slope * to)))) : null;
    }
}

namespace MixedModels.Reporting.Figures.Layers;

/// <summary>Upright double arrows beside estimates.</summary>
/// <param name="Places">The places.</param>
/// <param name="From">Where each begins.</param>
/// <param name="To">Where each ends.</param>
internal sealed record ArrowLayer(IReadOnlyList<double> Places, IReadOnlyList<double> From, IReadOnlyList<double> To) : Layer
{
    private const double Beside = 7;
    private const double Head = 4;

    /// <inheritdoc/>
    public override void Draw(SvgWriter svg, PanelFrame frame)
    {
        svg.Open("g", ("class", Style), ("stroke", "currentColor"), ("fill", "none"), ("stroke-width", "1.3"), ("stroke-opacity", "0.7"));
        for (var i = 0; i < Places.Count; i++)
        {
            if (!double.IsFinite(From[i]) || !double.IsFinite(To[i])) continue;
            var x = frame.X(Places[i]) + Beside;
            var (top, bottom) = (frame.Y(Math.Max(From[i], To[i])), frame.Y(Math.Min(From[i], To[i])));
            var path = $"M{P(x - Head)} {P(top + Head)}L{P(x)} {P(top)}L{P(x + Head)} {P(top + Head)}M{P(x)} {P(top)}V{P(bottom)}M{P(x - Head)} {P(bottom - Head)}L{P(x)} {P(bottom)}L{P(x + Head)} {P(bottom - Head)}";
            svg.Mark("path", null, ("d", path));
        }

        svg.Close("g");
    }

    private static string P(double value) => SvgWriter.Number(value);
}

using System.Text;

namespace MixedModels.Reporting.Figures.Layers;

/// <summary>The area between two curves over the same places.</summary>
/// <param name="X">The places, ascending.</param>
/// <param name="Lower">The lower curve.</param>
/// <param name="Upper">The upper curve.</param>
internal sealed record BandLayer(IReadOnlyList<double> X, IReadOnlyList<double> Lower, IReadOnlyList<double> Upper) : Layer
{
    /// <summary>How much of what lies below is covered.</summary>
    public double Opacity { get; init; } = 0.18;

    /// <summary>Whether the curves are drawn, so that bands over each other can be told apart.</summary>
    public bool HasEdges { get; init; }

    /// <inheritdoc/>
    public override void Draw(SvgWriter svg, PanelFrame frame)
    {
        if (X.Count == 0) return;
        var path = new StringBuilder();
        for (var i = 0; i < X.Count; i++)
            path.Append(i == 0 ? 'M' : 'L').Append(SvgWriter.Number(frame.X(X[i]))).Append(' ').Append(SvgWriter.Number(Clamp(frame, Upper[i])));
        for (var i = X.Count - 1; i >= 0; i--)
            path.Append('L').Append(SvgWriter.Number(frame.X(X[i]))).Append(' ').Append(SvgWriter.Number(Clamp(frame, Lower[i])));
        svg.Mark("path", null, ("class", Style), ("d", path.Append('Z').ToString()), ("fill", "currentColor"), ("fill-opacity", SvgWriter.Number(Opacity)));
        if (HasEdges) DrawEdges(svg, frame);
    }

    /// <summary>The two curves.</summary>
    private void DrawEdges(SvgWriter svg, PanelFrame frame)
    {
        foreach (var edge in new[] { Lower, Upper }) new LineLayer(X, edge) { Style = Style, Width = 0.8, Opacity = 3 * Opacity }.Draw(svg, frame);
    }

    // A band may reach beyond the panel; its edge is then drawn at the panel's.
    private static double Clamp(PanelFrame frame, double value) => Math.Clamp(frame.Y(value), frame.Top, frame.Bottom);
}

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
    }

    // A band may reach beyond the panel; its edge is then drawn at the panel's.
    private static double Clamp(PanelFrame frame, double value) => Math.Clamp(frame.Y(value), frame.Top, frame.Bottom);
}

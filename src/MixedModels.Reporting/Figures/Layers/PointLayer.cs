using System.Text;

namespace MixedModels.Reporting.Figures.Layers;

/// <summary>Dots. Few of them are elements of their own with tooltips; many are one path, those that fall on each other drawn once.</summary>
/// <param name="X">Their places.</param>
/// <param name="Y">Their heights.</param>
internal sealed record PointLayer(IReadOnlyList<double> X, IReadOnlyList<double> Y) : Layer
{
    /// <summary>Above this many dots a browser grows slow with an element each.</summary>
    private const int MostElements = 400;

    /// <summary>Above this many, dots are placed on a grid of half pixels so that the file's size has a bound.</summary>
    private const int MostExact = 4000;

    /// <summary>The width of the smallest dots in pixels.</summary>
    private const double LeastWidth = 2.2;

    /// <summary>The radius in pixels; smaller where there are many.</summary>
    public double Radius { get; init; } = 3;

    /// <summary>How much of what lies below is covered.</summary>
    public double Opacity { get; init; } = 0.75;

    /// <summary>What a tooltip says of a dot; null for none.</summary>
    public Func<int, string>? Tooltip { get; init; }

    /// <inheritdoc/>
    public override void Draw(SvgWriter svg, PanelFrame frame)
    {
        if (X.Count > MostElements)
        {
            DrawPath(svg, frame);
            return;
        }

        svg.Open("g", ("class", Style), ("fill", "currentColor"), ("fill-opacity", SvgWriter.Number(Opacity)));
        for (var i = 0; i < X.Count; i++)
        {
            if (!double.IsFinite(X[i]) || !double.IsFinite(Y[i])) continue;
            svg.Mark("circle", Tooltip?.Invoke(i), ("cx", SvgWriter.Number(frame.X(X[i]))), ("cy", SvgWriter.Number(frame.Y(Y[i]))), ("r", SvgWriter.Number(Radius)));
        }

        svg.Close("g");
    }

    // A line of no length with round ends is a dot.
    private void DrawPath(SvgWriter svg, PanelFrame frame)
    {
        var isGridded = X.Count > MostExact;
        var seen = new HashSet<(double, double)>();
        var path = new StringBuilder();
        for (var i = 0; i < X.Count; i++)
        {
            if (!double.IsFinite(X[i]) || !double.IsFinite(Y[i])) continue;
            var (x, y) = (frame.X(X[i]), frame.Y(Y[i]));
            if (isGridded) (x, y) = (Math.Round(2 * x) / 2, Math.Round(2 * y) / 2);
            if (isGridded && !seen.Add((x, y))) continue;
            path.Append('M').Append(SvgWriter.Number(x)).Append(' ').Append(SvgWriter.Number(y)).Append("h0");
        }

        // Overlapping dots of one path do not add up, so a dense cloud stays a cloud by smaller dots.
        var width = Math.Max(LeastWidth, 1.6 * Radius * Math.Sqrt(MostElements / (double)X.Count));
        svg.Mark(
            "path",
            null,
            ("class", Style),
            ("d", path.ToString()),
            ("fill", "none"),
            ("stroke", "currentColor"),
            ("stroke-opacity", SvgWriter.Number((X.Count > 2000 ? 0.65 : 0.85) * Opacity)),
            ("stroke-width", SvgWriter.Number(width)),
            ("stroke-linecap", "round"));
    }
}

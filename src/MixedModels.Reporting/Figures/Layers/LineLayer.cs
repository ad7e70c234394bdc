using System.Text;

namespace MixedModels.Reporting.Figures.Layers;

/// <summary>A line through points in their order; a point that is not finite interrupts it.</summary>
/// <param name="X">Their places.</param>
/// <param name="Y">Their heights.</param>
internal sealed record LineLayer(IReadOnlyList<double> X, IReadOnlyList<double> Y) : Layer
{
    /// <summary>The width in pixels.</summary>
    public double Width { get; init; } = 1.8;

    /// <summary>Whether it is dashed.</summary>
    public bool IsDashed { get; init; }

    /// <summary>How much of what lies below is covered.</summary>
    public double Opacity { get; init; } = 1;

    /// <summary>What a tooltip says of it; null for none.</summary>
    public string? Tooltip { get; init; }

    /// <inheritdoc/>
    public override void Draw(SvgWriter svg, PanelFrame frame)
    {
        var path = new StringBuilder();
        var isOpen = false;
        for (var i = 0; i < X.Count; i++)
        {
            var isFinite = double.IsFinite(X[i]) && double.IsFinite(Y[i]);
            if (isFinite)
                path.Append(isOpen ? 'L' : 'M').Append(SvgWriter.Number(frame.X(X[i]))).Append(' ').Append(SvgWriter.Number(frame.Y(Y[i])));
            isOpen = isFinite;
        }

        if (path.Length == 0) return;
        var attributes = new List<(string, string)>
        {
            ("class", Style), ("d", path.ToString()), ("fill", "none"), ("stroke", "currentColor"), ("stroke-width", SvgWriter.Number(Width)), ("stroke-linejoin", "round"),
        };
        if (IsDashed) attributes.Add(("stroke-dasharray", "5 4"));
        if (Opacity < 1) attributes.Add(("stroke-opacity", SvgWriter.Number(Opacity)));
        svg.Mark("path", Tooltip, [.. attributes]);
    }
}

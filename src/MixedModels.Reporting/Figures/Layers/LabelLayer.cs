namespace MixedModels.Reporting.Figures.Layers;

/// <summary>Short texts at places of a panel, kept inside it; one that would cover another is left out.</summary>
/// <param name="X">Their places.</param>
/// <param name="Y">Their heights.</param>
/// <param name="Labels">The texts, the most important first.</param>
internal sealed record LabelLayer(IReadOnlyList<double> X, IReadOnlyList<double> Y, IReadOnlyList<string> Labels) : Layer
{
    private const double Size = 11;

    /// <summary>Which texts stand on a strong colour and are dark in every theme; null for none.</summary>
    public Func<int, bool>? IsOnColour { get; init; }

    /// <summary>Whether a text stands on its place instead of beside it.</summary>
    public bool IsCentred { get; init; }

    /// <inheritdoc/>
    public override void Draw(SvgWriter svg, PanelFrame frame)
    {
        var taken = new List<(double Left, double Top, double Right, double Bottom)>();
        for (var i = 0; i < Labels.Count; i++)
        {
            var width = TextMeasure.Width(Labels[i], Size);
            var left = IsCentred ? frame.X(X[i]) - (width / 2) : frame.X(X[i]) + 6;
            if (left + width > frame.Right && !IsCentred) left = frame.X(X[i]) - 6 - width;
            left = Math.Max(frame.Left + 2, left);
            var baseline = Math.Clamp(frame.Y(Y[i]) + (IsCentred ? 4 : -4), frame.Top + Size, frame.Bottom - 3);
            var box = (left, baseline - Size, left + width, baseline + 2);
            if (taken.Any(other => box.left < other.Right && other.Left < box.Item3 && box.Item2 < other.Bottom && other.Top < box.Item4)) continue;
            taken.Add(box);
            svg.Text(Labels[i], IsCentred ? frame.X(X[i]) : left, baseline, IsOnColour?.Invoke(i) == true ? "k o" : "k", IsCentred ? "middle" : "start");
        }
    }
}

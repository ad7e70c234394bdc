namespace MixedModels.Reporting.Figures;

/// <summary>Lays the parts of a figure out and draws them.</summary>
internal static class FigureDrawing
{
    private const double Edge = 12;
    private const double CaptionSize = 11;
    private const double CaptionRow = 15;
    private const double TitleRow = 20;
    private const double PanelTitle = 22;
    private const double LegendRow = 20;

    /// <summary>The height in pixels.</summary>
    public static double Height(FigurePlan plan, bool hasTitle) => Layout.Of(plan, hasTitle).Height;

    /// <summary>The figure as an <c>svg</c> element.</summary>
    /// <param name="plan">What is drawn.</param>
    /// <param name="rules">The style sheet; null where the page has it.</param>
    /// <param name="hasTitle">Whether title and caption are drawn; a page writes them itself.</param>
    public static string Draw(FigurePlan plan, string? rules, bool hasTitle)
    {
        var layout = Layout.Of(plan, hasTitle);
        var svg = new SvgWriter();
        svg.Open(
            "svg",
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("class", "mm"),
            ("role", "img"),
            ("aria-label", plan.Title),
            ("viewBox", $"0 0 {SvgWriter.Number(plan.Width)} {SvgWriter.Number(layout.Height)}"),
            ("width", SvgWriter.Number(plan.Width)),
            ("height", SvgWriter.Number(layout.Height)),
            ("preserveAspectRatio", "xMinYMin"));
        svg.Content("title", plan.Title);
        svg.Content("desc", plan.Description);
        if (rules is not null) svg.Style(rules);
        svg.Mark("rect", null, ("class", "b"), ("width", "100%"), ("height", "100%"));
        for (var line = 0; line < layout.Title.Count; line++) svg.Text(layout.Title[line], Edge, Edge + 14 + (TitleRow * line), "h");
        LegendDrawing.Draw(svg, layout.Legend, Edge, Edge + (layout.Title.Count * TitleRow) + 4, LegendRow);
        foreach (var (panel, frame, ticks) in layout.Panels) PanelDrawing.Draw(svg, panel, frame, ticks);
        for (var line = 0; line < layout.Caption.Count; line++) svg.Text(layout.Caption[line], Edge, layout.Bottom + 14 + (CaptionRow * line), "k m");
        svg.Close("svg");
        return svg.ToString();
    }

    private static List<(Panel Panel, PanelFrame Frame, AxisMargins.XTicks Ticks)> Rows(FigurePlan plan, double top, out double bottom)
    {
        var columns = Math.Max(1, Math.Min(plan.Columns, plan.Panels.Count));
        var lefts = new double[columns];
        for (var i = 0; i < plan.Panels.Count; i++) lefts[i % columns] = Math.Max(lefts[i % columns], AxisMargins.Left(plan.Panels[i]));
        var width = Math.Max(40, (plan.Width - (2 * Edge) - lefts.Sum() - (8.0 * columns)) / columns);
        var placed = new List<(Panel, PanelFrame, AxisMargins.XTicks)>();
        for (var first = 0; first < plan.Panels.Count; first += columns)
        {
            var row = plan.Panels.Skip(first).Take(columns).ToArray();
            if (row.Any(panel => panel.Title.Length > 0)) top += PanelTitle;
            var (left, below) = (Edge, 0.0);
            for (var i = 0; i < row.Length; i++)
            {
                left += lefts[i];
                var ticks = AxisMargins.Horizontal(row[i].X, width);
                placed.Add((row[i], new PanelFrame(row[i].X, row[i].Y, left, top, width, plan.PanelHeight), ticks));
                below = Math.Max(below, ticks.Height);
                left += width + 8;
            }

            top += plan.PanelHeight + below + 4;
        }

        bottom = top;
        return placed;
    }

    /// <summary>Where everything stands.</summary>
    private sealed record Layout(
        IReadOnlyList<string> Title,
        IReadOnlyList<string> Caption,
        IReadOnlyList<IReadOnlyList<(LegendEntry Entry, double X)>> Legend,
        IReadOnlyList<(Panel Panel, PanelFrame Frame, AxisMargins.XTicks Ticks)> Panels,
        double Bottom,
        double Height)
    {
        public static Layout Of(FigurePlan plan, bool hasTitle)
        {
            var inside = plan.Width - (2 * Edge);
            var title = hasTitle ? TextMeasure.Wrap(plan.Title, inside, FigureStyle.TitleSize * TextMeasure.Bold) : [];
            var caption = hasTitle ? TextMeasure.Wrap(plan.Caption, inside, CaptionSize) : [];
            var legend = LegendDrawing.Rows(plan.Legend, inside);
            var top = Edge + (title.Count * TitleRow) + (legend.Count * LegendRow) + (title.Count + legend.Count > 0 ? 6 : 0);
            var panels = Rows(plan, top, out var bottom);
            return new(title, caption, legend, panels, bottom, bottom + (caption.Count > 0 ? (caption.Count * CaptionRow) + 6 : 0) + Edge);
        }
    }
}

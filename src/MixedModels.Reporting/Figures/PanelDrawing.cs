namespace MixedModels.Reporting.Figures;

/// <summary>Draws one panel: grid, axes, layers, title.</summary>
internal static class PanelDrawing
{
    /// <summary>Draws the panel into its frame.</summary>
    public static void Draw(SvgWriter svg, Panel panel, PanelFrame frame, AxisMargins.XTicks ticks)
    {
        if (panel.IsBlank) return;
        var vertical = AxisMargins.Vertical(panel.Y, frame.Height);
        DrawGrid(svg, panel, frame, ticks.Ticks, vertical);

        // A nested svg clips what leaves its rectangle, without identifiers that two figures on a page could share.
        svg.Open(
            "svg",
            ("x", SvgWriter.Number(frame.Left)),
            ("y", SvgWriter.Number(frame.Top)),
            ("width", SvgWriter.Number(frame.Width)),
            ("height", SvgWriter.Number(frame.Height)),
            ("viewBox", $"{SvgWriter.Number(frame.Left)} {SvgWriter.Number(frame.Top)} {SvgWriter.Number(frame.Width)} {SvgWriter.Number(frame.Height)}"));
        foreach (var layer in panel.Layers) layer.Draw(svg, frame);
        svg.Close("svg");

        svg.Line(frame.Left, frame.Bottom, frame.Right, frame.Bottom, ("class", "a"));
        svg.Line(frame.Left, frame.Top, frame.Left, frame.Bottom, ("class", "a"));
        DrawHorizontal(svg, panel, frame, ticks);
        if (!panel.SharesY) DrawVertical(svg, panel, frame, vertical);
        if (panel.Title.Length > 0)
            svg.Text(TextMeasure.Fit(panel.Title, frame.Width, FigureStyle.TextSize * TextMeasure.Bold), frame.Left, frame.Top - 8, "p");
    }

    private static void DrawGrid(SvgWriter svg, Panel panel, PanelFrame frame, IReadOnlyList<Tick> horizontal, IReadOnlyList<Tick> vertical)
    {
        svg.Open("g", ("class", "g"));
        if (!panel.X.IsCategorical)
        {
            foreach (var tick in horizontal) svg.Line(frame.X(tick.Value), frame.Top, frame.X(tick.Value), frame.Bottom);
        }

        if (!panel.Y.IsCategorical)
        {
            foreach (var tick in vertical) svg.Line(frame.Left, frame.Y(tick.Value), frame.Right, frame.Y(tick.Value));
        }

        svg.Close("g");
    }

    private static void DrawHorizontal(SvgWriter svg, Panel panel, PanelFrame frame, AxisMargins.XTicks ticks)
    {
        foreach (var tick in ticks.Ticks)
        {
            var x = frame.X(tick.Value);
            svg.Line(x, frame.Bottom, x, frame.Bottom + 4, ("class", "a"));
            if (ticks.IsSlanted)
                svg.Text(TextMeasure.Fit(tick.Label, Math.Min(AxisMargins.WidestSlanted, (x - 4) / 0.82)), x + 4, frame.Bottom + 15, "", "end", -35);
            else
                svg.Text(tick.Label, x, frame.Bottom + 17, "", "middle");
        }

        if (panel.X.Label.Length > 0)
            svg.Text(TextMeasure.Fit(panel.X.Label, frame.Width + 40), frame.Left + (frame.Width / 2), frame.Bottom + ticks.Height - 6, "m", "middle");
    }

    private static void DrawVertical(SvgWriter svg, Panel panel, PanelFrame frame, IReadOnlyList<Tick> ticks)
    {
        foreach (var tick in ticks)
        {
            var y = frame.Y(tick.Value);
            svg.Line(frame.Left - 4, y, frame.Left, y, ("class", "a"));
            svg.Text(TextMeasure.Fit(tick.Label, AxisMargins.WidestLabel), frame.Left - 7, y + 4, "", "end");
        }

        if (panel.Y.Label.Length > 0)
        {
            var x = frame.Left - AxisMargins.Left(panel) + 14;
            svg.Text(TextMeasure.Fit(panel.Y.Label, frame.Height + 20), x, frame.Top + (frame.Height / 2), "m", "middle", -90);
        }
    }
}

namespace MixedModels.Reporting.Figures;

/// <summary>The legend: entries in rows above the panels.</summary>
internal static class LegendDrawing
{
    private const double KeyWidth = 26;
    private const double Gap = 18;

    /// <summary>The entries in rows that fit, each with its place.</summary>
    public static IReadOnlyList<IReadOnlyList<(LegendEntry Entry, double X)>> Rows(IReadOnlyList<LegendEntry> entries, double room)
    {
        var rows = new List<List<(LegendEntry, double)>>();
        var x = 0.0;
        foreach (var whole in entries)
        {
            var entry = whole with { Label = TextMeasure.Fit(whole.Label, room - KeyWidth) };
            var width = KeyWidth + TextMeasure.Width(entry.Label);
            if (rows.Count == 0 || x + width > room)
            {
                rows.Add([]);
                x = 0;
            }

            rows[^1].Add((entry, x));
            x += width + Gap;
        }

        return rows;
    }

    /// <summary>Draws the rows.</summary>
    public static void Draw(SvgWriter svg, IReadOnlyList<IReadOnlyList<(LegendEntry Entry, double X)>> rows, double left, double top, double rowHeight)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            var middle = top + (rowHeight * (row + 0.5));
            foreach (var (entry, x) in rows[row])
            {
                DrawKey(svg, entry, left + x, middle);
                svg.Text(entry.Label, left + x + KeyWidth, middle + 4);
            }
        }
    }

    private static void DrawKey(SvgWriter svg, LegendEntry entry, double x, double y)
    {
        switch (entry.Key)
        {
            case LegendKey.Point:
                svg.Mark("circle", null, ("class", entry.Style), ("cx", SvgWriter.Number(x + 12)), ("cy", SvgWriter.Number(y)), ("r", "4"), ("fill", "currentColor"));
                break;
            case LegendKey.Area:
                svg.Mark(
                    "rect", null, ("class", entry.Style), ("x", SvgWriter.Number(x + 3)), ("y", SvgWriter.Number(y - 5)), ("width", "18"), ("height", "10"), ("fill", "currentColor"), ("fill-opacity", "0.3"));
                break;
            default:
                var dashes = entry.Key == LegendKey.Dashes ? "5 4" : "none";
                svg.Line(x + 1, y, x + 22, y, ("class", entry.Style), ("stroke", "currentColor"), ("stroke-width", "2"), ("stroke-dasharray", dashes));
                break;
        }
    }
}

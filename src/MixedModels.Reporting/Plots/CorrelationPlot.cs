using System.Globalization;
using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>The estimated correlation matrix of the responses of one level of a group, or of the random effects of a term.</summary>
public sealed class CorrelationPlot : Plot
{
    private const int MostRows = 40;
    private const int MostNumbers = 12;

    /// <inheritdoc/>
    public override string Name => "correlation";

    /// <inheritdoc/>
    public override string Summary => "estimated correlations of the responses of one group";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => PlotWords.NeedsRandomTerm(fit) ?? (fit.Linear is null ? "the covariance of responses is linear models' alone." : null);

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var term = fit.Design.RandomTerms[PlotWords.Term(fit, options.Group)];
        var sizes = term.LevelOfRow.ToArray().CountBy(level => level).ToDictionary();
        var level = Enumerable.Range(0, term.Levels.Count).Where(candidate => sizes[candidate] <= MostRows).OrderByDescending(candidate => sizes[candidate]).ThenBy(candidate => candidate).FirstOrDefault(-1);
        if (level < 0) throw new PlotException($"Every level of '{term.Group}' has more than {MostRows} rows; a matrix of that size cannot be read.");
        var V = fit.Linear!.MarginalCovariance(term.Group, term.Levels[level]);
        var m = V.Rows.Count;
        string[] names = [.. V.Rows.Select(row => (row + 1).ToString(CultureInfo.InvariantCulture))];
        var cells = new List<(double Left, double Top, double Value)>();
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++) cells.Add((j, i, V.Values[i, j] / Math.Sqrt(V.Values[i, i] * V.Values[j, j])));
        }

        double[] off = [.. cells.Where(cell => cell.Left != cell.Top).Select(cell => cell.Value).DefaultIfEmpty(0)];
        var axis = Axis.OfCategories("row", names);
        var reversed = axis with { Label = "", Ticks = [.. names.Select((name, i) => new Tick(m - 1 - i, name))] };
        var layers = new List<Layer>
        {
            new BarLayer([.. cells.Select(cell => cell.Left - 0.5)], [.. cells.Select(cell => cell.Left + 0.5)], [.. cells.Select(cell => m - 1.5 - cell.Top)], [.. cells.Select(cell => m - 0.5 - cell.Top)])
            {
                Opacity = k => 0.85 * Math.Abs(cells[k].Value),
                StyleOf = k => cells[k].Value < 0 ? "s1" : "s0",
                Tooltip = k => $"rows {names[(int)cells[k].Top]} and {names[(int)cells[k].Left]}: {cells[k].Value.ToString("0.000", CultureInfo.InvariantCulture)}",
            },
        };
        if (m <= MostNumbers)
        {
            var named = cells.Where(cell => cell.Left < cell.Top).ToArray();
            layers.Add(new LabelLayer([.. named.Select(cell => cell.Left)], [.. named.Select(cell => m - 1 - cell.Top)], [.. named.Select(cell => cell.Value.ToString("0.00", CultureInfo.InvariantCulture))]) { IsCentred = true });
        }

        return new()
        {
            Name = Name,
            Title = $"Correlation of the responses of {term.Group} {term.Levels[level]}",
            Description = $"{m} responses of {term.Group} {term.Levels[level]} with the random effects integrated out; their correlations lie between {PlotWords.Number(off.Min())} and {PlotWords.Number(off.Max())}.",
            Caption = "Darker is stronger. This is what the random effects say about rows of one group.",
            Panels = [new Panel { X = axis, Y = reversed, Layers = layers }],
            Width = Math.Clamp(140 + (m * 42), 300, 680),
            PanelHeight = Math.Clamp(m * 36, 120, 560),
            Legend = off.Min() < 0 ? [new("positive", "s0", LegendKey.Area), new("negative", "s1", LegendKey.Area)] : [],
        };
    }
}

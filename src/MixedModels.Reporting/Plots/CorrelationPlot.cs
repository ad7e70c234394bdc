using System.Globalization;
using MixedModels.LinearAlgebra;
using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>The estimated correlation matrix of the responses of one level of a group, or of one subject of a residual structure.</summary>
public sealed class CorrelationPlot : Plot
{
    private const int MostRows = 40;
    private const int MostNumbers = 12;

    /// <summary>How much a correlation of 1 covers what lies below.</summary>
    private const double Strongest = 0.85;

    /// <inheritdoc/>
    public override string Name => "correlation";

    /// <inheritdoc/>
    public override string Summary => "estimated correlations of the responses of one group";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => PlotGroups.WhyNone(fit) ?? (fit.Linear is null ? "the covariance of responses is linear models' alone." : null);

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var group = PlotGroups.Find(fit, options.Group);
        var sizes = group.LevelOfRow.ToArray().CountBy(level => level).ToDictionary();
        var level = Enumerable.Range(0, group.Levels.Count).Where(candidate => sizes[candidate] <= MostRows).OrderByDescending(candidate => sizes[candidate]).ThenBy(candidate => candidate).FirstOrDefault(-1);
        if (level < 0) throw new PlotException($"Every level of '{group.Name}' has more than {MostRows} rows; a matrix of that size cannot be read.");
        var (label, names, R) = InOrder(fit, fit.Linear!.MarginalCovariance(group.Name, group.Levels[level]));
        var m = names.Length;
        var cells = Enumerable.Range(0, m).SelectMany(i => Enumerable.Range(0, m).Select(j => (Column: j, Row: i, Value: R[i, j]))).ToArray();
        double[] off = [.. cells.Where(cell => cell.Column != cell.Row).Select(cell => cell.Value).DefaultIfEmpty(0)];
        var isShared = fit.RandomTerms.Count > 0 && fit.Linear!.Residual is not null;
        return new()
        {
            Name = Name,
            Title = $"Correlation of the responses of {group.Name} {group.Levels[level]}",
            Description = $"{m} responses of {group.Name} {group.Levels[level]}{(fit.RandomTerms.Count == 0 ? "" : " with the random effects integrated out")}; their correlations lie between {PlotWords.Number(off.Min())} and {PlotWords.Number(off.Max())}.",
            Caption = $"The stronger the colour, the stronger the correlation. This is what the {(isShared ? "random effects and the residual structure say" : fit.RandomTerms.Count > 0 ? "random effects say" : "residual structure says")} about rows of one {group.Name}.",
            Panels =
            [
                new Panel
                {
                    X = Axis.OfCategories(label, names),
                    Y = Axis.OfCategories("", names) with { Ticks = [.. names.Select((name, i) => new Tick(m - 1 - i, name))] },
                    Layers = [Tiles(cells, names), .. m <= MostNumbers ? [Numbers(cells, m)] : Array.Empty<Layer>()],
                },
            ],
            Width = Math.Clamp(140 + (m * 42), 400, 680),
            PanelHeight = Math.Clamp(m * 36, 120, 560),
            Legend = off.Min() < 0 ? [new("positive", "s0", LegendKey.Area), new("negative", "s1", LegendKey.Area)] : [],
        };
    }

    private static BarLayer Tiles((int Column, int Row, double Value)[] cells, string[] names)
    {
        var top = names.Length - 0.5;
        return new([.. cells.Select(cell => cell.Column - 0.5)], [.. cells.Select(cell => cell.Column + 0.5)], [.. cells.Select(cell => top - 1 - cell.Row)], [.. cells.Select(cell => top - cell.Row)])
        {
            Opacity = k => Strongest * Math.Abs(cells[k].Value),
            StyleOf = k => cells[k].Value < 0 ? "s1" : "s0",
            Tooltip = k => $"{names[cells[k].Row]} and {names[cells[k].Column]}: {cells[k].Value.ToString("0.000", CultureInfo.InvariantCulture)}",
        };
    }

    private static LabelLayer Numbers((int Column, int Row, double Value)[] cells, int m)
    {
        var named = cells.Where(cell => cell.Column < cell.Row).ToArray();
        return new([.. named.Select(cell => (double)cell.Column)], [.. named.Select(cell => m - 1.0 - cell.Row)], [.. named.Select(cell => cell.Value.ToString("0.00", CultureInfo.InvariantCulture).Replace('-', '−'))])
        {
            IsCentred = true,
            IsOnColour = k => Strongest * Math.Abs(named[k].Value) > 0.45,
        };
    }

    /// <summary>The correlations in the order of visits, named by them, where rows have visits of their own; else in the order of the table.</summary>
    private static (string Label, string[] Names, Matrix Correlations) InOrder(IInspectedFit fit, MarginalCovariance V)
    {
        var R = V.Correlations;
        if (VisitPattern.Of(fit.Fit) is { } pattern)
        {
            var rows = fit.Design.Rows.ToArray();
            int[] visits = [.. V.Rows.Select(row => pattern.VisitOfRow.Span[Array.BinarySearch(rows, row)])];
            if (visits.Distinct().Count() == visits.Length)
            {
                int[] order = [.. Enumerable.Range(0, visits.Length).OrderBy(i => visits[i])];
                return (pattern.Visit, [.. order.Select(i => pattern.Visits[visits[i]])], Matrix.FromRows([.. order.Select(i => (IReadOnlyList<double>)[.. order.Select(j => R[i, j])])]));
            }
        }

        return ("row", [.. V.Rows.Select(row => (row + 1).ToString(CultureInfo.InvariantCulture))], R);
    }
}

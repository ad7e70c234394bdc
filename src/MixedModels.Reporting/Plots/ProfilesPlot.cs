using MixedModels.Data;
using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>The raw data: a line a level of a group over a covariate or visits, and the mean of all (or of each level of a factor).</summary>
public sealed class ProfilesPlot : Plot
{
    private const int MostMeans = 30;

    /// <inheritdoc/>
    public override string Name => "profiles";

    /// <inheritdoc/>
    public override string Summary => "responses of each group over a covariate or visits, with mean profiles";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => PlotGroups.WhyNone(fit)
        ?? (PlacesOfRows.Candidates(fit).Count > 0 ? null : "no column of the model can be the horizontal axis.");

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var group = options.Group is null ? PlotGroups.Largest(fit) : PlotGroups.Find(fit, options.Group);
        var x = PlacesOfRows.Of(fit, options.Over ?? PlacesOfRows.Candidates(fit)[0]);
        var factor = Factor(fit, options.By, x.Name);
        var rows = fit.Design.Rows.ToArray();
        var places = x.Values;
        var y = fit.Responses.ToArray();
        int[] kind = [.. rows.Select(row => factor?.Codes.Span[row] ?? 0)];
        var isYesOrNo = PlotWords.HasSingleTrials(fit);
        var data = isYesOrNo ? Answers(places, y, kind) : Lines(group, places, y, kind);
        var kinds = kind.Distinct().Order().ToArray();
        return new()
        {
            Name = Name,
            Title = $"{PlotWords.Response(fit)} over {x.Name}{(isYesOrNo ? "" : $", one line per {group.Name}")}",
            Description = $"{PlotWords.Count(group.Levels.Count)} levels of {group.Name} over {x.Name} from {x.NameOf(places.Min())} to {x.NameOf(places.Max())}{(factor is null ? "" : $", coloured by {factor.Name}")}; responses lie between {PlotWords.Number(y.Min())} and {PlotWords.Number(y.Max())}.",
            Caption = (isYesOrNo ? "Dots: the answers, spread about 0 and 1." : RowsOfLines(group, kind).Any(line => line.Select(r => places[r]).Distinct().Count() < line.Count()) ? "Thin lines: the data, rows of one place averaged." : "Thin lines: the data.") + " Thick lines: means of the data at each value, or a smooth line where values hardly repeat.",
            Panels = [new Panel { X = x.Axis, Y = Axis.Of(PlotWords.Response(fit), isYesOrNo ? DataRange.Of(y) with { IsWhole = false } : DataRange.Of(y)), Layers = [.. data, .. kinds.Select(own => Mean(places, y, kind, own))] }],
            PanelHeight = 330,
            Legend = factor is null ? [] : [.. kinds.Select(own => LegendEntry.OfLine(factor.Levels[own], own))],
        };
    }

    private static IGrouping<(int Level, int Kind), int>[] RowsOfLines(RowGroup group, int[] kind) =>
        [.. Enumerable.Range(0, kind.Length).GroupBy(r => (Level: group.LevelOfRow.Span[r], Kind: kind[r]))];

    /// <summary>A line a level, those of a kind in one path that gaps part; rows at one place are averaged.</summary>
    private static IEnumerable<Layer> Lines(RowGroup group, double[] x, double[] y, int[] kind)
    {
        var lines = RowsOfLines(group, kind);
        var opacity = Math.Clamp(12.0 / lines.Length, 0.12, 0.6);
        foreach (var style in lines.GroupBy(line => line.Key.Kind).OrderBy(own => own.Key))
        {
            var points = style.SelectMany(line => line.GroupBy(r => x[r]).OrderBy(place => place.Key).Select(place => (X: place.Key, Y: place.Average(r => y[r]))).Append((X: double.NaN, Y: double.NaN))).ToArray();
            yield return new LineLayer([.. points.Select(point => point.X)], [.. points.Select(point => point.Y)]) { Style = FigureStyle.Series(style.Key), Width = 1, Opacity = opacity };
        }
    }

    /// <summary>Yes and no as dots, those of one answer spread inwards so that many can be told from few.</summary>
    private static IEnumerable<Layer> Answers(double[] x, double[] y, int[] kind) => Enumerable.Range(0, x.Length).GroupBy(r => kind[r]).OrderBy(own => own.Key).Select(own => new PointLayer(
        [.. own.Select(r => x[r])], [.. own.Select((r, i) => y[r] + ((y[r] > 0.5 ? -1 : 1) * (0.03 + Spread.Of(i, 0.03))))])
    { Style = FigureStyle.Series(own.Key), Radius = 2 });

    /// <summary>The mean of a kind at each value, or a smooth line through its rows, which stays within the responses.</summary>
    private static LineLayer Mean(double[] x, double[] y, int[] kind, int own)
    {
        int[] rows = [.. Enumerable.Range(0, x.Length).Where(r => kind[r] == own)];
        var means = rows.GroupBy(r => x[r]).OrderBy(group => group.Key).Select(group => (X: group.Key, Y: group.Average(r => y[r]))).ToArray();
        var line = new LineLayer([], []) { Style = FigureStyle.Series(own), Width = 3, IsDashed = FigureStyle.IsRepeated(own) };
        var values = x.Distinct().Count();
        if (values <= MostMeans && x.Length >= 2 * values) return line with { X = [.. means.Select(mean => mean.X)], Y = [.. means.Select(mean => mean.Y)] };
        var smooth = Smoother.Of([.. rows.Select(r => x[r])], [.. rows.Select(r => y[r])]);
        return line with { X = smooth.X, Y = [.. smooth.Y.Select(height => Math.Clamp(height, y.Min(), y.Max()))] };
    }

    private static FactorColumn? Factor(IInspectedFit fit, string? by, string over)
    {
        var known = fit.Factors();
        if (by is not null && !known.Contains(by, StringComparer.Ordinal))
            throw new PlotException($"The fixed part has no factor '{by}'{(known.Count == 0 ? "" : $"; it has {string.Join(", ", known)}")}.");
        var name = by ?? known.FirstOrDefault(own => !string.Equals(own, over, StringComparison.Ordinal));
        return name is null ? null : (FactorColumn)fit.Design.Data[name];
    }
}

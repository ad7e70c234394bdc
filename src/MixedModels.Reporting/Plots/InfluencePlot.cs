using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>How far each fixed effect would move without each level of a group, in standard errors.</summary>
public sealed class InfluencePlot : Plot
{
    private const int MostEffects = 6;

    /// <summary>Of more levels those that matter most are shown: the others lie at zero.</summary>
    private const int MostLevels = 30;
    private const double RowHeight = 14;
    private const double TallestPanel = 900;

    /// <inheritdoc/>
    public override string Name => "influence";

    /// <inheritdoc/>
    public override string Summary => "how far the fixed effects would move without each level of a group";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => PlotGroups.WhyNone(fit)
        ?? (fit.Design.Fixed.ColumnNames.Count == 0 ? "the model has no fixed effects that could move." : null);

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var group = PlotGroups.Find(fit, options.Group).Name;
        var table = Table(fit, group, cancellationToken);
        int[] order = [.. Enumerable.Range(0, table.Count).OrderBy(k => double.IsNaN(table[k].CookDistance) ? double.PositiveInfinity : table[k].CookDistance).ThenBy(k => k).TakeLast(MostLevels)];
        int[] effects = [.. Enumerable.Range(0, table.CoefficientNames.Count).OrderByDescending(j => table.Max(row => Math.Abs(row.Dfbetas[j]))).Take(MostEffects).Order()];
        var height = Math.Clamp(order.Length * RowHeight, 120, TallestPanel);
        var y = Axis.OfCategories("", [.. order.Select(k => table[k].Name)]);
        var range = DataRange.Of(table.SelectMany(row => row.Dfbetas)).With(-1).With(1);
        var most = table[order[^1]];
        return new()
        {
            Name = Name,
            Title = $"Fixed effects without each level of {group}",
            Description = $"{PlotWords.Count(table.Count)} levels in the order of Cook's distance{(table.Count > order.Length ? $", the {order.Length} with the largest shown" : "")}, the largest {PlotWords.Number(most.CookDistance)} of {most.Name}. {PlotWords.Count(table.Count(row => row.Dfbetas.Any(value => Math.Abs(value) > 1)))} of them would move an estimate by more than a standard error.",
            Caption = (table.Count > order.Length ? $"The {order.Length} levels of {PlotWords.Count(table.Count)} with the largest Cook's distance. " : "") + $"Dots: change of the estimate in standard errors if the level's rows were not there, {(fit.Linear is null ? "by one Newton step of all parameters" : "the variances held")}. Dashed: one standard error."
                + (order.Any(k => double.IsNaN(table[k].CookDistance)) ? " A level without dots is one without which the effects cannot be estimated." : "")
                + (effects.Length < table.CoefficientNames.Count ? $" The {MostEffects} effects that move most are shown." : ""),
            Panels = [.. effects.Select((j, place) => EffectPanel(table, j, order, y, range, place, height))],
            Columns = Math.Min(3, effects.Length),
            PanelHeight = height,
        };
    }

    private static Panel EffectPanel(InfluenceTable table, int effect, int[] order, Axis y, DataRange range, int place, double height)
    {
        double[] values = [.. order.Select(k => table[k].Dfbetas[effect])];
        double[] rows = [.. Enumerable.Range(0, order.Length).Select(row => (double)row)];
        return new()
        {
            Title = table.CoefficientNames[effect],
            X = Axis.Of("", range, 4),
            Y = y,
            SharesY = place % 3 != 0,
            Layers =
            [
                new RuleLayer(0) { IsUpright = true, IsDashed = false },
                new RuleLayer(-1) { IsUpright = true },
                new RuleLayer(1) { IsUpright = true },
                new PointLayer(values, rows)
                {
                    Radius = Math.Clamp(height / order.Length / 4, 1.2, 3.4),
                    Opacity = 0.9,
                    Tooltip = row => $"without {table[order[row]].Name}: {PlotWords.Number(values[row])} standard errors, {PlotWords.Number(table[order[row]].Changes[effect])}",
                },
            ],
        };
    }

    private static InfluenceTable Table(IInspectedFit fit, string group, CancellationToken cancellationToken)
    {
        try
        {
            return fit.Influence(group, cancellationToken);
        }
        catch (InferenceException failure)
        {
            throw new PlotException(failure.Message);
        }
    }
}

using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>How far the model pulls each level of a group from what its own rows say towards the whole.</summary>
/// <remarks>
/// A level's own estimate is that of maximum likelihood from its rows (of a linear model least squares), on its columns of Z: the effects without shrinkage,
/// the fixed effects and other terms held. Levels whose rows do not determine their effects are left out and counted.
/// </remarks>
public sealed class ShrinkagePlot : Plot
{
    /// <inheritdoc/>
    public override string Name => "shrinkage";

    /// <inheritdoc/>
    public override string Summary => "conditional modes beside what each level's own rows say";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => PlotWords.NeedsRandomTerm(fit)
        ?? PlotWords.NeedsIndependentResiduals(fit, "the levels' own estimates are least squares, which is");

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var index = PlotWords.Term(fit, options.Group);
        var (term, modes) = (fit.Design.RandomTerms[index], fit.ConditionalModes()[index]);
        var own = LevelEstimates.Of(fit, index);
        int[] known = [.. Enumerable.Range(0, own.Length).Where(level => own[level] is not null)];
        if (known.Length == 0) throw new PlotException($"No level of '{term.Group}' has rows enough to determine its effects by itself, so there is nothing to compare with.");
        var isPlane = term.ColumnNames.Count >= 2;
        return new()
        {
            Name = Name,
            Title = $"Shrinkage of {term.Group}",
            Description = $"{PlotWords.Count(known.Length)} levels: what their own rows say, and the conditional modes, whose spread is {PlotWords.Percent(Math.Round(Spread(known, level => modes.Modes[level, 0]) / Spread(known, level => own[level]![0]), 3))} of it for {term.ColumnNames[0]}."
                + (known.Length < own.Length ? $" {PlotWords.Count(own.Length - known.Length)} levels do not determine their effects alone and are left out." : ""),
            Caption = "Lines lead from a level's own estimate to its conditional mode. Levels with few rows, or far out, move most.",
            Panels = [isPlane ? Plane(term.ColumnNames, term.Levels, modes, own, known) : Line(term.ColumnNames[0], modes, own, known)],
            PanelHeight = isPlane ? 380 : 220,
            Legend = [new("own rows alone", "s1"), new("conditional mode", "s0")],
        };
    }

    private static Panel Plane(IReadOnlyList<string> names, IReadOnlyList<string> levels, ConditionalModes modes, double[]?[] own, int[] known)
    {
        double[] x1 = [.. known.Select(level => own[level]![0])];
        double[] y1 = [.. known.Select(level => own[level]![1])];
        double[] x2 = [.. known.Select(level => modes.Modes[level, 0])];
        double[] y2 = [.. known.Select(level => modes.Modes[level, 1])];
        return new()
        {
            X = Axis.Of(names[0], DataRange.Of(x1.Concat(x2)).With(0)),
            Y = Axis.Of(names[1], DataRange.Of(y1.Concat(y2)).With(0)),
            Layers =
            [
                new RuleLayer(0), new RuleLayer(0) { IsUpright = true },
                new LineLayer([.. x1.Zip(x2).SelectMany(pair => new[] { pair.First, pair.Second, double.NaN })], [.. y1.Zip(y2).SelectMany(pair => new[] { pair.First, pair.Second, double.NaN })]) { Style = "r", Width = Paleness(known) < 0.5 ? 0.7 : 1, Opacity = Paleness(known) },
                new PointLayer(x1, y1) { Style = "s1", Radius = 2.6, Tooltip = k => $"{levels[known[k]]}, own rows alone: {PlotWords.Number(x1[k])}, {PlotWords.Number(y1[k])}" },
                new PointLayer(x2, y2) { Radius = 3.2, Tooltip = k => $"{levels[known[k]]}: {PlotWords.Number(x2[k])}, {PlotWords.Number(y2[k])}" },
            ],
        };
    }

    private static Panel Line(string name, ConditionalModes modes, double[]?[] own, int[] known)
    {
        double[] from = [.. known.Select(level => own[level]![0])];
        double[] to = [.. known.Select(level => modes.Modes[level, 0])];
        var heights = known.Select(_ => 1.0).ToArray();
        var feet = known.Select(_ => 0.0).ToArray();
        return new()
        {
            X = Axis.Of(name, DataRange.Of(from.Concat(to)).With(0), 6),
            Y = Axis.OfCategories("", ["mode", "own rows"]),
            Layers =
            [
                new LineLayer([.. from.Zip(to).SelectMany(pair => new[] { pair.First, pair.Second, double.NaN })], [.. known.SelectMany(_ => new[] { 1, 0, double.NaN })]) { Style = "r", Width = Paleness(known) < 0.5 ? 0.7 : 1, Opacity = Paleness(known) },
                new PointLayer(from, heights) { Style = "s1", Tooltip = k => $"{modes.Levels[known[k]]}, own rows alone: {PlotWords.Number(from[k])}" },
                new PointLayer(to, feet) { Tooltip = k => $"{modes.Levels[known[k]]}: {PlotWords.Number(to[k])}" },
            ],
        };
    }

    /// <summary>How strong the lines between estimates are: paler where there are many.</summary>
    private static double Paleness(int[] levels) => Math.Clamp(60.0 / levels.Length, 0.25, 0.6);

    private static double Spread(int[] levels, Func<int, double> value)
    {
        var mean = levels.Average(value);
        return Math.Sqrt(levels.Average(level => Math.Pow(value(level) - mean, 2)));
    }
}

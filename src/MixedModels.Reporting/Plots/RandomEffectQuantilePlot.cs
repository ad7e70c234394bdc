using MixedModels.Reporting.Figures;

namespace MixedModels.Reporting.Plots;

/// <summary>The conditional modes of one random term against normal quantiles, a panel an effect.</summary>
public sealed class RandomEffectQuantilePlot : Plot
{
    private const int LeastLevels = 5;

    /// <inheritdoc/>
    public override string Name => "ranef-qq";

    /// <inheritdoc/>
    public override string Summary => "normal quantile plot of the random effects with a simultaneous band";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => PlotWords.NeedsRandomTerm(fit)
        ?? (fit.ConditionalModes().Any(IsDrawable) ? null : $"no random term has at least {LeastLevels} levels whose effects vary.");

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var terms = fit.ConditionalModes();
        var term = options.Group is null ? terms.First(IsDrawable) : terms[PlotWords.Term(fit, options.Group)];
        int[] effects = [.. Enumerable.Range(0, term.ColumnNames.Count).Where(effect => Varies(term, effect))];
        if (!IsDrawable(term)) throw new PlotException($"'{term.Group}' has fewer than {LeastLevels} levels whose effects vary; there are no quantiles to speak of.");
        NormalQuantiles[] quantiles = [.. effects.Select(effect => NormalQuantiles.Of(Modes(term, effect)))];
        return new()
        {
            Name = Name,
            Title = $"Normal quantiles of the random effects of {term.Group}",
            Description = string.Join(' ', quantiles.Select((values, k) => QuantilePanel.Describe(values, $"{PlotWords.Count(values.Values.Count)} conditional modes of {term.ColumnNames[effects[k]]}"))),
            Caption = QuantilePanel.Caption + " Conditional modes are shrunk, which makes them look more normal than the effects are.",
            Panels = [.. quantiles.Select((values, k) => QuantilePanel.Of(values, term.ColumnNames[effects[k]], k % 2 == 0 ? "Conditional mode" : "", level => term.Levels[level]))],
            Columns = Math.Min(2, quantiles.Length),
            PanelHeight = 260,
        };
    }

    private static bool IsDrawable(ConditionalModes term) => term.Levels.Count >= LeastLevels && Enumerable.Range(0, term.ColumnNames.Count).Any(effect => Varies(term, effect));

    private static bool Varies(ConditionalModes term, int effect) => Modes(term, effect).Distinct().Skip(1).Any();

    private static double[] Modes(ConditionalModes term, int effect) => [.. Enumerable.Range(0, term.Levels.Count).Select(level => term.Modes[level, effect])];
}

using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>Half the mean squared difference of residuals within subjects against their distance, with what the residual structure says, and of normalised residuals, which should lie at 1.</summary>
public sealed class SemivariogramPlot : Plot
{
    /// <inheritdoc/>
    public override string Name => "semivariogram";

    /// <inheritdoc/>
    public override string Summary => "how residuals within subjects differ with their distance, beside the fitted structure";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) =>
        fit.Linear is null ? "residuals of other families have no correlation structure to compare with."
        : fit.Linear.Sigma == 0 ? "the model has no residual variance."
        : fit.Linear.Model.Options.Residual is null && fit.Design.RandomTerms.All(term => term.Memberships is not null) ? "the model has no groups within which residuals could be compared."
        : null;

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var scaled = Values(fit.Linear!, options, ResidualKind.Scaled);
        var panels = new List<Panel> { Panel(scaled, "Standardised residuals", fit.Linear!.Residual is null) };
        if (fit.Linear!.Residual is not null) panels.Add(Panel(Values(fit.Linear!, options, ResidualKind.Normalized), "Normalised by the structure", isFlat: true));
        var (first, last) = (scaled.Bins[0], scaled.Bins[^1]);
        return new()
        {
            Name = Name,
            Title = $"Semivariogram of residuals within {scaled.Within}",
            Description = $"{PlotWords.Count(scaled.Pairs)} pairs of rows in {PlotWords.Count(scaled.Bins.Count)} bins: from {PlotWords.Number(first.Value)} at the distance {PlotWords.Number(first.Distance)} (model {PlotWords.Number(first.Model)}) "
                + $"to {PlotWords.Number(last.Value)} at {PlotWords.Number(last.Distance)} (model {PlotWords.Number(last.Model)}).",
            Caption = "Dots: half the mean squared difference of two residuals, bins of about as many pairs; larger dots have more. "
                + (fit.Linear!.Residual is null
                    ? "Dashed: residuals without correlation, as the model has them. A rise with distance is correlation that it does not have."
                    : "Line: 1 − correlation by the model; normalised residuals should lie about 1. A rise with distance is correlation; dots off the line are correlation that the model does not have."),
            Panels = panels,
            Columns = panels.Count,
            Legend = [new("residuals", "s0"), .. fit.Linear!.Residual is null ? [] : new LegendEntry[] { new("model", "s1", LegendKey.Line) }, new("no correlation", "r", LegendKey.Dashes)],
        };
    }

    private static Semivariogram Values(LinearMixedModelFit fit, PlotOptions options, ResidualKind kind)
    {
        try
        {
            return fit.Semivariogram(new() { Kind = kind, Distance = options.Over ?? Distance(fit), Within = options.Group });
        }
        catch (InferenceException failure)
        {
            throw new PlotException(failure.Message);
        }
    }

    /// <summary>Without a residual structure the first covariate; the structure's own coordinates otherwise.</summary>
    private static string? Distance(LinearMixedModelFit fit) => fit.Model.Options.Residual is null && fit.Inspect().Covariates() is [var first, ..] ? first : null;

    private static Panel Panel(Semivariogram values, string title, bool isFlat)
    {
        double[] x = [.. values.Bins.Select(bin => bin.Distance)];
        double[] y = [.. values.Bins.Select(bin => bin.Value)];
        var most = values.Bins.Max(bin => bin.Pairs);
        var layers = new List<Layer>();
        foreach (var group in Enumerable.Range(0, x.Length).GroupBy(k => Math.Ceiling(4.0 * values.Bins[k].Pairs / most)).OrderBy(group => group.Key))
        {
            int[] own = [.. group];
            layers.Add(new PointLayer([.. own.Select(k => x[k])], [.. own.Select(k => y[k])])
            {
                Radius = 1.6 + (0.6 * group.Key),
                Tooltip = i => $"{PlotWords.Number(y[own[i]])} at {PlotWords.Number(x[own[i]])}, model {PlotWords.Number(values.Bins[own[i]].Model)}, {PlotWords.Count(values.Bins[own[i]].Pairs)} pairs",
            });
        }

        if (isFlat) layers.Insert(0, new RuleLayer(1));
        else layers.Insert(0, new LineLayer(x, [.. values.Bins.Select(bin => bin.Model)]) { Style = "s1" });
        return new()
        {
            Title = title,
            X = Axis.Of($"Distance in {values.Distance}", DataRange.Of(x).With(0), 6),
            Y = Axis.Of("Semivariogram", DataRange.Of(y).With(DataRange.Of(values.Bins.Select(bin => bin.Model))).With(0) with { StartsAtLower = true }),
            Layers = layers,
        };
    }
}

using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>Responses against what the model predicts for them, for the population and for each row's own groups.</summary>
public sealed class PredictedObservedPlot : Plot
{
    /// <inheritdoc/>
    public override string Name => "predicted";

    /// <inheritdoc/>
    public override string Summary => "responses against predictions, without and with the random effects";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => PlotWords.HasSingleTrials(fit)
        ? "yes and no answers lie on two lines, whatever is predicted (mixed plot calibration and roc compare them)."
        : null;

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var y = fit.Responses.ToArray();
        var population = fit.PopulationMeans.ToArray();
        var own = fit.FittedMeans.ToArray();
        var hasRandom = fit.RandomTerms.Count > 0;
        var (range, predicted) = (DataRange.Of(y), DataRange.Of(own.Concat(population)));
        Panel Of(string title, double[] x, bool isFirst) => new()
        {
            Title = title,
            X = Axis.Of("Predicted", predicted, 4),
            Y = Axis.Of(isFirst ? PlotWords.Response(fit) : "", range, 5),
            SharesY = !isFirst,
            Layers = [new RuleLayer(0, 1), new PointLayer(x, y) { Tooltip = i => $"row {fit.Design.Rows.Span[i] + 1}: {PlotWords.Number(y[i])}, predicted {PlotWords.Number(x[i])}" }],
        };
        return new()
        {
            Name = Name,
            Title = "Responses against predictions",
            Description = $"The correlation of {PlotWords.Count(y.Length)} responses with their predictions is {PlotWords.Number(Correlation(population, y))} from the fixed effects alone{(hasRandom ? $" and {PlotWords.Number(Correlation(own, y))} with the random effects" : "")}.",
            Caption = "Dashed: prediction and response equal. Points that lie flatter than the line are the pull towards the mean that every prediction has.",
            Panels = hasRandom ? [Of("Fixed effects alone", population, isFirst: true), Of("With random effects", own, isFirst: false)] : [Of("", population, isFirst: true)],
            Columns = hasRandom ? 2 : 1,
        };
    }

    private static double Correlation(double[] a, double[] b)
    {
        var (ma, mb) = (a.Average(), b.Average());
        double saa = 0, sbb = 0, sab = 0;
        for (var i = 0; i < a.Length; i++)
        {
            saa += (a[i] - ma) * (a[i] - ma);
            sbb += (b[i] - mb) * (b[i] - mb);
            sab += (a[i] - ma) * (b[i] - mb);
        }

        return saa > 0 && sbb > 0 ? sab / Math.Sqrt(saa * sbb) : 0;
    }
}

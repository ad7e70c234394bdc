using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>A panel of values against normal quantiles.</summary>
internal static class QuantilePanel
{
    /// <summary>What a reader needs to know of the band.</summary>
    public const string Caption = "Band: normal values leave it anywhere in 5 % of samples. Ends that turn outwards are heavy tails; a bend is skewness.";

    /// <summary>Why there can be no such panel; null where there can.</summary>
    public static string? WhyNot(ReadOnlySpan<double> values, string what)
    {
        if (values.Length < 3) return $"quantiles need at least 3 {what}.";
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] != values[0]) return null;
        }

        return $"all {what} are equal.";
    }

    /// <summary>The panel.</summary>
    /// <param name="quantiles">The values.</param>
    /// <param name="title">What stands above it.</param>
    /// <param name="label">What the values are.</param>
    /// <param name="name">The name of a value by its original place.</param>
    public static Panel Of(NormalQuantiles quantiles, string title, string label, Func<int, string> name)
    {
        double[] places = [.. quantiles.Band.Select(point => point.Expected)];
        double[] lower = [.. quantiles.Band.Select(point => point.Lower)];
        double[] upper = [.. quantiles.Band.Select(point => point.Upper)];
        return new()
        {
            Title = title,
            X = Axis.Of("Normal quantile", DataRange.Of(quantiles.Expected)),
            Y = Axis.Of(label, DataRange.Of(quantiles.Values).With(quantiles.Mean + (quantiles.StandardDeviation * places[0])).With(quantiles.Mean + (quantiles.StandardDeviation * places[^1]))),
            Layers =
            [
                new BandLayer(places, lower, upper),
                new RuleLayer(quantiles.Mean, quantiles.StandardDeviation),
                new PointLayer(quantiles.Expected, quantiles.Values) { Opacity = 0.9, Tooltip = i => $"{name(quantiles.Order[i])}: {PlotWords.Number(quantiles.Values[i])}" },
            ],
        };
    }

    /// <summary>What can be seen, in a sentence.</summary>
    public static string Describe(NormalQuantiles quantiles, string what) =>
        $"{what} against normal quantiles; {(quantiles.IsOutside ? "some leave the band, so they are not normal" : "all lie within the band expected of normal values")}.";
}

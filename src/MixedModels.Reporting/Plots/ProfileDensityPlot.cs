using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>The density of each parameter that its profile amounts to: that of zeta as a standard normal number.</summary>
public sealed class ProfileDensityPlot : Plot
{
    private const int Places = 100;

    /// <inheritdoc/>
    public override string Name => "profile-density";

    /// <inheritdoc/>
    public override string Summary => "profile likelihood of each parameter as a density";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => null;

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var profiles = ProfileCurves.Of(fit, options, cancellationToken);
        return new()
        {
            Name = Name,
            Title = "Profile likelihood as densities",
            Description = ProfileCurves.Describe(profiles),
            Caption = $"The density that makes zeta standard normal. Shaded: the {PlotWords.Percent(options.Level)} interval. A curve cut off at 0 is a standard deviation that could be 0.",
            Panels = [.. profiles.Select((profile, k) => PanelOf(PlotWords.Parameter(fit, profile.Curve.Name), profile.Curve, profile.Interval, k))],
            Columns = Math.Min(3, profiles.Count),
            PanelHeight = 150,
        };
    }

    private static Panel PanelOf(string title, ParameterProfile profile, ConfidenceInterval interval, int place)
    {
        var (from, to) = (profile.Points[0].Value, profile.Points[^1].Value);
        var step = (to - from) / Places;
        double[] values = [.. Enumerable.Range(0, Places).Select(k => from + (step * (k + 0.5)))];
        double[] density = [.. values.Select(value => Density(profile.Zeta(value)) * Math.Max(0, profile.Zeta(value + (step / 2)) - profile.Zeta(value - (step / 2))) / step)];
        int[] inside = [.. Enumerable.Range(0, Places).Where(k => values[k] >= interval.Lower && values[k] <= interval.Upper)];
        var range = DataRange.Of(density).With(0) with { StartsAtLower = true };
        return new()
        {
            Title = title,
            X = Axis.Of("", new(from, to), 3),
            Y = Axis.Of(place % 3 == 0 ? "density" : "", range, 3),
            Layers =
            [
                new BandLayer([.. inside.Select(k => values[k])], [.. inside.Select(_ => 0.0)], [.. inside.Select(k => density[k])]),
                new LineLayer(values, density),
                new RuleLayer(profile.Estimate) { IsUpright = true },
            ],
        };
    }

    private static double Density(double z) => Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI);
}

using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>The signed root of the profile likelihood of each parameter: straight where the likelihood is normal.</summary>
public sealed class ProfileZetaPlot : Plot
{
    private const int Places = 80;

    /// <inheritdoc/>
    public override string Name => "profile";

    /// <inheritdoc/>
    public override string Summary => "profile likelihood of each parameter as zeta, with intervals";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => null;

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var profiles = ProfileCurves.Of(fit, options, cancellationToken);
        var z = NormalQuantiles.TwoSided(options.Level);
        return new()
        {
            Name = Name,
            Title = "Profile likelihood",
            Description = ProfileCurves.Describe(profiles),
            Caption = $"Height: signed root of the rise of the deviance by maximum likelihood when the parameter is held there. A straight line is a normal likelihood. Dashed: ends of the {PlotWords.Percent(options.Level)} interval.",
            Panels = [.. profiles.Select((profile, k) => PanelOf(PlotWords.Parameter(fit, profile.Curve.Name), profile.Curve, profile.Interval, z, k))],
            Columns = Math.Min(3, profiles.Count),
            PanelHeight = 150,
        };
    }

    private static Panel PanelOf(string title, ParameterProfile profile, ConfidenceInterval interval, double z, int place)
    {
        var (from, to) = (profile.Points[0].Value, profile.Points[^1].Value);
        double[] values = [.. Enumerable.Range(0, Places).Select(k => from + ((to - from) * k / (Places - 1)))];
        double[] zeta = [.. values.Select(profile.Zeta)];
        return new()
        {
            Title = title,
            X = Axis.Of("", new(from, to), 3),
            Y = Axis.Of(place % 3 == 0 ? "zeta" : "", DataRange.Of(zeta).With(-z).With(z)),
            Layers =
            [
                new RuleLayer(0) { IsDashed = false },
                new RuleLayer(interval.Lower) { IsUpright = true }, new RuleLayer(interval.Upper) { IsUpright = true },
                new LineLayer(values, zeta),
                new PointLayer([profile.Estimate], [0]) { Opacity = 1 },
            ],
        };
    }
}

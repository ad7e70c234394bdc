using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>Contours of the profile likelihood of each pair of parameters with their traces.</summary>
/// <remarks>
/// Source: Bates and Watts 1988, Nonlinear regression analysis, section 6.1.3 and appendix A.6: contours by interpolation of angles between the four places
/// where traces meet them, as <see cref="PairContour"/> says.
/// </remarks>
public sealed class ProfilePairsPlot : Plot
{
    private const int MostParameters = 6;

    /// <summary>Far enough for the outermost contour: zeta 2.45 is the 95 % limit of two parameters together.</summary>
    private const double TracedLevel = 0.99;

    /// <summary>The contours, each the limit for two parameters together: √ of the chi-square quantile of 2 degrees of freedom, −2 log(1 − level).</summary>
    private static readonly double[] levels = [0.5, 0.8, 0.95];

    /// <inheritdoc/>
    public override string Name => "profile-pairs";

    /// <inheritdoc/>
    public override string Summary => "contours of the profile likelihood of pairs of parameters, with traces";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => null;

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var profile = ProfileCurves.Profile(fit, TracedLevel, cancellationToken);
        var drawn = profile.Parameters.Where(own => own.Points.Count > 2 && double.IsFinite(own.Estimate)).Take(MostParameters).ToArray();
        if (drawn.Length < 2) throw new PlotException("Fewer than two parameters have a profile that can be drawn; look at mixed plot profile.");
        var names = profile.ParameterNames.ToList();
        int[] places = [.. drawn.Select(own => names.IndexOf(own.Name))];
        var contours = Enumerable.Range(0, drawn.Length).SelectMany(k => Enumerable.Range(0, k).Select(j => (J: j, K: k)))
            .ToDictionary(pair => pair, pair => levels.Select(level => PairContour.Of(drawn[pair.J], places[pair.J], drawn[pair.K], places[pair.K], Math.Sqrt(-2 * Math.Log(1 - level)))).ToArray());
        var ranges = Enumerable.Range(0, drawn.Length).Select(own => Range(own, drawn, contours)).ToArray();
        var side = drawn.Length - 1;
        var panels = new List<Panel>();
        for (var row = 1; row <= side; row++)
        {
            for (var column = 0; column < side; column++)
            {
                var x = Axis.Of(row == side ? PlotWords.Parameter(fit, drawn[column].Name) : "", ranges[column], 3);
                if (row < side) x = x with { Ticks = [.. x.Ticks.Select(tick => tick with { Label = "" })] };
                var y = Axis.Of(column == 0 ? PlotWords.Parameter(fit, drawn[row].Name) : "", ranges[row], 3);
                panels.Add(column >= row
                    ? new Panel { X = x, Y = y, Layers = [], SharesY = true, IsBlank = true }
                    : PanelOf(x, y, contours[(column, row)], (drawn[column], places[column]), (drawn[row], places[row]), isFirst: column == 0));
            }
        }

        return new()
        {
            Name = Name,
            Title = "Profile likelihood of pairs of parameters",
            Description = $"Contours of {string.Join(", ", drawn.Select(own => $"{own.Name} {PlotWords.Number(own.Estimate)}"))}, pair by pair: {Strongest(drawn, places)}"
                + (profile.Parameters.Count > drawn.Length ? $" The first {drawn.Length} of {profile.Parameters.Count} parameters are shown." : ""),
            Caption = "Contours: 50, 80 and 95 % regions of two parameters together. Lines: where one parameter's optimum goes as the other is held elsewhere; they cross at the estimates, at right angles where the two do not matter to each other. Ellipses are a normal likelihood.",
            Panels = panels,
            Columns = side,
            PanelHeight = Math.Clamp(520.0 / side, 92, 260),
        };
    }

    private static Panel PanelOf(Axis x, Axis y, (double[] X, double[] Y)[] contours, (ParameterProfile Curve, int Place) across, (ParameterProfile Curve, int Place) up, bool isFirst)
    {
        var layers = new List<Layer>
        {
            new LineLayer([.. across.Curve.Points.Select(point => point.Value)], [.. across.Curve.Points.Select(point => point.Parameters[up.Place])]) { Style = "s1", Width = 1.2 },
            new LineLayer([.. up.Curve.Points.Select(point => point.Parameters[across.Place])], [.. up.Curve.Points.Select(point => point.Value)]) { Style = "s2", Width = 1.2 },
        };
        layers.AddRange(contours.Select(contour => new LineLayer(contour.X, contour.Y) { Width = 1.3 }));
        layers.Add(new PointLayer([across.Curve.Estimate], [up.Curve.Estimate]) { Opacity = 1, Radius = 2.4 });
        return new() { X = x, Y = y, Layers = layers, SharesY = !isFirst };
    }

    private static DataRange Range(int own, ParameterProfile[] drawn, Dictionary<(int J, int K), (double[] X, double[] Y)[]> contours)
    {
        var range = DataRange.Of([drawn[own].Estimate]);
        foreach (var (pair, lines) in contours)
        {
            foreach (var (x, y) in lines)
            {
                if (pair.J == own) range = range.With(DataRange.Of(x));
                if (pair.K == own) range = range.With(DataRange.Of(y));
            }
        }

        return range;
    }

    private static string Strongest(ParameterProfile[] drawn, int[] places)
    {
        var (most, names) = (0.0, "");
        for (var k = 0; k < drawn.Length; k++)
        {
            for (var j = 0; j < k; j++)
            {
                var slope = PairContour.Trace(drawn[j], drawn[k], places[k], 1);
                if (Math.Abs(slope) > Math.Abs(most)) (most, names) = (slope, $"{drawn[j].Name} and {drawn[k].Name}");
            }
        }

        return $"those that depend most on each other are {names}, whose estimates are correlated about {PlotWords.Number(Math.Round(most, 2))}.";
    }
}

using MixedModels.Data;
using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>The raw data: a line a level of a group over a covariate, and the mean of all (or of each level of a factor).</summary>
public sealed class ProfilesPlot : Plot
{
    private const int MostMeans = 30;

    /// <inheritdoc/>
    public override string Name => "profiles";

    /// <inheritdoc/>
    public override string Summary => "responses of each group over a covariate, with mean profiles";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => PlotWords.NeedsRandomTerm(fit)
        ?? (fit.Design.RandomTerms.All(term => term.Memberships is not null) ? "rows belong to several levels of every group, so that no line is a level's own." : null)
        ?? (Numeric(fit).Any() ? null : "no numeric column of the model can be the horizontal axis.");

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var term = fit.Design.RandomTerms[options.Group is null ? LargestTerm(fit) : PlotWords.Term(fit, options.Group)];
        PlotWords.RequireOneLevel(term);
        var x = options.Over is null
            ? Numeric(fit).First()
            : Numeric(fit).FirstOrDefault(column => string.Equals(column.Name, options.Over, StringComparison.Ordinal))
                ?? throw new PlotException($"The model has no numeric column '{options.Over}'; it has {string.Join(", ", Numeric(fit).Select(column => column.Name))}.");
        var factor = Factor(fit, options.By);
        var rows = fit.Design.Rows.ToArray();
        double[] places = [.. rows.Select(row => x.Values.Span[row])];
        var y = fit.Responses.ToArray();
        int[] kind = [.. rows.Select(row => factor?.Codes.Span[row] ?? 0)];
        var layers = new List<Layer>();
        var lines = Enumerable.Range(0, rows.Length).GroupBy(r => (Level: term.LevelOfRow.Span[r], Kind: kind[r])).ToArray();
        var opacity = Math.Clamp(12.0 / lines.Length, 0.12, 0.6);
        foreach (var style in lines.GroupBy(line => line.Key.Kind).OrderBy(group => group.Key))
        {
            // One path a kind: gaps part the lines.
            int[] inOrder = [.. style.SelectMany(line => line.OrderBy(r => places[r]).Append(-1))];
            layers.Add(new LineLayer([.. inOrder.Select(r => r < 0 ? double.NaN : places[r])], [.. inOrder.Select(r => r < 0 ? double.NaN : y[r])]) { Style = FigureStyle.Series(style.Key), Width = 1, Opacity = opacity });
        }

        var kinds = kind.Distinct().Order().ToArray();
        foreach (var own in kinds) layers.Add(Mean(places, y, kind, own));
        return new()
        {
            Name = Name,
            Title = $"{PlotWords.Response(fit)} over {x.Name}, a line a {term.Group}",
            Description = $"{PlotWords.Count(term.Levels.Count)} levels of {term.Group} over {x.Name} from {PlotWords.Number(places.Min())} to {PlotWords.Number(places.Max())}{(factor is null ? "" : $", coloured by {factor.Name}")}; responses lie between {PlotWords.Number(y.Min())} and {PlotWords.Number(y.Max())}.",
            Caption = "Thin lines: the data. Thick lines: means of the data at each value, or a smooth line where values hardly repeat.",
            Panels = [new Panel { X = Axis.Of(x.Name, DataRange.Of(places), 6), Y = Axis.Of(PlotWords.Response(fit), DataRange.Of(y)), Layers = layers }],
            PanelHeight = 330,
            Legend = factor is null ? [] : [.. kinds.Select(own => new LegendEntry(factor.Levels[own], FigureStyle.Series(own), LegendKey.Line))],
        };
    }

    private static LineLayer Mean(double[] x, double[] y, int[] kind, int own)
    {
        int[] rows = [.. Enumerable.Range(0, x.Length).Where(r => kind[r] == own)];
        var means = rows.GroupBy(r => x[r]).OrderBy(group => group.Key).Select(group => (X: group.Key, Y: group.Average(r => y[r]))).ToArray();
        var style = FigureStyle.Series(own);
        if (means.Length <= MostMeans) return new([.. means.Select(mean => mean.X)], [.. means.Select(mean => mean.Y)]) { Style = style, Width = 3 };
        var smooth = Smoother.Of([.. rows.Select(r => x[r])], [.. rows.Select(r => y[r])]);
        return new(smooth.X, smooth.Y) { Style = style, Width = 3 };
    }

    private static int LargestTerm(IInspectedFit fit) => Enumerable.Range(0, fit.RandomTerms.Count).Where(t => fit.Design.RandomTerms[t].Memberships is null).MaxBy(t => fit.RandomTerms[t].LevelCount);

    private static IEnumerable<NumericColumn> Numeric(IInspectedFit fit)
    {
        var random = fit.Design.RandomTerms.SelectMany(term => term.TermNames).ToHashSet(StringComparer.Ordinal);
        var covariates = fit.Covariates();
        return fit.Design.Data.Columns.OfType<NumericColumn>()
            .Where(column => covariates.Contains(column.Name, StringComparer.Ordinal) || random.Contains(column.Name))
            .OrderByDescending(column => random.Contains(column.Name));
    }

    private static FactorColumn? Factor(IInspectedFit fit, string? by)
    {
        var known = fit.Factors();
        if (by is not null && !known.Contains(by, StringComparer.Ordinal))
            throw new PlotException($"The fixed part has no factor '{by}'{(known.Count == 0 ? "" : $"; it has {string.Join(", ", known)}")}.");
        var name = by ?? (known.Count > 0 ? known[0] : null);
        return name is null ? null : (FactorColumn)fit.Design.Data[name];
    }
}

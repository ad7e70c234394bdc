using MixedModels.Data;
using MixedModels.Reporting.Figures;

namespace MixedModels.Reporting.Plots;

/// <summary>Where the rows of a fit stand along a horizontal axis: values of a numeric column, or places of a factor's levels or of visits.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Values">n values; of levels and visits their places 0, 1, 2, ….</param>
/// <param name="Axis">The axis.</param>
internal sealed record PlacesOfRows(string Name, double[] Values, Axis Axis)
{
    /// <summary>The variables that rows can stand along, the one that suits best first: visits, what random effects change with, covariates, factors.</summary>
    public static IReadOnlyList<string> Candidates(IInspectedFit fit)
    {
        var random = fit.Design.RandomTerms.SelectMany(term => term.TermNames).ToHashSet(StringComparer.Ordinal);
        var covariates = fit.Covariates();
        var numeric = fit.Design.Data.Columns.OfType<NumericColumn>().Select(column => column.Name)
            .Where(name => covariates.Contains(name, StringComparer.Ordinal) || random.Contains(name))
            .OrderByDescending(random.Contains);
        return [.. (Order(fit) is { } order ? new[] { order } : []).Concat(numeric).Concat(fit.Factors()).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Places along one of the candidates.</summary>
    /// <exception cref="PlotException">The name is none of them.</exception>
    public static PlacesOfRows Of(IInspectedFit fit, string name)
    {
        var candidates = Candidates(fit);
        if (!candidates.Contains(name, StringComparer.Ordinal))
            throw new PlotException($"The model has no column '{name}' for the horizontal axis; it has {string.Join(", ", candidates)}.");
        fit.Design.Data.TryGetColumn(name, out var column);
        var rows = fit.Design.Rows.ToArray();
        if (column is NumericColumn numeric)
        {
            double[] values = [.. rows.Select(row => numeric.Values.Span[row])];
            return new(name, values, Axis.Of(name, DataRange.Of(values), 6));
        }

        if (column is FactorColumn factor) return new(name, [.. rows.Select(row => (double)factor.Codes.Span[row])], Axis.OfCategories(name, factor.Levels));
        var visits = VisitPattern.Of(fit.Fit)!;
        return new(name, [.. visits.VisitOfRow.ToArray().Select(visit => (double)visit)], Axis.OfCategories(name, visits.Visits));
    }

    /// <summary>A place in words: the category there, or the amount.</summary>
    public string NameOf(double value) => Axis.IsCategorical ? Axis.Ticks[(int)value].Label : PlotWords.Number(value);

    /// <summary>What a residual structure orders rows by, where that is a numeric column or a few visits; null for neither.</summary>
    private static string? Order(IInspectedFit fit) => VisitPattern.Of(fit.Fit)?.Visit
        ?? RowGroup.Of(fit.Fit).Select(group => group.Order).FirstOrDefault(order => order is not null && fit.Design.Data.TryGetColumn(order, out var column) && column is NumericColumn);
}

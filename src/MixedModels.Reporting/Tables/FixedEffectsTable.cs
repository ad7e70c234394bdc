namespace MixedModels.Reporting.Tables;

/// <summary>The fixed effects, a row each.</summary>
internal static class FixedEffectsTable
{
    /// <summary>Headings for people; degrees of freedom and p-values only where there are some.</summary>
    public static ResultTable ForReading(IReadOnlyList<Coefficient> rows, DegreesOfFreedom method)
    {
        double?[] errors = [.. rows.Select(row => (double?)row.StandardError)];
        var columns = new List<ResultColumn>
        {
            new TextColumn("", [.. rows.Select(row => row.Name)]),
            new NumberColumn("Estimate", [.. rows.Select(row => (double?)row.Estimate)], new SignificantLayout(errors)),
            new NumberColumn("Std. error", errors, new SignificantLayout()),
        };
        if (rows.Any(row => row.DegreesOfFreedom is not null))
            columns.Add(new NumberColumn("df", [.. rows.Select(row => row.DegreesOfFreedom)], new DecimalsLayout(1)));
        columns.Add(new NumberColumn(method.IsNormal() ? "z value" : "t value", [.. rows.Select(row => (double?)row.Statistic)], new DecimalsLayout(3)));
        if (rows.Any(row => row.PValue is not null))
            columns.Add(new NumberColumn("p", [.. rows.Select(row => row.PValue)], new ProbabilityLayout()));
        return new(columns);
    }

    /// <summary>Headings as in JSON; every column always, a missing number as not available.</summary>
    public static ResultTable ForPrograms(IReadOnlyList<Coefficient> rows) => new(
    [
        new TextColumn("name", [.. rows.Select(row => row.Name)]),
        Exact("estimate", rows.Select(row => row.Estimate)),
        Exact("se", rows.Select(row => row.StandardError)),
        Exact("df", rows.Select(row => row.DegreesOfFreedom ?? double.NaN)),
        Exact("statistic", rows.Select(row => row.Statistic)),
        Exact("p", rows.Select(row => row.PValue ?? double.NaN)),
    ]);

    private static NumberColumn Exact(string header, IEnumerable<double> values) =>
        new(header, [.. values.Select(value => (double?)value)], new SignificantLayout());
}

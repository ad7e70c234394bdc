namespace MixedModels.Reporting.Tables;

/// <summary>The tests of terms, a row each.</summary>
internal static class TermTestsTable
{
    /// <summary>Headings for people; denominator degrees of freedom only where there are some.</summary>
    public static ResultTable ForReading(TermTestTable table)
    {
        var columns = new List<ResultColumn>
        {
            new TextColumn("", [.. table.Select(row => row.Term)]),
            new NumberColumn(table.Statistic == TestStatistic.F ? "F" : "Chi-square", [.. table.Select(row => (double?)row.Statistic)], new DecimalsLayout(3)),
            new NumberColumn("df", [.. table.Select(row => (double?)row.NumeratorDf)], new DecimalsLayout(0)),
        };
        if (table.Any(row => row.DenominatorDf is not null))
            columns.Add(new NumberColumn("denominator df", [.. table.Select(row => row.DenominatorDf)], new DecimalsLayout(1)));
        columns.Add(new NumberColumn("p", [.. table.Select(row => (double?)row.PValue)], new ProbabilityLayout()));
        return new(columns);
    }
}

namespace MixedModels.Reporting.Tables;

/// <summary>The variance components as lme4 lays them out: a row an effect, correlations with the effects above, the residual last.</summary>
internal static class VarianceTable
{
    /// <summary>Builds the table; a group is named in the first row of its term.</summary>
    public static ResultTable Create(FitFacts fit)
    {
        var groups = new List<string>();
        var effects = new List<string>();
        var deviations = new List<double?>();
        foreach (var term in fit.RandomTerms)
        {
            for (var effect = 0; effect < Rows(term); effect++)
            {
                groups.Add(effect == 0 ? term.Group : "");
                effects.Add(Rows(term) < term.ColumnNames.Count ? Span(term) : term.ColumnNames[effect]);
                deviations.Add(term.StandardDeviations[effect]);
            }
        }

        if (fit.Sigma is { } sigma)
        {
            groups.Add("Residual");
            effects.Add("");
            deviations.Add(sigma);
        }

        var columns = new List<ResultColumn>
        {
            new TextColumn("Group", groups),
            new TextColumn("Effect", effects),
            new NumberColumn("Variance", [.. deviations.Select(sd => sd * sd)], new SignificantLayout()),
            new NumberColumn("SD", deviations, new SignificantLayout()),
        };
        AddCorrelations(columns, fit.RandomTerms, effects.Count);
        return new(columns, keyColumns: 2);
    }

    // The lower triangle: column k holds the correlations with the k-th effect of a term.
    private static void AddCorrelations(List<ResultColumn> columns, IReadOnlyList<RandomTermEstimate> terms, int rows)
    {
        var width = terms.Where(HasCorrelations).Select(term => term.ColumnNames.Count - 1).DefaultIfEmpty(0).Max();
        for (var column = 0; column < width; column++)
        {
            var cells = new double?[rows];
            var firstRow = 0;
            foreach (var term in terms)
            {
                for (var effect = column + 1; HasCorrelations(term) && effect < term.ColumnNames.Count; effect++)
                    cells[firstRow + effect] = term.Correlations[effect, column];
                firstRow += Rows(term);
            }

            columns.Add(new NumberColumn(column == 0 ? "Corr" : "", cells, new DecimalsLayout(3)));
        }
    }

    /// <summary>Effects of one variance share a row.</summary>
    private static int Rows(RandomTermEstimate term) => term.HasOneVariance ? 1 : term.ColumnNames.Count;

    private static string Span(RandomTermEstimate term) => $"{term.ColumnNames[0]} … {term.ColumnNames[^1]}";

    /// <summary>Correlations with a formula are told in words below the table.</summary>
    private static bool HasCorrelations(RandomTermEstimate term) => term.HasFreeCorrelations;
}

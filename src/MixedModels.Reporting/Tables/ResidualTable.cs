namespace MixedModels.Reporting.Tables;

/// <summary>The residual correlations of visits, lower triangle.</summary>
internal static class ResidualTable
{
    /// <summary>Builds the table of one group.</summary>
    public static ResultTable Create(ResidualVisits group)
    {
        var v = group.Visits.Count;
        var columns = new List<ResultColumn> { new TextColumn("", [.. group.Visits]) };
        for (var column = 0; column < v - 1; column++)
        {
            var cells = new double?[v];
            for (var row = column + 1; row < v; row++) cells[row] = group.Correlations[row, column];
            columns.Add(new NumberColumn(group.Visits[column], cells, new DecimalsLayout(3)));
        }

        return new(columns, keyColumns: 1);
    }
}

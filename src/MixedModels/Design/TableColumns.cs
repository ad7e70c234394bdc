using MixedModels.Data;

namespace MixedModels.Design;

/// <summary>Finds the columns a learnt design needs in a table that may be another than the one it was learnt from.</summary>
internal static class TableColumns
{
    /// <summary>The column of a name.</summary>
    /// <exception cref="DataException">There is none.</exception>
    public static Column Find(DataTable table, string name)
    {
        if (table.TryGetColumn(name, out var column))
            return column;
        var names = table.Columns.Select(candidate => candidate.Name).ToArray();
        throw new DataException($"The data have no column '{name}', which the model needs{NearestNames.SuggestOrList(name, names)}.");
    }

    /// <summary>The numeric column of a name.</summary>
    /// <exception cref="DataException">There is none, or it is a factor.</exception>
    public static NumericColumn Numeric(DataTable table, string name) => Find(table, name) switch
    {
        NumericColumn numeric => numeric,
        FactorColumn factor => throw new DataException(
            $"Column '{name}' is a factor ({NearestNames.Quote(factor.Levels.Take(3))}{(factor.Levels.Count > 3 ? ", ..." : "")}); the model needs numbers there."),
        var other => throw new DataException($"Column '{name}' is neither numbers nor a factor ({other.GetType().Name})."),
    };
}

using System.Diagnostics.CodeAnalysis;
using MixedModels.Data;

namespace MixedModels.Design;

/// <summary>
/// The columns of a table as the nodes of a design ask for them, numbers made into factors once. A workspace of one thread.
/// </summary>
internal sealed class TableColumns(DataTable table)
{
    private readonly Dictionary<string, FactorColumn> factors = new(StringComparer.Ordinal);

    /// <summary>The number of rows.</summary>
    public int RowCount => table.RowCount;

    /// <summary>The names of the columns in their order.</summary>
    public IReadOnlyList<string> Names { get; } = [.. table.Columns.Select(column => column.Name)];

    /// <summary>Finds a column.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out Column? column) => table.TryGetColumn(name, out column);

    /// <summary>The column of a name.</summary>
    /// <exception cref="DataException">There is none.</exception>
    public Column Find(string name) => table.TryGetColumn(name, out var column)
        ? column
        : throw new DataException($"The data have no column '{name}', which the model needs{NearestNames.SuggestOrList(name, Names)}.");

    /// <summary>The numeric column of a name.</summary>
    /// <exception cref="DataException">There is none, or it is a factor.</exception>
    public NumericColumn Numeric(string name) => Find(name) switch
    {
        NumericColumn numeric => numeric,
        FactorColumn { Levels: var levels } => throw new DataException(
            $"Column '{name}' is a factor ({NearestNames.Quote(levels.Take(3))}{(levels.Count > 3 ? ", ..." : "")}); the model needs numbers there."),
        var other => throw new DataException($"Column '{name}' is neither numbers nor a factor ({other.GetType().Name})."),
    };

    /// <summary>The column of a name as a factor, numbers having a level for each value.</summary>
    /// <exception cref="DataException">There is none.</exception>
    public FactorColumn Factor(string name)
    {
        if (!factors.TryGetValue(name, out var factor))
        {
            factor = Find(name).ToFactor();
            factors.Add(name, factor);
        }

        return factor;
    }
}

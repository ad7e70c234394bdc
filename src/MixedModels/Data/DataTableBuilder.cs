namespace MixedModels.Data;

/// <summary>Collects columns in code: <c>new DataTableBuilder().Add("y", heights).Add("g", clinics).Build()</c>. Not safe for concurrent use.</summary>
public sealed class DataTableBuilder
{
    private readonly List<Column> columns = [];

    /// <summary>Adds a numeric column; NaN is missing. The values are copied.</summary>
    public DataTableBuilder Add(string name, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Add(new NumericColumn(name, [.. values]));
    }

    /// <summary>Adds a numeric column of whole numbers.</summary>
    public DataTableBuilder Add(string name, IReadOnlyList<int> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Add(new NumericColumn(name, [.. values.Select(value => (double)value)]));
    }

    /// <summary>Adds a factor with levels FALSE and TRUE.</summary>
    public DataTableBuilder Add(string name, IReadOnlyList<bool> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Add(new FactorColumn(name, ["FALSE", "TRUE"], [.. values.Select(value => value ? 1 : 0)]));
    }

    /// <summary>Adds a factor of the texts as they stand; null is missing.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="values">A level a row.</param>
    /// <param name="levels">The levels in their order; null for those that occur, in numeric order if all are numbers, else in ordinal order.</param>
    /// <param name="isOrdered">Whether the levels are ordered.</param>
    /// <exception cref="ArgumentException">A value is none of the levels, or a level is given twice.</exception>
    public DataTableBuilder Add(string name, IReadOnlyList<string?> values, IReadOnlyList<string>? levels = null, bool isOrdered = false)
    {
        ArgumentNullException.ThrowIfNull(values);
        levels ??= LevelOrder.OfNames(values.OfType<string>().Distinct(StringComparer.Ordinal));
        var codeOf = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < levels.Count; i++)
            codeOf[levels[i]] = i;
        var codes = new int[values.Count];
        for (var row = 0; row < codes.Length; row++)
        {
            var value = values[row];
            if (value is null)
                codes[row] = -1;
            else if (!codeOf.TryGetValue(value, out codes[row]))
                throw new ArgumentException($"Column '{name}' holds '{value}' at row {row}, not among its levels{NearestNames.SuggestOrList(value, [.. levels])}.", nameof(values));
        }

        return Add(new FactorColumn(name, levels, codes, isOrdered));
    }

    /// <summary>Adds a column as it is.</summary>
    public DataTableBuilder Add(Column column)
    {
        ArgumentNullException.ThrowIfNull(column);
        columns.Add(column);
        return this;
    }

    /// <summary>The table of the columns added so far.</summary>
    /// <exception cref="DataException">Two columns share a name or lengths differ.</exception>
    public DataTable Build() => new(columns);
}

using MixedModels.Data;

namespace MixedModels.Design;

/// <summary>
/// The values of a design's variables over one table: first over all rows, then, once the incomplete rows are known, over the complete
/// ones. A workspace of one thread.
/// </summary>
internal sealed class ModelFrame(TableColumns table)
{
    private readonly Dictionary<string, (ReadOnlyMemory<double> Values, NumericVariable Variable)> numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FactorValues> factors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MembershipValues> memberships = new(StringComparer.Ordinal);
    private readonly SortedSet<string> sources = new(StringComparer.Ordinal);

    // Columns in which a value may be missing.
    private readonly SortedSet<string> partialSources = new(StringComparer.Ordinal);
    private int[] rows = [];

    /// <summary>The table.</summary>
    public TableColumns Table { get; } = table;

    /// <summary>The complete rows, zero-based in the table, ascending.</summary>
    public ReadOnlyMemory<int> Rows => rows;

    /// <summary>The number of complete rows n.</summary>
    public int Count => rows.Length;

    /// <summary>The columns that were used, all rows, in the table's order.</summary>
    public DataTable UsedColumns()
    {
        var used = new List<Column>();
        foreach (var name in Table.Names)
        {
            if (sources.Contains(name) || partialSources.Contains(name)) used.Add(Table.Find(name));
        }

        return new DataTable(used);
    }

    /// <summary>Has a column among the used ones though nothing is computed from it.</summary>
    /// <exception cref="DataException">The table has no such column.</exception>
    public void Keep(string name)
    {
        if (!Table.TryFind(name, out _))
            throw new DataException($"There is no column '{name}' to keep{NearestNames.SuggestOrList(name, [.. Table.Names])}.");
        sources.Add(name);
    }

    private bool IsWhole => rows.Length == Table.RowCount;

    /// <summary>Evaluates a variable over all rows, once a label.</summary>
    public void Add(Variable variable)
    {
        sources.UnionWith(variable.Sources);
        if (variable is FactorVariable factor)
            AddFactor(factor.Label, factor.Factor, []);
        else if (variable is NumericVariable numeric && !numbers.ContainsKey(variable.Label))
            numbers.Add(variable.Label, (numeric.Evaluate(Table), numeric));
    }

    /// <summary>Evaluates a factor over all rows, once a label.</summary>
    public void AddFactor(string label, FactorNode factor, IEnumerable<string> columns)
    {
        sources.UnionWith(columns);
        if (!factors.ContainsKey(label))
            factors.Add(label, factor.Evaluate(Table));
    }

    /// <summary>Evaluates a multi-membership group over all rows, once a label; a row is complete with one group of it.</summary>
    public void AddMemberships(MembershipColumns columns)
    {
        partialSources.UnionWith(columns.Sources);
        if (!memberships.ContainsKey(columns.Label)) memberships.Add(columns.Label, columns.Evaluate(Table));
    }

    /// <summary>Finds the rows in which every column added so far is present; there may be none.</summary>
    public void FindCompleteRows()
    {
        var isMissing = new bool[Table.RowCount];
        foreach (var source in sources)
            MarkMissing(Table.Find(source), isMissing);
        foreach (var factor in factors.Values)
            Mark(factor.Codes, isMissing);
        foreach (var values in memberships.Values)
        {
            for (var row = 0; row < isMissing.Length; row++)
                isMissing[row] |= values.IsMissing(row);
        }

        var complete = new int[isMissing.AsSpan().Count(value: false)];
        var next = 0;
        for (var row = 0; row < isMissing.Length; row++)
        {
            if (!isMissing[row])
                complete[next++] = row;
        }

        rows = complete;
    }

    /// <summary>Takes rows known to be complete, of a frame over the same table.</summary>
    public void UseRows(ReadOnlyMemory<int> complete) => rows = complete.ToArray();

    /// <summary>Refuses a table without a complete row.</summary>
    /// <exception cref="DataException">There is none; the message counts the missing values.</exception>
    public void RequireRows()
    {
        if (rows.Length == 0)
            throw new DataException(NoCompleteRow());
    }

    /// <summary>A numeric variable over the complete rows, n×k column-major, every value finite.</summary>
    /// <exception cref="DataException">A value is infinite or not a number.</exception>
    public ReadOnlyMemory<double> Numbers(string label)
    {
        var (values, variable) = numbers[label];
        var selected = Select(values);
        var all = selected.Span;
        for (var i = 0; i < all.Length; i++)
        {
            if (!double.IsFinite(all[i]))
                throw NotFinite(variable, all[i], rows[i % rows.Length]);
        }

        return selected;
    }

    /// <summary>The values of a multi-membership group over all rows.</summary>
    public MembershipValues Memberships(string label) => memberships[label];

    /// <summary>A factor's codes over the complete rows, see <see cref="FactorValues"/>.</summary>
    public int[] Codes(string label)
    {
        var codes = factors[label].Codes;
        return IsWhole ? codes : Array.ConvertAll(rows, row => codes[row]);
    }

    /// <summary>The name of a factor's level in one of the complete rows, learnt or not.</summary>
    public string LevelName(string label, FactorNode factor, int row)
    {
        var (code, learnt) = (Codes(label)[row], factor.Levels);
        return code < learnt.Count ? learnt[code] : NewLevels(label)[code - learnt.Count];
    }

    /// <summary>The levels of a factor in this table that were not learnt.</summary>
    public IReadOnlyList<string> NewLevels(string label) => factors[label].NewLevels;

    private static void MarkMissing(Column column, bool[] isMissing)
    {
        switch (column)
        {
            case NumericColumn numeric:
                var values = numeric.Values.Span;
                for (var row = 0; row < values.Length; row++)
                    isMissing[row] |= double.IsNaN(values[row]);
                break;
            case FactorColumn factor:
                Mark(factor.Codes.Span, isMissing);
                break;
        }
    }

    private static void Mark(ReadOnlySpan<int> codes, bool[] isMissing)
    {
        for (var row = 0; row < codes.Length; row++)
            isMissing[row] |= codes[row] < 0;
    }

    private ReadOnlyMemory<double> Select(ReadOnlyMemory<double> values)
    {
        if (IsWhole)
            return values;
        var total = Table.RowCount;
        var selected = new double[total == 0 ? 0 : rows.Length * (values.Length / total)];
        var all = values.Span;
        for (var start = 0; start < values.Length; start += total)
        {
            var into = selected.AsSpan(start / total * rows.Length, rows.Length);
            for (var i = 0; i < rows.Length; i++)
                into[i] = all[start + rows[i]];
        }

        return selected;
    }

    private string NoCompleteRow()
    {
        if (Table.RowCount == 0)
            return "The data have no rows.";
        var counts = sources.Concat(partialSources)
            .Select(name => (name, missing: Enumerable.Range(0, Table.RowCount).Count(Table.Find(name).IsMissing)))
            .Where(count => count.missing > 0)
            .Select(count => $"'{count.name}' {count.missing}");
        return $"None of the {Table.RowCount} rows is complete in the columns the model uses; missing values: {string.Join(", ", counts)}. "
            + "Leave out a column that is mostly missing.";
    }

    private DataException NotFinite(NumericVariable variable, double value, int row)
    {
        var inputs = variable.Sources.Select(name => $"{name} = {ValueAt(Table.Find(name), row)}");
        var isPlain = variable.Sources is [var only] && string.Equals(only, variable.Label, StringComparison.Ordinal);
        var from = isPlain ? "" : $" ({string.Join(", ", inputs)})";
        return new DataException(
            $"{variable.Label} is {(double.IsNaN(value) ? "not a number" : NumberName.Of(value))} in row {row + 1}{from}; "
            + "a model needs finite numbers. Correct the value, make it missing, or use another transform.");
    }

    private static string ValueAt(Column column, int row) => column switch
    {
        NumericColumn numeric => NumberName.Of(numeric.Values.Span[row]),
        FactorColumn factor => factor.Levels[factor.Codes.Span[row]],
        _ => "?",
    };
}

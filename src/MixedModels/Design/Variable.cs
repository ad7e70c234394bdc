using System.Globalization;
using MixedModels.Data;

namespace MixedModels.Design;

/// <summary>A variable of a formula bound to data: what it learnt is kept, so that it replays on new tables. Immutable.</summary>
/// <param name="label">The canonical text.</param>
/// <param name="sources">The names of the table's columns it is computed from.</param>
internal abstract class Variable(string label, IReadOnlyList<string> sources)
{
    /// <summary>The canonical text, which names the columns.</summary>
    public string Label { get; } = label;

    /// <summary>The names of the table's columns it is computed from.</summary>
    public IReadOnlyList<string> Sources { get; } = sources;
}

/// <summary>A variable of numbers: one column, or several of a basis.</summary>
internal sealed class NumericVariable : Variable
{
    private readonly NumericNode numbers;
    private readonly BasisTransform? basis;

    /// <summary>Creates a variable of one column, or of those that <paramref name="basis"/> makes of it.</summary>
    public NumericVariable(string label, IReadOnlyList<string> sources, NumericNode numbers, BasisTransform? basis = null)
        : base(label, sources)
    {
        this.numbers = numbers;
        this.basis = basis;
        var count = basis?.ColumnCount ?? 1;
        ColumnNames = count == 1 ? [label] : [.. Enumerable.Range(1, count).Select(k => label + k.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>The columns over all rows of a table, one after the other.</summary>
    public ReadOnlyMemory<double> Evaluate(TableColumns table)
    {
        var values = numbers.Evaluate(table);
        return basis is null ? values : basis.Evaluate(values.Span);
    }
}

/// <summary>A variable of levels.</summary>
internal sealed class FactorVariable(string label, IReadOnlyList<string> sources, FactorNode factor) : Variable(label, sources)
{
    /// <summary>The levels a row and how they are coded by the formula's own word.</summary>
    public FactorNode Factor { get; } = factor;
}

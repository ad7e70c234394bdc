using MixedModels.Data;

namespace MixedModels.Design;

/// <summary>A number a row, computed from the columns of a table; what it learns from data it learnt at creation. Immutable.</summary>
internal abstract class NumericNode
{
    /// <summary>The values over all rows of a table; NaN where an input is missing.</summary>
    public abstract ReadOnlyMemory<double> Evaluate(TableColumns table);
}

/// <summary>The same number in every row.</summary>
internal sealed class ConstantNode(double value) : NumericNode
{
    /// <inheritdoc/>
    public override ReadOnlyMemory<double> Evaluate(TableColumns table)
    {
        var values = new double[table.RowCount];
        Array.Fill(values, value);
        return values;
    }
}

/// <summary>A numeric column, without a copy.</summary>
internal sealed class ColumnNode(string name) : NumericNode
{
    /// <inheritdoc/>
    public override ReadOnlyMemory<double> Evaluate(TableColumns table) => table.Numeric(name).Values;
}

/// <summary>A function of one number: log, exp, a power, a learnt shift and scale.</summary>
internal sealed class FunctionNode(Func<double, double> function, NumericNode argument) : NumericNode
{
    /// <inheritdoc/>
    public override ReadOnlyMemory<double> Evaluate(TableColumns table)
    {
        var x = argument.Evaluate(table).Span;
        var values = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
            values[i] = double.IsNaN(x[i]) ? double.NaN : function(x[i]);
        return values;
    }
}

/// <summary>Two numbers joined by an operator.</summary>
internal sealed class OperatorNode(Func<double, double, double> function, NumericNode left, NumericNode right) : NumericNode
{
    /// <inheritdoc/>
    public override ReadOnlyMemory<double> Evaluate(TableColumns table)
    {
        var a = left.Evaluate(table).Span;
        var b = right.Evaluate(table).Span;
        var values = new double[a.Length];
        for (var i = 0; i < a.Length; i++)
            values[i] = double.IsNaN(a[i]) || double.IsNaN(b[i]) ? double.NaN : function(a[i], b[i]);
        return values;
    }
}

/// <summary>A condition as a number: 1 where true, 0 where false; any level but those is missing.</summary>
internal sealed class ConditionNode(FactorNode condition) : NumericNode
{
    /// <inheritdoc/>
    public override ReadOnlyMemory<double> Evaluate(TableColumns table)
    {
        var codes = condition.Evaluate(table).Codes;
        return Array.ConvertAll(codes, code => code is 0 or 1 ? code : double.NaN);
    }
}

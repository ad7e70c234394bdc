using MixedModels.Data;
using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>The response of a model for numbers.</summary>
internal static class ResponseVector
{
    /// <summary>Binds the response to a table.</summary>
    /// <exception cref="FormulaException">It is not one number a row; the message says which family takes it.</exception>
    public static NumericVariable Bind(ModelFormula formula, VariableCompiler compiler, Expression expression)
    {
        var source = formula.Source;
        if (expression is CallExpression { Function: "cbind" })
        {
            throw source.Error(
                expression.Position,
                "The response cbind(...)",
                "successes and failures are the response of a binomial model; a Gaussian model needs one number a row, such as their proportion");
        }

        return compiler.Compile(source, new FormulaVariable(formula.Response!, expression)) switch
        {
            NumericVariable { ColumnNames.Count: 1 } numeric => numeric,
            NumericVariable => throw source.Error(
                expression.Position, $"The response {formula.Response}", "it has several columns; wanted one number a row"),
            FactorVariable factor => throw source.Error(
                expression.Position, $"The response '{formula.Response}'", RefuseLevels(factor.Factor.Levels)),
            _ => throw source.Error(expression.Position, $"The response {formula.Response}", "wanted one number a row"),
        };
    }

    /// <summary>The responses of the complete rows.</summary>
    /// <exception cref="DataException">One is not finite, or all are equal.</exception>
    public static ReadOnlyMemory<double> Values(ModelFrame frame, NumericVariable response)
    {
        var values = frame.Numbers(response.Label);
        if (!values.Span.ContainsAnyExcept(values.Span[0]))
        {
            throw new DataException(
                $"The response {response.Label} is {NumberName.Of(values.Span[0])} in all {values.Length} rows used; "
                + "a model needs a response that varies.");
        }

        return values;
    }

    private static string RefuseLevels(IReadOnlyList<string> levels)
    {
        var shown = NearestNames.Quote(levels.Take(4)) + (levels.Count > 4 ? ", ..." : "");
        var family = levels.Count == 2 ? "two levels are the response of a binomial model" : "ordered levels are the response of a cumulative model";
        return $"it is a factor with {levels.Count} levels ({shown}) and a Gaussian model needs numbers; {family}";
    }
}

/// <summary>The prior weights of a model.</summary>
internal static class WeightVector
{
    /// <summary>Binds the column of weights.</summary>
    /// <exception cref="DataException">There is no such column, or it is a factor.</exception>
    public static NumericVariable Bind(TableColumns table, string name)
    {
        _ = table.Numeric(name);
        return new NumericVariable(Deparser.PrintName(name), [name], new ColumnNode(name));
    }

    /// <summary>The weights of the complete rows.</summary>
    /// <exception cref="DataException">One is not positive and finite.</exception>
    public static ReadOnlyMemory<double> Values(ModelFrame frame, NumericVariable weights)
    {
        var values = frame.Numbers(weights.Label);
        for (var i = 0; i < values.Length; i++)
        {
            if (values.Span[i] <= 0)
            {
                throw new DataException(
                    $"The weight {weights.Label} is {NumberName.Of(values.Span[i])} in row {frame.Rows.Span[i] + 1}; weights must be positive. "
                    + "Leave the row out by making its weight missing.");
            }
        }

        return values;
    }
}

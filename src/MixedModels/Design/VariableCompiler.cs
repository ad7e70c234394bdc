using MixedModels.Data;
using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>
/// Binds the variables of a formula to a table. Transforms learn over every row in which their own inputs are present, as in R,
/// whether or not another column later drops the row.
/// </summary>
internal sealed class VariableCompiler(TableColumns table)
{
    private readonly Dictionary<string, Variable> known = new(StringComparer.Ordinal);

    /// <summary>Binds a variable; one of a label seen before is that one.</summary>
    /// <exception cref="FormulaException">A column does not exist, or an operation does not suit its kind.</exception>
    /// <exception cref="DataException">A transform cannot learn from the column's values.</exception>
    public Variable Compile(FormulaSource source, FormulaVariable variable)
    {
        if (known.TryGetValue(variable.Label, out var bound))
            return bound;
        var nodes = new NodeCompiler(source, table);
        string[] sources = [.. NamesIn.Of(variable.Expression).Distinct(StringComparer.Ordinal).Where(name => table.TryFind(name, out _))];
        bound = CompileNew(nodes, variable, sources);
        known.Add(variable.Label, bound);
        return bound;
    }

    /// <summary>Binds a grouping variable, numbers becoming levels.</summary>
    /// <exception cref="FormulaException">As <see cref="Compile"/>.</exception>
    public FactorNode CompileGroup(FormulaSource source, FormulaVariable variable) =>
        new NodeCompiler(source, table).Factor(variable.Expression);

    private static Variable CompileNew(NodeCompiler nodes, FormulaVariable variable, IReadOnlyList<string> sources)
    {
        if (nodes.IsFactor(variable.Expression))
            return new FactorVariable(variable.Label, sources, nodes.Factor(variable.Expression));
        if (variable.Expression is CallExpression { Function: "poly" or "bs" or "ns" } call)
        {
            var (argument, basis) = nodes.Basis(call);
            return new NumericVariable(variable.Label, sources, argument, basis);
        }

        return new NumericVariable(variable.Label, sources, nodes.Numeric(variable.Expression));
    }
}

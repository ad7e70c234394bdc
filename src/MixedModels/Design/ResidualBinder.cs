using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>Binds a residual structure and variance functions to a table, beside the formula. One use an instance.</summary>
internal sealed class ResidualBinder(VariableCompiler compiler, TableColumns table)
{
    private readonly List<(VarianceTerm Term, NumericVariable? Covariate, GroupFactor[] Strata)> functions = [];
    private ResidualClause? clause;
    private GroupFactor[] groups = [];
    private GroupFactor[] subjects = [];
    private Variable[] order = [];

    /// <summary>The columns that the clauses name; <c>.</c> in the formula does not stand for them.</summary>
    public static IEnumerable<string> NamesTaken(ResidualClause? residual, VarianceClause? variance)
    {
        var ofResidual = residual is null ? [] : residual.Order.Concat(residual.Subjects).Concat(residual.Groups);
        var ofVariance = variance is null ? [] : variance.Terms.SelectMany(term => term.Strata.Concat(term.Covariate is { } covariate ? [covariate] : []));
        return ofResidual.Concat(ofVariance).SelectMany(variable => NamesIn.Of(variable.Expression));
    }

    /// <summary>Binds what there is, so that a missing value drops the row.</summary>
    /// <exception cref="FormulaException">A column does not exist or is of the wrong kind.</exception>
    public void Bind(ResidualClause? residual, VarianceClause? variance, ModelFrame frame)
    {
        clause = residual;
        if (residual is not null)
        {
            groups = [.. residual.Groups.Select(variable => Group(residual.Source, variable))];
            subjects = [.. residual.Subjects.Select(variable => Group(residual.Source, variable))];
            order = [.. residual.Order.Select(variable => compiler.Compile(residual.Source, variable))];
        }

        foreach (var term in variance?.Terms ?? [])
        {
            var covariate = term.Covariate is { } variable ? Numeric(variance!.Source, term, variable) : null;
            functions.Add((term, covariate, [.. term.Strata.Select(stratum => Group(variance!.Source, stratum))]));
        }

        foreach (var variable in order.Concat(functions.Select(function => function.Covariate).OfType<Variable>())) frame.Add(variable);
        foreach (var factor in groups.Concat(subjects).Concat(functions.SelectMany(function => function.Strata)))
            frame.AddFactor(factor.Label, factor.Factor, factor.Sources);
    }

    /// <summary>The structure over the complete rows; null where there is none.</summary>
    public ResidualDesign? Residual(ModelFrame frame) => clause is null ? null : ResidualDesign.Create(frame, clause, groups, subjects, order);

    /// <summary>The variance functions over the complete rows.</summary>
    public IReadOnlyList<VarianceDesign> Variance(ModelFrame frame) =>
        [.. functions.Select(function => VarianceDesign.Create(frame, function.Term, function.Covariate, function.Strata))];

    private GroupFactor Group(FormulaSource source, FormulaVariable variable) => new(
        variable.Label,
        compiler.CompileGroup(source, variable),
        [.. NamesIn.Of(variable.Expression).Where(name => table.TryFind(name, out _))]);

    private NumericVariable Numeric(FormulaSource source, VarianceTerm term, FormulaVariable variable) => compiler.Compile(source, variable) switch
    {
        NumericVariable { ColumnNames.Count: 1 } numeric => numeric,
        FactorVariable => throw source.Error(
            variable.Expression.Position, $"The factor '{variable.Label}' in {term.Function}()", $"it is a function of numbers; for a standard deviation a level use ident({variable.Label})"),
        _ => throw source.Error(variable.Expression.Position, $"'{variable.Label}' in {term.Function}()", "wanted one column of numbers"),
    };
}

using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>
/// Makes a dispersion model of a variance function a column: log sd = log sigma + Σ gamma_j x_j is the product of exp(x_j). One use an instance.
/// </summary>
internal sealed class DispersionBinder(VariableCompiler compiler)
{
    private DispersionClause? clause;
    private Variable?[] variables = [];

    /// <summary>Binds the columns, so that a missing value drops the row.</summary>
    /// <exception cref="FormulaException">A column does not exist.</exception>
    public void Bind(DispersionClause? written, ModelFrame frame)
    {
        clause = written;
        if (written is null) return;
        var used = written.Terms.Terms.SelectMany(term => term.Variables).ToHashSet();
        variables = [.. written.Terms.Variables.Select((variable, index) => used.Contains(index) ? compiler.Compile(written.Source, variable) : null)];
        foreach (var variable in variables.OfType<Variable>()) frame.Add(variable);
    }

    /// <summary>A function for every independent column beside the intercept.</summary>
    /// <param name="frame">The complete rows.</param>
    /// <param name="factors">The coded factors of the model, to which those of the clause are added.</param>
    /// <param name="contrasts">Codings by factor.</param>
    public IReadOnlyList<VarianceDesign> Columns(ModelFrame frame, Dictionary<string, CodedFactor> factors, IReadOnlyDictionary<string, ContrastCoding> contrasts)
    {
        if (clause is null) return [];
        foreach (var factor in variables.OfType<FactorVariable>())
        {
            if (!factors.ContainsKey(factor.Label)) factors.Add(factor.Label, new(factor, frame, contrasts));
        }

        var matrix = new MatrixRecipe(clause.Terms, variables, factors, frame.Count);
        var X = matrix.Evaluate(frame);
        return
        [
            .. ColumnRank.Independent(X, frame.Count, matrix.ColumnNames.Count).Where(column => column > 0).Select(column => new VarianceDesign(
                new("exp", matrix.ColumnNames[column], null, IsFitted: false, [], new Dictionary<string, double>(StringComparer.Ordinal), 0),
                X.AsMemory(column * frame.Count, frame.Count), new int[frame.Count], [""],
                new([.. variables.OfType<Variable>()], other => matrix.Evaluate(other).AsMemory(column * other.Count, other.Count)))),
        ];
    }
}

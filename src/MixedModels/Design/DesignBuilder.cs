using MixedModels.Data;
using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>Binds a formula to a table, finds the complete rows, and makes the matrices. One use an instance.</summary>
internal sealed class DesignBuilder(ModelFormula formula, TableColumns table, DesignOptions options)
{
    private readonly VariableCompiler compiler = new(table);
    private readonly Dictionary<string, CodedFactor> factors = new(StringComparer.Ordinal);

    /// <summary>Makes the design.</summary>
    public ModelDesign Build()
    {
        foreach (var term in formula.RandomTerms)
            RandomRecipe.RequireAvailable(formula.Source, term);
        RequireCodings();
        var offsetSources = options.Offsets
            .Select(text => new FormulaSource(text))
            .Select(source => (source, expression: FormulaParser.ParseSingle(source)))
            .ToArray();
        var taken = offsetSources.SelectMany(offset => NamesIn.Of(offset.expression)).Append(options.Weights ?? "").Concat(options.Keep)
            .Concat(ResidualBinder.NamesTaken(options.Residual, options.Variance)).ToHashSet(StringComparer.Ordinal);
        var terms = formula.Expand(table.Names.Where(name => !taken.Contains(name)));

        var response = options.NeedsResponse && formula.ResponseExpression is { } expression ? ResponseVector.Bind(formula, compiler, expression) : null;
        var weights = options.Weights is { } name ? WeightVector.Bind(table, name) : null;
        var variables = Bind(terms);
        var effects = formula.RandomTerms.Select(term => Bind(term.Effects)).ToArray();
        var groups = formula.RandomTerms.Select(term => term.GroupFactors.Select(BindGroup).ToArray()).ToArray();
        NumericVariable[] offsets =
        [
            .. terms.Offsets.Select(offset => BindOffset(formula.Source, offset)),
            .. offsetSources.Select(offset => BindOffset(offset.source, new FormulaVariable(Deparser.Print(offset.expression), offset.expression))),
        ];

        var frame = new ModelFrame(table);
        foreach (var variable in variables.Concat(effects.SelectMany(bound => bound)).Concat(offsets).Append(response).Append(weights))
        {
            if (variable is not null)
                frame.Add(variable);
        }

        var residual = new ResidualBinder(compiler, table);
        residual.Bind(options.Residual, options.Variance, frame);
        foreach (var group in groups.SelectMany(group => group))
            frame.AddFactor(group.Label, group.Factor, group.Sources);
        frame.FindCompleteRows();
        frame.RequireRows();
        foreach (var kept in options.Keep) frame.Keep(kept);
        return Assemble(frame, terms, variables, effects, groups, offsets, response, weights).With(residual.Residual(frame), residual.Variance(frame));
    }

    private ModelDesign Assemble(
        ModelFrame frame,
        TermList terms,
        Variable?[] variables,
        Variable?[][] effects,
        GroupFactor[][] groups,
        NumericVariable[] offsets,
        NumericVariable? response,
        NumericVariable? weights)
    {
        foreach (var variable in variables.Concat(effects.SelectMany(bound => bound)).OfType<FactorVariable>())
        {
            if (!factors.ContainsKey(variable.Label))
                factors.Add(variable.Label, new CodedFactor(variable, frame, options.Contrasts));
        }

        var matrix = new MatrixRecipe(terms, variables, factors, frame.Count);
        var X = matrix.Evaluate(frame);
        var kept = ColumnRank.Independent(X, frame.Count, matrix.ColumnNames.Count);
        if (response is not null && options.HasFreeResidual && kept.Count >= frame.Count)
            throw new DataException(
                $"The formula has {kept.Count} independent fixed effects for {frame.Count} complete rows; fewer fixed effects than rows are needed. Remove terms.");
        var randomTerms = formula.RandomTerms.Select((term, t) => MakeRandom(frame, term, effects[t], groups[t])).ToArray();
        var recipe = new DesignRecipe(
            [.. variables.OfType<Variable>()],
            matrix,
            kept,
            offsets,
            randomTerms);
        var vectors = new DesignVectors(
            response is null ? default : ResponseVector.Values(frame, response),
            recipe.Offset(frame),
            weights is null ? default : WeightVector.Values(frame, weights));
        var fixedDesign = new FixedDesign(matrix, kept, recipe.SelectColumns(X, frame.Count));
        RandomTermDesign[] randomDesigns = [.. randomTerms.Select(term => new RandomTermDesign(term, term.Levels.LearntLevelOfRow, ColumnsOf(term.Matrix)))];
        return new ModelDesign(formula, recipe, frame, vectors, fixedDesign, randomDesigns);

        // Random effects mostly vary what is fixed too: those columns are there already, and the fit sees that they are the same.
        ReadOnlyMemory<double> ColumnsOf(MatrixRecipe own)
        {
            var width = own.ColumnNames.Count;
            var isAtHand = own.BeginsLike(matrix) && kept.Count >= width && kept[width - 1] == width - 1;
            return isAtHand ? fixedDesign.X[..(frame.Count * width)] : own.Evaluate(frame);
        }
    }

    private RandomRecipe MakeRandom(ModelFrame frame, RandomTerm term, Variable?[] effects, GroupFactor[] groups) => new(
        term, new MatrixRecipe(term.Effects, effects, factors, frame.Count), new GroupRecipe(groups, frame), frame.Count, options.HasFreeResidual);

    // Variables that no term uses, such as one subtracted again, are not bound and so drop no rows.
    private Variable?[] Bind(TermList terms)
    {
        var used = terms.Terms.SelectMany(term => term.Variables).ToHashSet();
        return [.. terms.Variables.Select((variable, index) => used.Contains(index) ? compiler.Compile(formula.Source, variable) : null)];
    }

    private GroupFactor BindGroup(FormulaVariable variable) => new(
        variable.Label,
        compiler.CompileGroup(formula.Source, variable),
        [.. NamesIn.Of(variable.Expression).Where(name => table.TryFind(name, out _))]);

    private NumericVariable BindOffset(FormulaSource source, FormulaVariable variable)
    {
        ExpressionCheck.Require(source, variable.Expression);
        return compiler.Compile(source, variable) switch
        {
            NumericVariable { ColumnNames.Count: 1 } numeric => numeric,
            NumericVariable => throw source.Error(
                variable.Expression.Position, $"The offset {variable.Label}", "it has several columns; wanted one number a row"),
            _ => throw source.Error(variable.Expression.Position, $"The offset {variable.Label}", "it has levels; wanted numbers"),
        };
    }

    private void RequireCodings()
    {
        foreach (var name in options.Contrasts.Keys)
        {
            if (table.TryFind(name, out var column) ? column is NumericColumn : !formula.FixedTerms.Contains(name, StringComparer.Ordinal))
            {
                var known = table.Names.Where(column => table.Find(column) is FactorColumn).ToArray();
                throw new DataException(
                    $"Contrasts are given for '{name}', which is not a factor of the data{NearestNames.SuggestOrList(name, known)}.");
            }
        }
    }
}

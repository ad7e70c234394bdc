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
        var taken = offsetSources.SelectMany(offset => NamesIn.Of(offset.expression)).Append(options.Weights ?? "").Append(options.Trials ?? "").Append(options.Frequency ?? "").Concat(options.Keep)
            .Concat(ResidualBinder.NamesTaken(options.Residual, options.Variance)).Concat(options.Dispersion is { } written ? written.Terms.Variables.SelectMany(variable => NamesIn.Of(variable.Expression)) : []).ToHashSet(StringComparer.Ordinal);
        var terms = formula.Expand(table.Names.Where(name => !taken.Contains(name)));

        var response = options.NeedsResponse && formula.ResponseExpression is { } expression ? BindResponse(expression) : null;
        var weights = options.Weights is { } name ? WeightVector.Bind(table, name) : null;
        var frequency = options.Frequency is { } counts ? WeightVector.Bind(table, counts) : null;
        var variables = Bind(terms);
        var effects = formula.RandomTerms.Select(term => Bind(term.Effects)).ToArray();
        var groups = formula.RandomTerms.Select(term => term.GroupFactors.Select(BindGroup).ToArray()).ToArray();
        var memberships = formula.RandomTerms.Select(term => term.GroupCall is { } call ? BindMemberships(term, MembershipCall.Read(formula.Source, call)) : null).ToArray();
        NumericVariable[] offsets =
        [
            .. terms.Offsets.Select(offset => BindOffset(formula.Source, offset)),
            .. offsetSources.Select(offset => BindOffset(offset.source, new FormulaVariable(Deparser.Print(offset.expression), offset.expression))),
        ];

        var frame = new ModelFrame(table);
        foreach (var variable in variables.Concat(effects.SelectMany(bound => bound)).Concat(offsets).Concat(response?.Variables ?? []).Append(weights).Append(frequency))
        {
            if (variable is not null)
                frame.Add(variable);
        }

        var residual = new ResidualBinder(compiler, table);
        residual.Bind(options.Residual, options.Variance, frame);
        var dispersion = new DispersionBinder(compiler);
        dispersion.Bind(options.Dispersion, frame);
        foreach (var group in groups.SelectMany(group => group))
            frame.AddFactor(group.Label, group.Factor, group.Sources);
        foreach (var columns in memberships.OfType<MembershipColumns>())
            frame.AddMemberships(columns);
        frame.FindCompleteRows();
        frame.RequireRows();
        foreach (var kept in options.Keep) frame.Keep(kept);
        var design = Assemble(frame, terms, variables, effects, groups, memberships, offsets, response, weights, frequency);
        return design.With(residual.Residual(frame), residual.Variance(frame), dispersion.Columns(frame, factors, options.Contrasts));
    }

    private ModelDesign Assemble(
        ModelFrame frame,
        TermList terms,
        Variable?[] variables,
        Variable?[][] effects,
        GroupFactor[][] groups,
        MembershipColumns?[] memberships,
        NumericVariable[] offsets,
        BoundResponse? response,
        NumericVariable? weights,
        NumericVariable? frequency)
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
        var randomTerms = formula.RandomTerms.Select((term, t) => MakeRandom(frame, term, effects[t], groups[t], memberships[t])).ToArray();
        var recipe = new DesignRecipe(
            [.. variables.OfType<Variable>()],
            matrix,
            kept,
            offsets,
            randomTerms);
        var weightValues = weights is null ? default : WeightVector.Values(frame, weights);
        var (responses, trials, rest) = response is null ? new(default, default, weightValues) : response.Values(frame, weightValues);
        var vectors = new DesignVectors(responses, recipe.Offset(frame), rest, trials, frequency is null ? default : WeightVector.Values(frame, frequency));
        var fixedDesign = new FixedDesign(matrix, kept, recipe.SelectColumns(X, frame.Count));
        RandomTermDesign[] randomDesigns = [.. randomTerms.Select(term => new RandomTermDesign(term, term.Levels?.LearntLevelOfRow ?? [], ColumnsOf(term.Matrix)))];
        return new ModelDesign(formula, recipe, frame, vectors, fixedDesign, randomDesigns, options.HasFreeResidual);

        // Random effects mostly vary what is fixed too: those columns are there already, and the fit sees that they are the same.
        ReadOnlyMemory<double> ColumnsOf(IEffectColumns columns)
        {
            if (columns is not MatrixRecipe own) return columns.Evaluate(frame);
            var width = own.ColumnNames.Count;
            var isAtHand = own.BeginsLike(matrix) && kept.Count >= width && kept[width - 1] == width - 1;
            return isAtHand ? fixedDesign.X[..(frame.Count * width)] : own.Evaluate(frame);
        }
    }

    private RandomRecipe MakeRandom(ModelFrame frame, RandomTerm term, Variable?[] effects, GroupFactor[] groups, MembershipColumns? memberships)
    {
        var structure = EffectStructure.Of(formula.Source, term);
        Variable[] used = [.. effects.OfType<Variable>()];
        structure.RequireEffects(formula.Source, term, used);
        var (columns, positions) = structure.HasPositions && used is [NumericVariable, ..]
            ? EffectPositions.Of(used, frame)
            : (new MatrixRecipe(term.Effects, effects, factors, frame.Count), structure.HasPositions ? EffectPositions.OfLevels(factors[used[0].Label], term) : []);
        return memberships is null
            ? new(term, structure, columns, positions, new GroupRecipe(groups, frame), frame.Count, options.HasFreeResidual)
            : new(term, structure, columns, positions, new MembershipRecipe(memberships, frame), frame.Count, options.HasFreeResidual);
    }

    private MembershipColumns BindMemberships(RandomTerm term, MembershipCall call) => new(
        term.Group, [.. call.Groups.Select(BindGroup)], [.. call.Weights.Select(weight => BindNumber(formula.Source, weight, "The weight"))]);

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

    private NumericVariable BindOffset(FormulaSource source, FormulaVariable variable) => BindNumber(source, variable, "The offset");

    private NumericVariable BindNumber(FormulaSource source, FormulaVariable variable, string what)
    {
        ExpressionCheck.Require(source, variable.Expression);
        return compiler.Compile(source, variable) switch
        {
            NumericVariable { ColumnNames.Count: 1 } numeric => numeric,
            NumericVariable => throw source.Error(
                variable.Expression.Position, $"{what} {variable.Label}", "it has several columns; wanted one number a row"),
            _ => throw source.Error(variable.Expression.Position, $"{what} {variable.Label}", "it has levels; wanted numbers"),
        };
    }

    private BoundResponse BindResponse(Expression expression) => options.HasTrials
        ? BinomialResponse.Bind(formula, compiler, table, expression, options.Trials)
        : new NumericResponse(ResponseVector.Bind(formula, compiler, expression));

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

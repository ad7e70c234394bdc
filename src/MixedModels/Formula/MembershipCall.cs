namespace MixedModels.Formula;

/// <summary>
/// The group <c>mm(g1, g2, …, weights = cbind(w1, w2, …))</c>: a row belongs to the level it has in each of some columns. Immutable.
/// </summary>
/// <param name="Groups">The columns, at least two.</param>
/// <param name="Weights">The weight of each membership; none where they are shared equally.</param>
internal sealed record MembershipCall(IReadOnlyList<FormulaVariable> Groups, IReadOnlyList<FormulaVariable> Weights)
{
    /// <summary>Reads the call.</summary>
    /// <exception cref="FormulaException">An argument is not a column, there are fewer than two, or the weights are not one for each of them.</exception>
    public static MembershipCall Read(FormulaSource source, CallExpression call)
    {
        var groups = call.Arguments.Where(argument => argument.Name is null).Select(argument => Group(source, argument)).ToArray();
        if (groups.Length < 2)
        {
            throw source.Error(
                call.Position, $"mm() of {(groups.Length == 0 ? "no column" : "one column")}", "wanted two or more, as in (1 | mm(g1, g2)); one group is (1 | g)");
        }

        var named = call.Arguments.Where(argument => argument.Name is not null).ToArray();
        foreach (var argument in named.Where(argument => argument.Name is not "weights"))
            throw source.Error(argument.Position, $"The argument {argument.Name} of mm()", "wanted columns and weights = cbind(w1, w2); weights are used as they stand");
        return named.Length switch
        {
            0 => new(groups, []),
            1 => new(groups, ReadWeights(source, named[0], groups.Length)),
            _ => throw source.Error(named[1].Position, "Two arguments weights of mm()", "wanted one, as in weights = cbind(w1, w2)"),
        };
    }

    private static FormulaVariable Group(FormulaSource source, Argument argument)
    {
        if (argument.Value is not (NameExpression or CallExpression { Function: "factor" or "as.factor" or "ordered" }))
            throw source.Error(argument.Position, $"'{Deparser.Print(argument.Value)}' in mm()", "wanted a column that names a group of each row");
        ExpressionCheck.Require(source, argument.Value);
        return new(Deparser.Print(argument.Value), argument.Value);
    }

    private static FormulaVariable[] ReadWeights(FormulaSource source, Argument argument, int groups)
    {
        if (argument.Value is not CallExpression { Function: "cbind" } call)
            throw source.Error(argument.Position, $"The weights {Deparser.Print(argument.Value)} of mm()", "wanted a column for each group, as in weights = cbind(w1, w2)");
        if (call.Arguments.Count != groups)
        {
            throw source.Error(
                argument.Position, $"{call.Arguments.Count} weights for {groups} groups of mm()", "wanted one weight for each group, in the order of the groups");
        }

        foreach (var weight in call.Arguments) ExpressionCheck.Require(source, weight.Value);
        return [.. call.Arguments.Select(weight => new FormulaVariable(Deparser.Print(weight.Value), weight.Value))];
    }
}

namespace MixedModels.Formula;

/// <summary>Finds the random terms of a formula and reads their structure, effects and groups.</summary>
internal static class RandomTermReader
{
    private static readonly string[] structures =
        ["us", "diag", "homdiag", "cs", "homcs", "ar1", "hetar1", "toep", "homtoep", "ou", "exp", "gau", "mat", "rr"];

    /// <summary>Whether an operand is a random term: a bar in parentheses, or a call that holds one.</summary>
    public static bool IsRandom(Expression expression) => expression switch
    {
        GroupExpression group => group.Inner is BarExpression || IsRandom(group.Inner),
        CallExpression call => call.Arguments.Any(argument => argument.Value is BarExpression),
        _ => false,
    };

    /// <summary>The random terms of a right side in their order; a nested group gives several.</summary>
    public static List<RandomTerm> Read(FormulaSource source, Expression right)
    {
        var terms = new List<RandomTerm>();
        Collect(source, right, terms);
        return terms;
    }

    // TermExpander refuses random terms anywhere else than in sums.
    private static void Collect(FormulaSource source, Expression expression, List<RandomTerm> terms)
    {
        switch (expression)
        {
            case GroupExpression { Inner: BarExpression bar } group:
                AddTerms(source, bar, bar.IsDouble ? "diag" : "us", [], group, terms);
                break;
            case GroupExpression group:
                Collect(source, group.Inner, terms);
                break;
            case SignExpression sign:
                Collect(source, sign.Operand, terms);
                break;
            case SumExpression sum:
                foreach (var part in sum.Parts)
                    Collect(source, part.Operand, terms);
                break;
            case CallExpression call when IsRandom(call):
                AddStructured(source, call, terms);
                break;
        }
    }

    private static void AddStructured(FormulaSource source, CallExpression call, List<RandomTerm> terms)
    {
        if (!structures.Contains(call.Function, StringComparer.Ordinal))
        {
            throw source.Error(
                call.Position,
                $"Unknown structure '{call.Function}'",
                $"wanted one of {string.Join(", ", structures)} before the parenthesis, or none: (x | g)");
        }

        if (call.Arguments[0] is not { Name: null, Value: BarExpression bar })
            throw source.Error(call.Position, $"{call.Function}() without a random term first", $"wanted {call.Function}(x | g)");
        if (bar.IsDouble)
            throw source.Error(
                bar.BarPosition, $"'||' inside {call.Function}()", $"'||' is the structure diag; wanted one bar, as in {call.Function}(x | g)");
        var arguments = call.Arguments.Skip(1).ToArray();
        foreach (var argument in arguments.Where(argument => argument.Value is BarExpression))
            throw source.Error(argument.Position, "A second random term in one call", "write them one after the other");
        AddTerms(source, bar, call.Function, arguments, call, terms);
    }

    private static void AddTerms(
        FormulaSource source, BarExpression bar, string structure, IReadOnlyList<Argument> arguments, Expression whole, List<RandomTerm> terms)
    {
        var effects = TermExpander.ExpandRandom(source, bar.Left);
        if (effects.Terms.Count == 0 && !effects.HasIntercept)
            throw source.Error(bar.Position, "A random term without effects", "wanted 1 or a column before the bar, as in (1 | g)");
        if (GroupCall(bar.Right) is { } special)
        {
            terms.Add(new RandomTerm(Deparser.Print(whole), structure, effects, [], special, arguments, whole.Position));
            return;
        }

        foreach (var factors in Groups(source, bar.Right))
            terms.Add(new RandomTerm(Text(bar, whole, factors), structure, effects, factors, null, arguments, whole.Position));
    }

    private static string Text(BarExpression bar, Expression whole, IReadOnlyList<FormulaVariable> factors)
    {
        var inside = $"{Deparser.Print(bar.Left)} {(bar.IsDouble ? "||" : "|")} {string.Join(':', factors.Select(factor => factor.Label))}";
        return whole is CallExpression call
            ? $"{call.Function}({string.Join(", ", call.Arguments.Skip(1).Select(Text).Prepend(inside))})"
            : $"({inside})";
    }

    private static string Text(Argument argument) =>
        (argument.Name is { } name ? Deparser.PrintName(name) + " = " : "") + Deparser.Print(argument.Value);

    private static CallExpression? GroupCall(Expression group) => group switch
    {
        GroupExpression inner => GroupCall(inner.Inner),
        CallExpression { Function: "mm" or "gr" } call => call,
        _ => null,
    };

    /// <summary>The groups that an expression of names stands for: one, or for a/b those of a and then a:b.</summary>
    public static List<IReadOnlyList<FormulaVariable>> Groups(FormulaSource source, Expression expression)
    {
        switch (expression)
        {
            case GroupExpression group:
                return Groups(source, group.Inner);
            case NameExpression:
            case CallExpression { Function: "factor" or "as.factor" or "ordered" }:
                ExpressionCheck.Require(source, expression);
                return [[new FormulaVariable(Deparser.Print(expression), expression)]];
            case BinaryExpression { Operator: ":" } crossed:
                var left = Groups(source, crossed.Left);
                var right = Groups(source, crossed.Right);
                if (left.Count > 1 || right.Count > 1)
                    throw source.Error(crossed.OperatorPosition, "':' beside a nested group", "write the terms out, as in (1 | a) + (1 | a:b)");
                return [Joined(left[0], right[0])];
            case BinaryExpression { Operator: "/" } nested:
                var outer = Groups(source, nested.Left);
                return [.. outer, .. Groups(source, nested.Right).Select(inner => Joined(outer[^1], inner))];
            default:
                throw RefuseGroup(source, expression);
        }
    }

    private static IReadOnlyList<FormulaVariable> Joined(IReadOnlyList<FormulaVariable> outer, IReadOnlyList<FormulaVariable> inner) =>
        [.. outer.Concat(inner).DistinctBy(factor => factor.Label, StringComparer.Ordinal)];

    private static FormulaException RefuseGroup(FormulaSource source, Expression expression) => expression switch
    {
        BinaryExpression { Operator: "*" } product => source.Error(
            product.OperatorPosition, "'*' in a group", "write the terms out, as in (1 | a) + (1 | b) + (1 | a:b)"),
        SumExpression => source.Error(expression.Position, "'+' in a group", "crossed groups are terms of their own, as in (1 | a) + (1 | b)"),
        CallExpression call => source.Error(
            call.Position,
            $"{call.Function}() as a group",
            "wanted a column, a:b, a/b, factor(a), mm() or gr(); compute other groups as a column of the data"),
        NumberExpression => source.Error(
            expression.Position, $"The number {Deparser.Print(expression)} as a group", "wanted a column that names each row's group"),
        DotExpression => source.Error(expression.Position, "'.' as a group", "name the column"),
        _ => source.Error(
            expression.Position, $"'{Deparser.Print(expression)}' as a group", "wanted a column that names each row's group, a:b or a/b"),
    };
}

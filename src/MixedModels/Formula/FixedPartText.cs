namespace MixedModels.Formula;

/// <summary>The right side of a formula without its random terms, so that others can stand in their place.</summary>
internal static class FixedPartText
{
    /// <summary>The canonical text; <c>1</c> where nothing is left.</summary>
    public static string Print(Expression right) => Without(right) is { } rest ? Deparser.Print(rest) : "1";

    // Random terms stand nowhere but in sums, which TermExpander holds them to.
    private static Expression? Without(Expression expression) => expression switch
    {
        _ when RandomTermReader.IsRandom(expression) => null,
        GroupExpression group => Without(group.Inner) is { } inner ? new GroupExpression(inner, group.Position) : null,
        SumExpression sum => Without(sum),
        _ => expression,
    };

    private static Expression? Without(SumExpression sum)
    {
        var kept = new List<SumPart>();
        foreach (var part in sum.Parts)
        {
            if (Without(part.Operand) is { } operand) kept.Add(part with { Operand = operand });
        }

        // What is subtracted first is subtracted from the intercept.
        if (kept is [{ IsSubtracted: true }, ..]) kept.Insert(0, new(IsSubtracted: false, new NumberExpression(1, IsWhole: false, sum.Position)));
        return kept switch
        {
            [] => null,
            [var only] => only.Operand,
            _ => new SumExpression(kept),
        };
    }
}

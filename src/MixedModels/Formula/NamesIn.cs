namespace MixedModels.Formula;

/// <summary>The names of columns in an expression.</summary>
internal static class NamesIn
{
    /// <summary>Every name that may be a column, with repetitions; names of contrast codings and structure arguments among them.</summary>
    public static IEnumerable<string> Of(Expression expression) => expression switch
    {
        NameExpression name => [name.Name],
        CallExpression { Function: "C" } call => call.Arguments.Take(1).SelectMany(argument => Of(argument.Value)),
        _ => Children(expression).SelectMany(Of),
    };

    /// <summary>Whether <c>.</c> stands anywhere in the expression.</summary>
    public static bool HasDot(Expression expression) => expression is DotExpression || Children(expression).Any(HasDot);

    private static IEnumerable<Expression> Children(Expression expression) => expression switch
    {
        GroupExpression group => [group.Inner],
        SignExpression sign => [sign.Operand],
        SumExpression sum => sum.Parts.Select(part => part.Operand),
        BinaryExpression binary => [binary.Left, binary.Right],
        BarExpression bar => [bar.Left, bar.Right],
        CallExpression call => call.Arguments.Select(argument => argument.Value),
        _ => [],
    };
}

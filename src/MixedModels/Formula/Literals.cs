using MixedModels.Data;

namespace MixedModels.Formula;

/// <summary>Reads constants that a formula writes out: numbers, level names, <c>c(...)</c>. Null: the expression is something else.</summary>
internal static class Literals
{
    /// <summary>A number, possibly signed.</summary>
    public static double? Number(Expression expression) => expression switch
    {
        NumberExpression number => number.Value,
        SignExpression sign when Number(sign.Operand) is { } value => sign.IsMinus ? -value : value,
        _ => null,
    };

    /// <summary>A level: a string, or a number by its name.</summary>
    public static string? Level(Expression expression) => expression switch
    {
        TextExpression text => text.Value,
        LogicalExpression logical => logical.Value ? "TRUE" : "FALSE",
        _ => Number(expression) is { } number ? NumberName.Of(number) : null,
    };

    /// <summary>One number or <c>c(…)</c> of them.</summary>
    public static double[]? Numbers(Expression expression)
    {
        var numbers = Items(expression).Select(Number).ToArray();
        return Array.Exists(numbers, number => number is null) ? null : [.. numbers.Select(number => number!.Value)];
    }

    /// <summary>One level or <c>c(…)</c> of them.</summary>
    public static string[]? Levels(Expression expression)
    {
        var names = Items(expression).Select(Level).ToArray();
        return Array.Exists(names, name => name is null) ? null : [.. names.Select(name => name!)];
    }

    /// <summary>The name of a contrast coding, written bare, in quotes or as R's function (<c>contr.sum</c>).</summary>
    public static string? CodingName(Expression expression)
    {
        var name = expression switch
        {
            NameExpression bare => bare.Name,
            TextExpression text => text.Value,
            _ => "",
        };
        if (name.StartsWith("contr.", StringComparison.Ordinal))
            name = name["contr.".Length..];
        return name is "treatment" or "sum" or "helmert" or "poly" or "SAS" ? name : null;
    }

    private static IEnumerable<Expression> Items(Expression expression) =>
        expression is CallExpression { Function: "c" } list && list.Arguments.All(argument => argument.Name is null)
            ? list.Arguments.Select(argument => argument.Value)
            : [expression];
}

using System.Diagnostics.CodeAnalysis;
using MixedModels.Data;

namespace MixedModels.Formula;

/// <summary>What kind of value an argument of a function must be in a formula.</summary>
internal enum ArgumentKind
{
    /// <summary>Arithmetic, a column or another function.</summary>
    Expression,

    /// <summary>A number written out, possibly with a sign.</summary>
    Number,

    /// <summary>A whole number of at least 1 written out.</summary>
    Count,

    /// <summary><c>TRUE</c> or <c>FALSE</c>.</summary>
    Logical,

    /// <summary>A string, or a number, that names a level.</summary>
    Level,

    /// <summary>Numbers written out: one or <c>c(1, 2)</c>.</summary>
    Numbers,

    /// <summary>Level names written out: <c>c("a", "b")</c>.</summary>
    Levels,

    /// <summary>The name of a contrast coding.</summary>
    Coding,
}

/// <summary>One parameter of a function.</summary>
internal sealed record Parameter(string Name, ArgumentKind Kind, bool IsRequired = false);

/// <summary>The arguments of a call by parameter name.</summary>
internal sealed class BoundArguments(CallExpression call, Dictionary<string, Expression> values)
{
    /// <summary>The call.</summary>
    public CallExpression Call { get; } = call;

    /// <summary>The argument of a required parameter.</summary>
    public Expression this[string name] => values[name];

    /// <summary>The argument of an optional parameter, where given.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Expression? value) => values.TryGetValue(name, out value);

    /// <summary>A whole number, or its default.</summary>
    public int Count(string name, int otherwise) => values.TryGetValue(name, out var value) ? (int)Literals.Number(value)! : otherwise;

    /// <summary>A truth value, or its default.</summary>
    public bool Flag(string name, bool otherwise) => values.TryGetValue(name, out var value) ? ((LogicalExpression)value).Value : otherwise;
}

/// <summary>The functions a formula may use and their parameters, in R's order and by R's names.</summary>
internal static class FormulaFunctions
{
    private static readonly Parameter x = new("x", ArgumentKind.Expression, IsRequired: true);

    private static readonly Parameter[] spline =
    [
        x, new("df", ArgumentKind.Count), new("knots", ArgumentKind.Numbers),
        new("intercept", ArgumentKind.Logical), new("Boundary.knots", ArgumentKind.Numbers),
    ];

    private static readonly Parameter[] levels = [x, new("levels", ArgumentKind.Levels)];

    private static readonly Dictionary<string, Parameter[]> byName = new(StringComparer.Ordinal)
    {
        ["log"] = [x, new("base", ArgumentKind.Number)],
        ["log2"] = [x],
        ["log10"] = [x],
        ["log1p"] = [x],
        ["exp"] = [x],
        ["expm1"] = [x],
        ["sqrt"] = [x],
        ["abs"] = [x],
        ["sin"] = [x],
        ["cos"] = [x],
        ["tan"] = [x],
        ["I"] = [x],
        ["poly"] = [x, new("degree", ArgumentKind.Count), new("raw", ArgumentKind.Logical)],
        ["ns"] = spline,
        ["bs"] = [spline[0], spline[1], spline[2], new("degree", ArgumentKind.Count), spline[3], spline[4]],
        ["scale"] = [x, new("center", ArgumentKind.Logical), new("scale", ArgumentKind.Logical)],
        ["center"] = [x],
        ["factor"] = levels,
        ["as.factor"] = [x],
        ["ordered"] = levels,
        ["relevel"] = [x, new("ref", ArgumentKind.Level, IsRequired: true)],
        ["C"] = [new("object", ArgumentKind.Expression, IsRequired: true), new("contr", ArgumentKind.Coding, IsRequired: true)],
        ["offset"] = [new("object", ArgumentKind.Expression, IsRequired: true)],
    };

    /// <summary>The names of the functions.</summary>
    public static IReadOnlyCollection<string> Names => byName.Keys;

    /// <summary>Matches a call's arguments to the function's parameters: named ones first, the rest in order, as R does.</summary>
    /// <exception cref="FormulaException">No such function, or an argument it does not take or that is of the wrong kind.</exception>
    public static BoundArguments Bind(FormulaSource source, CallExpression call)
    {
        if (!byName.TryGetValue(call.Function, out var parameters))
            throw source.Error(
                call.Position,
                $"Unknown function '{call.Function}'",
                "it is not one a formula can use" + NearestNames.SuggestOrList(call.Function, Names));
        var values = new Dictionary<string, Expression>(StringComparer.Ordinal);
        foreach (var argument in call.Arguments.Where(argument => argument.Name is not null))
            BindNamed(source, call, parameters, values, argument);

        var free = parameters.Where(parameter => !values.ContainsKey(parameter.Name)).ToArray();
        var positional = call.Arguments.Where(argument => argument.Name is null).ToArray();
        for (var i = 0; i < positional.Length; i++)
        {
            if (i == free.Length)
                throw source.Error(
                    positional[i].Position, $"An argument too many for {call.Function}()", "wanted " + Signature(call.Function, parameters));
            Bind(source, call, free[i], values, positional[i].Value);
        }

        var missing = Array.Find(parameters, parameter => parameter.IsRequired && !values.ContainsKey(parameter.Name));
        if (missing is not null)
            throw source.Error(
                call.Position, $"{call.Function}() without its argument '{missing.Name}'", "wanted " + Signature(call.Function, parameters));
        return new BoundArguments(call, values);
    }

    private static void BindNamed(
        FormulaSource source, CallExpression call, Parameter[] parameters, Dictionary<string, Expression> values, Argument argument)
    {
        var parameter = Array.Find(parameters, candidate => string.Equals(candidate.Name, argument.Name, StringComparison.Ordinal))
            ?? throw source.Error(
                argument.Position, $"{call.Function}() has no argument '{argument.Name}'", "wanted " + Signature(call.Function, parameters));
        if (values.ContainsKey(parameter.Name))
            throw source.Error(argument.Position, $"The argument '{argument.Name}' given twice", "give it once");
        Bind(source, call, parameter, values, argument.Value);
    }

    private static void Bind(FormulaSource source, CallExpression call, Parameter parameter, Dictionary<string, Expression> values, Expression value)
    {
        var wanted = parameter.Kind switch
        {
            ArgumentKind.Number when Literals.Number(value) is null => "a number",
            ArgumentKind.Count when !IsCount(Literals.Number(value)) => "a whole number from 1 to 1000",
            ArgumentKind.Logical when value is not LogicalExpression => "TRUE or FALSE",
            ArgumentKind.Level when Literals.Level(value) is null => "a level in quotes, as in ref = \"a\"",
            ArgumentKind.Numbers when Literals.Numbers(value) is null => "numbers, as in c(2, 5)",
            ArgumentKind.Levels when Literals.Levels(value) is null => "levels, as in c(\"a\", \"b\")",
            ArgumentKind.Coding when Literals.CodingName(value) is null => "a contrast coding: treatment, sum, helmert, poly or SAS",
            _ => null,
        };
        if (wanted is not null)
            throw source.Error(
                value.Position, $"'{Deparser.Print(value)}' for the argument '{parameter.Name}' of {call.Function}()", "wanted " + wanted);
        values.Add(parameter.Name, value);
    }

    private static bool IsCount(double? number) => number is >= 1 and <= 1000 && number % 1 == 0;

    private static string Signature(string function, Parameter[] parameters) =>
        $"{function}({string.Join(", ", parameters.Select(parameter => parameter.IsRequired ? parameter.Name : $"{parameter.Name} = ..."))})";
}

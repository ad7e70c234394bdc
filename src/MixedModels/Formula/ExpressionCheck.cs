namespace MixedModels.Formula;

/// <summary>Checks that a variable's expression is one that can be computed: known functions with right arguments, no model operators.</summary>
internal static class ExpressionCheck
{
    /// <summary>Throws at the first part that cannot be computed.</summary>
    /// <exception cref="FormulaException">What and where.</exception>
    public static void Require(FormulaSource source, Expression expression)
    {
        switch (expression)
        {
            case GroupExpression group:
                Require(source, group.Inner);
                break;
            case SignExpression sign:
                Require(source, sign.Operand);
                break;
            case SumExpression sum:
                foreach (var part in sum.Parts)
                    Require(source, part.Operand);
                break;
            case BinaryExpression binary:
                RequireBinary(source, binary);
                break;
            case CallExpression call:
                RequireCall(source, call);
                break;
            case BarExpression bar:
                throw source.Error(
                    bar.BarPosition, "A bar inside an expression", "a random term goes in parentheses and is added, as in y ~ x + (x | g)");
            case DotExpression dot:
                throw source.Error(dot.Position, "'.' inside an expression", "'.' stands for the other columns as terms; name the column here");
        }
    }

    private static void RequireBinary(FormulaSource source, BinaryExpression binary)
    {
        if (binary.Operator is ":" or "%in%")
            throw source.Error(
                binary.OperatorPosition, $"'{binary.Operator}' inside an expression", "it joins terms of a formula and has no value as arithmetic");
        Require(source, binary.Left);
        Require(source, binary.Right);
    }

    private static void RequireCall(FormulaSource source, CallExpression call)
    {
        var arguments = FormulaFunctions.Bind(source, call);
        if (call.Function is "offset")
            throw source.Error(
                call.Position, "offset() inside an expression", "an offset is added by '+' to the fixed part, as in y ~ x + offset(z)");
        Require(source, call.Function is "C" ? arguments["object"] : arguments["x"]);
    }
}

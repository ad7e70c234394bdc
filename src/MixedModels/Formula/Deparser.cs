using System.Text;
using MixedModels.Data;

namespace MixedModels.Formula;

/// <summary>
/// Prints a tree as R's <c>deparse</c> does: spaces round <c>+ - *</c>, comparisons, <c>%in%</c> and bars; none round
/// <c>^ : /</c>.
/// </summary>
internal static class Deparser
{
    /// <summary>The expression's canonical text.</summary>
    public static string Print(Expression expression)
    {
        var text = new StringBuilder();
        Append(text, expression);
        return text.ToString();
    }

    /// <summary>A name as it stands in a formula: in backticks unless it is a plain one.</summary>
    public static string PrintName(string name)
    {
        if (IsPlainName(name))
            return name;
        return $"`{Escape(name, "`")}`";
    }

    private static string Escape(string text, string quote) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(quote, "\\" + quote, StringComparison.Ordinal);

    private static bool IsPlainName(string name)
    {
        if (name.Length == 0 || name is "." or "TRUE" or "FALSE" || !(char.IsLetter(name[0]) || name[0] == '.'))
            return false;
        if (name[0] == '.' && name.Length > 1 && char.IsAsciiDigit(name[1]))
            return false;
        return name.All(character => char.IsLetterOrDigit(character) || character is '.' or '_');
    }

    private static void Append(StringBuilder text, Expression expression)
    {
        switch (expression)
        {
            case NumberExpression number:
                text.Append(NumberName.Of(number.Value)).Append(number.IsWhole ? "L" : "");
                break;
            case TextExpression quoted:
                text.Append('"').Append(Escape(quoted.Value, "\"")).Append('"');
                break;
            case LogicalExpression logical:
                text.Append(logical.Value ? "TRUE" : "FALSE");
                break;
            case NameExpression name:
                text.Append(PrintName(name.Name));
                break;
            case DotExpression:
                text.Append('.');
                break;
            case GroupExpression group:
                text.Append('(');
                Append(text, group.Inner);
                text.Append(')');
                break;
            case SignExpression sign:
                text.Append(sign.IsMinus ? '-' : '+');
                Append(text, sign.Operand);
                break;
            default:
                AppendCompound(text, expression);
                break;
        }
    }

    private static void AppendCompound(StringBuilder text, Expression expression)
    {
        switch (expression)
        {
            case SumExpression sum:
                AppendSum(text, sum);
                break;
            case BinaryExpression binary:
                Append(text, binary.Left);
                text.Append(binary.Operator is "^" or ":" or "/" ? binary.Operator : $" {binary.Operator} ");
                Append(text, binary.Right);
                break;
            case BarExpression bar:
                Append(text, bar.Left);
                text.Append(bar.IsDouble ? " || " : " | ");
                Append(text, bar.Right);
                break;
            case CallExpression call:
                AppendCall(text, call);
                break;
            default:
                throw new ArgumentException($"No text for {expression.GetType().Name}.", nameof(expression));
        }
    }

    private static void AppendSum(StringBuilder text, SumExpression sum)
    {
        for (var i = 0; i < sum.Parts.Count; i++)
        {
            if (i > 0)
                text.Append(sum.Parts[i].IsSubtracted ? " - " : " + ");
            Append(text, sum.Parts[i].Operand);
        }
    }

    private static void AppendCall(StringBuilder text, CallExpression call)
    {
        text.Append(PrintName(call.Function)).Append('(');
        for (var i = 0; i < call.Arguments.Count; i++)
        {
            if (i > 0)
                text.Append(", ");
            if (call.Arguments[i].Name is { } name)
                text.Append(PrintName(name)).Append(" = ");
            Append(text, call.Arguments[i].Value);
        }

        text.Append(')');
    }
}

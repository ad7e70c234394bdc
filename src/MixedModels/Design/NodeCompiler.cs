using MixedModels.Data;
using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>Turns the tree of a variable into nodes over a table's columns, learning what transforms learn.</summary>
internal sealed class NodeCompiler(FormulaSource source, TableColumns table)
{
    /// <summary>Whether the expression has levels rather than numbers.</summary>
    public bool IsFactor(Expression expression) => expression switch
    {
        NameExpression name => FindColumn(name) is FactorColumn,
        GroupExpression group => IsFactor(group.Inner),
        BinaryExpression binary => IsComparison(binary),
        CallExpression { Function: "factor" or "as.factor" or "ordered" or "relevel" or "C" } => true,
        CallExpression { Function: "I" } call => IsFactor(Argument(call)),
        _ => false,
    };

    /// <summary>Binds an expression that has one number a row.</summary>
    public NumericNode Numeric(Expression expression)
    {
        switch (expression)
        {
            case NumberExpression number:
                return new ConstantNode(number.Value);
            case LogicalExpression logical:
                return new ConstantNode(logical.Value ? 1 : 0);
            case NameExpression name:
                return NumericName(name);
            case GroupExpression group:
                return Numeric(group.Inner);
            case SignExpression sign:
                return sign.IsMinus ? new FunctionNode(static x => -x, Numeric(sign.Operand)) : Numeric(sign.Operand);
            case SumExpression sum:
                return sum.Parts.Skip(1).Aggregate(
                    Numeric(sum.Parts[0].Operand),
                    (total, part) => new OperatorNode(Arithmetic(part.IsSubtracted ? "-" : "+"), total, Numeric(part.Operand)));
            case BinaryExpression binary when IsComparison(binary):
                return new ConditionNode(Factor(binary));
            case BinaryExpression binary:
                return new OperatorNode(Arithmetic(binary.Operator), Numeric(binary.Left), Numeric(binary.Right));
            case CallExpression call:
                return NumericCall(call);
            default:
                throw source.Error(expression.Position, $"{Deparser.Print(expression)} in arithmetic", "wanted numbers");
        }
    }

    /// <summary>Binds an expression that has one level a row; numbers become levels.</summary>
    public FactorNode Factor(Expression expression) => expression switch
    {
        NameExpression name when FindColumn(name) is not null => new ColumnFactorNode(name.Name, table),
        GroupExpression group => Factor(group.Inner),
        BinaryExpression binary when IsComparison(binary) => Comparison(binary),
        CallExpression { Function: "I" } call => Factor(Argument(call)),
        CallExpression { Function: "factor" or "as.factor" or "ordered" } call => MadeFactor(call),
        CallExpression { Function: "relevel" } call => Releveled(call),
        CallExpression { Function: "C" } call => Coded(call),
        _ => new NumberFactorNode(Numeric(expression), table),
    };

    /// <summary>Binds a call of poly, bs or ns: its argument and the basis learnt from it.</summary>
    public (NumericNode Argument, BasisTransform Basis) Basis(CallExpression call)
    {
        var arguments = FormulaFunctions.Bind(source, call);
        var argument = Numeric(arguments["x"]);
        return (argument, BasisLearner.Learn(source, arguments, LearningSample.Of(source, table, arguments["x"], argument)));
    }

    private static bool IsComparison(BinaryExpression binary) => binary.Operator is "==" or "!=" or "<" or "<=" or ">" or ">=";

    private static Func<double, double, double> Arithmetic(string symbol) => symbol switch
    {
        "+" => static (a, b) => a + b,
        "-" => static (a, b) => a - b,
        "*" => static (a, b) => a * b,
        "/" => static (a, b) => a / b,
        "^" => Math.Pow,
        _ => throw new ArgumentException($"'{symbol}' is no arithmetic operator.", nameof(symbol)),
    };

    // 'pi' is the constant unless the table has such a column, as R looks in the data first.
    private Column? FindColumn(NameExpression name)
    {
        if (table.TryFind(name.Name, out var column))
            return column;
        if (string.Equals(name.Name, "pi", StringComparison.Ordinal))
            return null;
        throw source.Error(
            name.Position, $"Unknown column '{name.Name}'", "the data have no such column" + NearestNames.SuggestOrList(name.Name, table.Names));
    }

    private NumericNode NumericName(NameExpression name) => FindColumn(name) switch
    {
        null => new ConstantNode(Math.PI),
        FactorColumn factor when factor.Levels.SequenceEqual(ComparisonNode.TruthLevels, StringComparer.Ordinal) =>
            new ConditionNode(new ColumnFactorNode(name.Name, table)),
        FactorColumn => throw source.Error(
            name.Position, $"Factor '{name.Name}'", "it has levels and this needs numbers; compare it, as in I(f == \"a\"), or read it as numbers"),
        _ => new ColumnNode(name.Name),
    };

    private NumericNode NumericCall(CallExpression call)
    {
        var arguments = FormulaFunctions.Bind(source, call);
        switch (call.Function)
        {
            case "I":
                return Numeric(arguments["x"]);
            case "log" when arguments.TryGet("base", out var given):
                var scale = Math.Log(Literals.Number(given)!.Value);
                if (!double.IsFinite(scale) || scale == 0)
                    throw source.Error(given.Position, $"The base {Deparser.Print(given)}", "wanted a positive number other than 1");
                return new FunctionNode(x => Math.Log(x) / scale, Numeric(arguments["x"]));
            case "center" or "scale":
                return Standardized(arguments);
            case "poly" or "bs" or "ns":
                throw source.Error(call.Position, $"{call.Function}() inside an expression", "it has several columns; use it as a term of its own");
            case "factor" or "as.factor" or "ordered" or "relevel" or "C":
                throw source.Error(call.Position, $"{call.Function}() inside arithmetic", "it has levels and this needs numbers");
            default:
                return new FunctionNode(ElementaryFunctions.ByName[call.Function], Numeric(arguments["x"]));
        }
    }

    private FunctionNode Standardized(BoundArguments arguments)
    {
        var argument = Numeric(arguments["x"]);
        var sample = LearningSample.Of(source, table, arguments["x"], argument);
        var isScale = string.Equals(arguments.Call.Function, "scale", StringComparison.Ordinal);
        var mean = !isScale || arguments.Flag("center", otherwise: true) ? sample.Mean() : 0;
        if (!isScale || !arguments.Flag("scale", otherwise: true))
            return new FunctionNode(x => x - mean, argument);

        // R's scale divides by the root mean square about the centre that was taken, over n − 1.
        var deviation = sample.RootMeanSquare(mean);
        if (deviation is 0 or double.NaN)
            throw new DataException($"{Deparser.Print(arguments.Call)} has nothing to scale by: its argument does not vary. Remove the term.");
        return new FunctionNode(x => (x - mean) / deviation, argument);
    }

    private FactorNode Comparison(BinaryExpression binary)
    {
        var isEquality = binary.Operator is "==" or "!=";
        if (isEquality && Literals.Level(binary.Right) is { } rightLevel && IsFactor(binary.Left))
            return LevelComparison(binary, binary.Left, rightLevel, binary.Right);
        if (isEquality && Literals.Level(binary.Left) is { } leftLevel && IsFactor(binary.Right))
            return LevelComparison(binary, binary.Right, leftLevel, binary.Left);
        return new ComparisonNode(
            binary.Operator switch
            {
                "==" => static (a, b) => a == b,
                "!=" => static (a, b) => a != b,
                "<" => static (a, b) => a < b,
                "<=" => static (a, b) => a <= b,
                ">" => static (a, b) => a > b,
                _ => static (a, b) => a >= b,
            },
            Numeric(binary.Left),
            Numeric(binary.Right));
    }

    private LevelComparisonNode LevelComparison(BinaryExpression binary, Expression side, string level, Expression literal)
    {
        var factor = Factor(side);
        RequireLevel(factor, level, literal);
        return new LevelComparisonNode(factor, level, isEqual: binary.Operator is "==");
    }

    private FactorNode MadeFactor(CallExpression call)
    {
        var arguments = FormulaFunctions.Bind(source, call);
        var isOrdered = string.Equals(call.Function, "ordered", StringComparison.Ordinal);
        var inner = Factor(arguments["x"]);
        if (!arguments.TryGet("levels", out var given))
            return isOrdered ? new RearrangedFactorNode(inner, inner.Levels, isOrdered: true, inner.Coding) : inner;
        var levels = Literals.Levels(given)!;
        if (levels.Distinct(StringComparer.Ordinal).Count() != levels.Length)
            throw source.Error(given.Position, "A level given twice", "wanted each level once");
        foreach (var level in levels)
            RequireLevel(inner, level, given);
        return new RearrangedFactorNode(inner, levels, isOrdered || inner.IsOrdered, coding: null);
    }

    private RearrangedFactorNode Releveled(CallExpression call)
    {
        var arguments = FormulaFunctions.Bind(source, call);
        var inner = Factor(arguments["x"]);
        var reference = Literals.Level(arguments["ref"])!;
        RequireLevel(inner, reference, arguments["ref"]);
        string[] levels = [reference, .. inner.Levels.Where(level => !string.Equals(level, reference, StringComparison.Ordinal))];
        return new RearrangedFactorNode(inner, levels, isOrdered: false, inner.Coding);
    }

    private RearrangedFactorNode Coded(CallExpression call)
    {
        var arguments = FormulaFunctions.Bind(source, call);
        var inner = Factor(arguments["object"]);
        _ = ContrastCodingNames.TryParse(Literals.CodingName(arguments["contr"])!, out var coding);
        return new RearrangedFactorNode(inner, inner.Levels, inner.IsOrdered, coding);
    }

    private void RequireLevel(FactorNode factor, string level, Expression place)
    {
        if (!factor.Levels.Contains(level, StringComparer.Ordinal))
            throw source.Error(
                place.Position, $"The level '{level}'", "the factor has no such level" + NearestNames.SuggestOrList(level, [.. factor.Levels]));
    }

    private Expression Argument(CallExpression call) => FormulaFunctions.Bind(source, call)["x"];
}

namespace MixedModels.Formula;

/// <summary>A residual covariance structure as written, <c>ar1(time | arm/id)</c>. Immutable.</summary>
internal sealed class ResidualClause
{
    private ResidualClause(
        FormulaSource source,
        CallExpression call,
        IReadOnlyList<FormulaVariable> order,
        IReadOnlyList<FormulaVariable> groups,
        IReadOnlyList<FormulaVariable> subjects)
    {
        (Source, Order, Groups, Subjects) = (source, order, groups, subjects);
        (Structure, Position) = (call.Function, call.Position);
        Text = Deparser.Print(call);
        Arguments = call.Arguments.Skip(1).ToDictionary(argument => argument.Name!, argument => argument, StringComparer.Ordinal);
    }

    /// <summary>The text, for errors.</summary>
    public FormulaSource Source { get; }

    /// <summary>The structure's name.</summary>
    public string Structure { get; }

    /// <summary>The clause in canonical form.</summary>
    public string Text { get; }

    /// <summary>Zero-based position of the structure's name.</summary>
    public int Position { get; }

    /// <summary>The time, or the coordinates; empty for file order.</summary>
    public IReadOnlyList<FormulaVariable> Order { get; }

    /// <summary>The factors whose levels have parameters of their own; empty for one set of parameters.</summary>
    public IReadOnlyList<FormulaVariable> Groups { get; }

    /// <summary>The factors whose combinations are the subjects; empty where all rows are one.</summary>
    public IReadOnlyList<FormulaVariable> Subjects { get; }

    /// <summary>Whether the structure goes by distances between coordinates, any numbers; else by visits, whole numbers or a factor.</summary>
    public bool HasCoordinates => ResidualNames.HasCoordinates(Structure);

    private Dictionary<string, Argument> Arguments { get; }

    /// <summary>Reads a clause.</summary>
    /// <exception cref="FormulaException">It cannot be read; the message shows the place.</exception>
    public static ResidualClause Parse(string text)
    {
        var source = new FormulaSource(text);
        var example = "wanted structure(time | subject), as in ar1(week | patient)";
        if (FormulaParser.ParseSingle(source) is not CallExpression call) throw source.Error(0, "No residual structure", example);
        if (!ResidualNames.All.Contains(call.Function, StringComparer.Ordinal))
            throw source.Error(call.Position, $"Unknown residual structure '{call.Function}'", $"wanted one of {string.Join(", ", ResidualNames.All)}");
        if (call.Arguments is not [{ Name: null, Value: BarExpression { IsDouble: false } bar }, ..])
            throw source.Error(call.Position, $"{call.Function}() without 'time | subject'", example);
        foreach (var argument in call.Arguments.Skip(1)) RequireArgument(source, call.Function, argument);
        if (call.Arguments.Skip(1).Select(argument => argument.Name).Distinct(StringComparer.Ordinal).Count() < call.Arguments.Count - 1)
            throw source.Error(call.Position, "An argument given twice", "give it once");
        var order = OrderOf(source, call.Function, bar.Left);
        var (groups, subjects) = SubjectsOf(source, bar.Right);
        return new(source, call, order, groups, subjects);
    }

    /// <summary>A whole-number argument, at least <paramref name="least"/>.</summary>
    /// <exception cref="FormulaException">It is none.</exception>
    public int Whole(string name, int otherwise, int least)
    {
        if (!Arguments.TryGetValue(name, out var argument)) return otherwise;
        return Literals.Number(argument.Value) is { } value && value == Math.Floor(value) && value >= least && value <= 20
            ? (int)value
            : throw Source.Error(argument.Position, $"{name} = {Deparser.Print(argument.Value)}", $"wanted a whole number from {least} to 20");
    }

    /// <summary>A <c>TRUE</c> or <c>FALSE</c> argument.</summary>
    /// <exception cref="FormulaException">It is none.</exception>
    public bool Truth(string name)
    {
        if (!Arguments.TryGetValue(name, out var argument)) return false;
        return argument.Value is LogicalExpression { Value: var value }
            ? value
            : throw Source.Error(argument.Position, $"{name} = {Deparser.Print(argument.Value)}", "wanted TRUE or FALSE");
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static void RequireArgument(FormulaSource source, string structure, Argument argument)
    {
        var known = ResidualNames.ArgumentsOf(structure);
        if (argument.Name is { } name && known.Contains(name, StringComparer.Ordinal)) return;
        var wanted = known.Count == 0 ? $"{structure} has none" : "it has " + string.Join(", ", known);
        throw source.Error(argument.Position, $"An argument of {structure}() that it does not have", wanted);
    }

    private static IReadOnlyList<FormulaVariable> OrderOf(FormulaSource source, string structure, Expression left)
    {
        if (left is GroupExpression group) return OrderOf(source, structure, group.Inner);
        if (left is NumberExpression { Value: 1 })
        {
            return ResidualNames.MostCoordinates(structure) > 0 && structure != "car1"
                ? throw source.Error(left.Position, "File order with coordinates", $"{structure} goes by distances; wanted one or more columns, as in {structure}(x + y | id)")
                : [];
        }

        var parts = left is SumExpression sum ? sum.Parts : [new SumPart(IsSubtracted: false, left)];
        var most = Math.Max(1, ResidualNames.MostCoordinates(structure));
        if (parts.Count > most)
        {
            throw source.Error(
                parts[most].Operand.Position,
                $"{parts.Count} coordinates",
                most == 1 ? $"{structure} takes one column before the bar" : $"{structure} is positive definite in up to {most} dimensions only");
        }

        if (parts.FirstOrDefault(part => part.IsSubtracted || part.Operand is NumberExpression or DotExpression) is { } wrong)
            throw source.Error(wrong.Operand.Position, "No time or coordinate", "wanted a column before the bar, or 1 for file order");
        foreach (var part in parts) ExpressionCheck.Require(source, part.Operand);
        return [.. parts.Select(part => new FormulaVariable(Deparser.Print(part.Operand), part.Operand))];
    }

    private static (IReadOnlyList<FormulaVariable> Groups, IReadOnlyList<FormulaVariable> Subjects) SubjectsOf(FormulaSource source, Expression right)
    {
        if (right is NumberExpression { Value: 1 }) return ([], []);
        if (right is GroupExpression inner) return SubjectsOf(source, inner.Inner);
        if (right is BinaryExpression { Operator: "/" } nested)
        {
            var levels = RandomTermReader.Groups(source, nested);
            if (levels.Count != 2)
                throw source.Error(nested.OperatorPosition, "More than one '/' after the bar", "wanted subject, or group/subject for parameters by group");
            return (levels[0], levels[1]);
        }

        return ([], RandomTermReader.Groups(source, right)[0]);
    }
}

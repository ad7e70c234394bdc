namespace MixedModels.Formula;

/// <summary>A variance function as written, <c>power(x | f)</c>: how the residual standard deviation changes from row to row. Immutable.</summary>
/// <param name="Function"><c>ident</c>, <c>power</c>, <c>exp</c>, <c>constpower</c> or <c>fixed</c>.</param>
/// <param name="Text">In canonical form.</param>
/// <param name="Covariate">What it is a function of; null for <c>ident</c> and for fitted values.</param>
/// <param name="IsFitted">Whether it is a function of the fitted values.</param>
/// <param name="Strata">The factors whose levels have parameters of their own.</param>
/// <param name="Held">Parameters held fixed, by name.</param>
/// <param name="Position">Zero-based position in the clause.</param>
internal sealed record VarianceTerm(
    string Function,
    string Text,
    FormulaVariable? Covariate,
    bool IsFitted,
    IReadOnlyList<FormulaVariable> Strata,
    IReadOnlyDictionary<string, double> Held,
    int Position);

/// <summary>Variance functions joined by <c>+</c>: the factors of a row's standard deviation. Immutable.</summary>
internal sealed class VarianceClause
{
    private static readonly string[] functions = ["ident", "power", "exp", "constpower", "fixed"];

    private VarianceClause(FormulaSource source, IReadOnlyList<VarianceTerm> terms) => (Source, Terms) = (source, terms);

    /// <summary>The text, for errors.</summary>
    public FormulaSource Source { get; }

    /// <summary>The functions in their order.</summary>
    public IReadOnlyList<VarianceTerm> Terms { get; }

    /// <summary>Reads a clause.</summary>
    /// <exception cref="FormulaException">It cannot be read; the message shows the place.</exception>
    public static VarianceClause Parse(string text)
    {
        var source = new FormulaSource(text);
        var expression = FormulaParser.ParseSingle(source);
        var parts = expression is SumExpression sum ? sum.Parts : [new SumPart(IsSubtracted: false, expression)];
        return new(source, [.. parts.Select(part => Read(source, part))]);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(" + ", Terms.Select(term => term.Text));

    private static VarianceTerm Read(FormulaSource source, SumPart part)
    {
        if (part is not { IsSubtracted: false, Operand: CallExpression call } || !functions.Contains(call.Function, StringComparer.Ordinal))
            throw source.Error(part.Operand.Position, "No variance function", $"wanted one of {string.Join(", ", functions)}, as in ident(sex) or power(x)");
        if (call.Arguments is not [{ Name: null, Value: var argument }, ..])
            throw source.Error(call.Position, $"{call.Function}() without a column", $"wanted {call.Function}(x), or power(fitted)");
        var (inside, strata) = argument is BarExpression { IsDouble: false } bar ? (bar.Left, Strata(source, bar.Right)) : (argument, []);
        var text = Deparser.Print(call);
        var held = HeldOf(source, call);
        if (call.Function == "ident")
        {
            if (argument is BarExpression) throw source.Error(call.Position, "A bar in ident()", "wanted ident(f): a standard deviation for each level of f");
            if (held.Count > 0) throw source.Error(call.Arguments[1].Position, "An argument of ident()", "it has none");
            return new(call.Function, text, null, IsFitted: false, Strata(source, inside), held, call.Position);
        }

        if (call.Function == "fixed" && strata.Count > 0) throw source.Error(call.Position, "A bar in fixed()", "it has no parameters to go by group");
        var isFitted = inside is NameExpression { Name: "fitted" };
        if (isFitted && call.Function == "fixed") throw source.Error(inside.Position, "fixed(fitted)", "write power(fitted, power = 0.5)");
        if (!isFitted) ExpressionCheck.Require(source, inside);
        var covariate = isFitted ? null : new FormulaVariable(Deparser.Print(inside), inside);
        return new(call.Function, text, covariate, isFitted, strata, held, call.Position);
    }

    private static IReadOnlyList<FormulaVariable> Strata(FormulaSource source, Expression expression)
    {
        var groups = RandomTermReader.Groups(source, expression);
        return groups.Count == 1 ? groups[0] : throw source.Error(expression.Position, "'/' in a variance function", "join factors by ':'");
    }

    private static Dictionary<string, double> HeldOf(FormulaSource source, CallExpression call)
    {
        string[] known = call.Function switch { "power" => ["power"], "exp" => ["expon"], "constpower" => ["const", "power"], _ => [] };
        var held = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var argument in call.Arguments.Skip(1))
        {
            if (argument.Name is not { } name || !known.Contains(name, StringComparer.Ordinal))
            {
                throw source.Error(
                    argument.Position, $"An argument of {call.Function}() that it does not have", known.Length == 0 ? "it has none" : $"it has {string.Join(", ", known)}");
            }

            if (Literals.Number(argument.Value) is not { } value || !double.IsFinite(value))
                throw source.Error(argument.Position, $"{name} = {Deparser.Print(argument.Value)}", "wanted a number that the parameter is held at");
            if (name == "const" && !(value > 0))
                throw source.Error(argument.Position, $"const = {Deparser.Print(argument.Value)}", "the constant of constpower is positive");
            if (!held.TryAdd(name, value)) throw source.Error(argument.Position, $"{name} given twice", "give it once");
        }

        return held;
    }
}

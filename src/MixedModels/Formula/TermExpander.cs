using MixedModels.Data;

namespace MixedModels.Formula;

/// <summary>
/// Expands the operators of a model formula into terms by R's rules: <c>a*b</c> = <c>a + b + a:b</c>, <c>a/b</c> = <c>a + a:b</c>,
/// <c>^n</c>, <c>%in%</c>, <c>-</c> and the intercept. One use an instance.
/// </summary>
/// <remarks>
/// Source: Chambers &amp; Hastie (1992), Statistical Models in S, section 2.4.1; Wilkinson &amp; Rogers (1973), Applied Statistics 22.
/// </remarks>
internal sealed class TermExpander
{
    private const int MostTerms = 10_000;

    private readonly FormulaSource source;
    private readonly IReadOnlyList<string> dotColumns;
    private readonly bool isRandomSide;
    private readonly string? responseLabel;
    private readonly List<FormulaVariable> variables = [];
    private readonly Dictionary<string, int> indexByLabel = new(StringComparer.Ordinal);
    private readonly List<FormulaVariable> offsets = [];
    private bool hasIntercept = true;

    private TermExpander(FormulaSource source, IReadOnlyList<string> dotColumns, bool isRandomSide, string? responseLabel)
    {
        this.source = source;
        this.dotColumns = dotColumns;
        this.isRandomSide = isRandomSide;
        this.responseLabel = responseLabel;
    }

    /// <summary>Expands the right side of a formula, leaving its random terms aside.</summary>
    /// <param name="source">The formula, for errors.</param>
    /// <param name="right">The right side.</param>
    /// <param name="response">The response, which cannot be a term; null in a one-sided formula.</param>
    /// <param name="dotColumns">What <c>.</c> stands for.</param>
    public static TermList ExpandFixed(FormulaSource source, Expression right, Expression? response, IReadOnlyList<string> dotColumns) =>
        new TermExpander(source, dotColumns, isRandomSide: false, response is null ? null : Deparser.Print(response)).Run(right);

    /// <summary>Expands the left side of a random term's bar.</summary>
    public static TermList ExpandRandom(FormulaSource source, Expression left) =>
        new TermExpander(source, [], isRandomSide: true, responseLabel: null).Run(left);

    private TermList Run(Expression expression)
    {
        var terms = Expand(expression, isAdded: true, isAdditive: true)
            .OrderBy(term => term.Indices.Count)
            .Select(term => new FormulaTerm(string.Join(':', term.Indices.Select(index => variables[index].Label)), term.Indices));
        return new TermList(variables, [.. terms], hasIntercept, offsets);
    }

    // isAdded: the sign, which decides what 0 and 1 mean. isAdditive: no operator but + and - above, where random terms and offsets may stand.
    private List<VariableSet> Expand(Expression expression, bool isAdded, bool isAdditive)
    {
        switch (expression)
        {
            case GroupExpression group when RandomTermReader.IsRandom(group):
            case BarExpression:
            case CallExpression call when RandomTermReader.IsRandom(call):
                RefuseMisplacedRandom(expression, isAdded, isAdditive);
                return [];
            case GroupExpression group:
                return Expand(group.Inner, isAdded, isAdditive);
            case SignExpression sign:
                return ExpandSum([new SumPart(sign.IsMinus, sign.Operand)], isAdded, isAdditive);
            case SumExpression sum:
                return ExpandSum(sum.Parts, isAdded, isAdditive);
            case NumberExpression number:
                SetIntercept(number, isAdded);
                return [];
            case BinaryExpression { Operator: ":" or "*" or "/" or "%in%" or "^" } binary:
                return ExpandBinary(binary, isAdded);
            case DotExpression dot:
                return ExpandDot(dot);
            case CallExpression { Function: "offset" } offset:
                AddOffset(offset, isAdded, isAdditive);
                return [];
            case TextExpression or LogicalExpression:
                throw source.Error(
                    expression.Position,
                    $"{Deparser.Print(expression)} as a term",
                    "wanted a column; put names with spaces in backticks, as in `my column`");
            default:
                return [VariableSet.Of(AddVariable(expression))];
        }
    }

    private List<VariableSet> ExpandSum(IReadOnlyList<SumPart> parts, bool isAdded, bool isAdditive)
    {
        var terms = new List<VariableSet>();
        var present = new HashSet<VariableSet>();
        foreach (var part in parts)
        {
            var operand = Expand(part.Operand, isAdded != part.IsSubtracted, isAdditive);
            if (part.IsSubtracted)
            {
                present.ExceptWith(operand);
                terms.RemoveAll(term => !present.Contains(term));
                continue;
            }

            terms.AddRange(operand.Where(present.Add));
        }

        return terms;
    }

    private List<VariableSet> ExpandBinary(BinaryExpression binary, bool isAdded)
    {
        RefuseNumber(binary.Left, binary.Operator);
        var left = Expand(binary.Left, isAdded, isAdditive: false);
        if (binary.Operator is "^")
            return ExpandPower(binary, left);
        RefuseNumber(binary.Right, binary.Operator);
        var right = Expand(binary.Right, isAdded, isAdditive: false);
        var terms = binary.Operator switch
        {
            ":" => Products(left, right),
            "*" => left.Concat(right).Concat(Products(left, right)),
            "/" => left.Concat(Products(AllOf(left), right)),
            _ => Products(left, AllOf(right)),
        };
        return Limited(terms, binary.OperatorPosition);
    }

    private List<VariableSet> ExpandPower(BinaryExpression binary, List<VariableSet> factors)
    {
        if (Literals.Number(binary.Right) is not (>= 1 and <= 100 and var power) || power % 1 != 0)
        {
            throw source.Error(
                binary.Right.Position,
                $"The power '{Deparser.Print(binary.Right)}'",
                $"wanted a whole number from 1 to 100; for arithmetic write I({Deparser.Print(binary)})");
        }

        // A product of more factors than there are repeats one, so it is among the shorter ones.
        var terms = factors;
        for (var left = Math.Min(power, factors.Count); left > 1; left--)
            terms = Limited(Products(factors, terms), binary.OperatorPosition);
        return terms;
    }

    private static IEnumerable<VariableSet> Products(List<VariableSet> left, List<VariableSet> right) =>
        left.SelectMany(a => right.Select(a.Union));

    // The interaction of everything in a list; none of an empty one.
    private static List<VariableSet> AllOf(List<VariableSet> terms) => terms.Count == 0 ? [] : [terms.Aggregate((a, b) => a.Union(b))];

    private List<VariableSet> Limited(IEnumerable<VariableSet> terms, int position)
    {
        var distinct = new HashSet<VariableSet>();
        var ordered = new List<VariableSet>();
        foreach (var term in terms.Where(distinct.Add))
        {
            if (ordered.Count == MostTerms)
                throw source.Error(position, $"More than {MostTerms} terms", "wanted fewer factors crossed here");
            ordered.Add(term);
        }

        return ordered;
    }

    private List<VariableSet> ExpandDot(DotExpression dot)
    {
        if (isRandomSide)
            throw source.Error(dot.Position, "'.' in a random term", "name the columns whose effects vary");
        return [.. dotColumns.Select(column => VariableSet.Of(AddVariable(new NameExpression(column, dot.Position))))];
    }

    private void SetIntercept(NumberExpression number, bool isAdded)
    {
        if (number.Value is not (0 or 1))
            throw source.Error(
                number.Position,
                $"The number {Deparser.Print(number)} as a term",
                "only 1 (intercept) and 0 (none) stand alone; arithmetic goes inside I()");
        hasIntercept = isAdded == (number.Value == 1);
    }

    private void RefuseNumber(Expression operand, string symbol)
    {
        if (operand is NumberExpression)
        {
            throw source.Error(
                operand.Position,
                $"The number {Deparser.Print(operand)} beside '{symbol}'",
                $"in a formula '{symbol}' joins terms; arithmetic goes inside I(), as in I(x{symbol}2)");
        }
    }

    private void AddOffset(CallExpression offset, bool isAdded, bool isAdditive)
    {
        if (isRandomSide || !isAdded || !isAdditive)
            throw source.Error(offset.Position, "offset() here", "an offset is added by '+' to the fixed part, as in y ~ x + offset(z)");
        var argument = FormulaFunctions.Bind(source, offset)["object"];
        ExpressionCheck.Require(source, argument);
        offsets.Add(new FormulaVariable(Deparser.Print(argument), argument));
    }

    private int AddVariable(Expression expression)
    {
        ExpressionCheck.Require(source, expression);
        var label = Deparser.Print(expression);
        if (string.Equals(label, responseLabel, StringComparison.Ordinal))
            throw source.Error(expression.Position, $"The response '{label}' among the terms", "a response cannot explain itself; remove it");
        if (!indexByLabel.TryGetValue(label, out var index))
        {
            index = variables.Count;
            indexByLabel.Add(label, index);
            variables.Add(new FormulaVariable(label, expression));
        }

        return index;
    }

    private void RefuseMisplacedRandom(Expression expression, bool isAdded, bool isAdditive)
    {
        if (expression is BarExpression bar)
        {
            throw source.Error(
                bar.BarPosition,
                "A bar outside parentheses",
                isRandomSide ? "a random term holds one bar" : "a random term goes in parentheses and is added, as in y ~ x + (x | g)");
        }

        if (isRandomSide)
            throw source.Error(expression.Position, "A random term inside a random term", "write them one after the other, as in (1 | a) + (1 | b)");
        if (!isAdded)
            throw source.Error(expression.Position, "A random term that is subtracted", "leave it out instead");
        if (!isAdditive)
            throw source.Error(expression.Position, "A random term inside a product", "random terms are added by '+', as in y ~ x + (x | g)");
    }
}

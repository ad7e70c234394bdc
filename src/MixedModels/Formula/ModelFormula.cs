namespace MixedModels.Formula;

/// <summary>A model formula, read and checked as far as can be without data. Immutable and safe for concurrent use.</summary>
public sealed class ModelFormula
{
    private readonly Expression? response;
    private readonly Expression right;

    private ModelFormula(FormulaSource source, ParsedFormula parsed)
    {
        Source = source;
        response = parsed.Response;
        right = parsed.Right;
        if (response is not null)
            RequireResponse(source, response);
        HasDot = NamesIn.HasDot(right);
        FixedPart = TermExpander.ExpandFixed(source, right, response, []);
        RandomTerms = RandomTermReader.Read(source, right);
    }

    /// <summary>The response in canonical form, such as <c>log(y)</c>; null in a one-sided formula.</summary>
    public string? Response => response is null ? null : Deparser.Print(response);

    /// <summary>The random terms in their order; <c>(1 | a/b)</c> stands as <c>(1 | a)</c> and <c>(1 | a:b)</c>.</summary>
    public IReadOnlyList<RandomTerm> RandomTerms { get; }

    /// <summary>Whether the fixed part has an intercept.</summary>
    public bool HasIntercept => FixedPart.HasIntercept;

    /// <summary>The fixed terms without the intercept, by degree as R orders them; those of <c>.</c> are not among them.</summary>
    public IReadOnlyList<string> FixedTerms => [.. FixedPart.Terms.Select(term => term.Label)];

    /// <summary>Whether <c>.</c> stands among the fixed terms, to be expanded once the columns are known.</summary>
    public bool HasDot { get; }

    /// <summary>The formula's text, for errors.</summary>
    internal FormulaSource Source { get; }

    /// <summary>The response's tree; null in a one-sided formula.</summary>
    internal Expression? ResponseExpression => response;

    /// <summary>The fixed part with <c>.</c> standing for nothing.</summary>
    internal TermList FixedPart { get; }

    /// <summary>Reads a formula with a response, such as <c>Reaction ~ Days + (Days | Subject)</c>.</summary>
    /// <param name="text">The formula.</param>
    /// <exception cref="FormulaException">It cannot be read; the message shows the place.</exception>
    public static ModelFormula Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var source = new FormulaSource(text);
        var parsed = FormulaParser.ParseFormula(source);
        if (parsed.Response is null)
            throw source.Error(0, "No response", "wanted response ~ terms, as in y ~ x + (1 | g)");
        return new ModelFormula(source, parsed);
    }

    /// <summary>Reads a formula without a response, such as <c>~ Days</c>.</summary>
    /// <exception cref="FormulaException">It cannot be read, or has a response.</exception>
    internal static ModelFormula ParseOneSided(string text)
    {
        var source = new FormulaSource(text);
        var parsed = FormulaParser.ParseFormula(source);
        if (parsed.Response is { } response)
            throw source.Error(response.Position, "A response", "wanted a formula that begins with '~'");
        return new ModelFormula(source, parsed);
    }

    /// <summary>
    /// The fixed part for a table: <c>.</c> stands for every column that neither the response nor a random term's group names.
    /// </summary>
    /// <param name="columnNames">The table's columns that may be terms.</param>
    /// <exception cref="FormulaException">No column is left for <c>.</c>.</exception>
    internal TermList Expand(IEnumerable<string> columnNames)
    {
        if (!HasDot)
            return FixedPart;
        var taken = new HashSet<string>(StringComparer.Ordinal);
        if (response is not null)
            taken.UnionWith(NamesIn.Of(response));
        foreach (var term in RandomTerms)
        {
            taken.UnionWith(term.GroupFactors.SelectMany(factor => NamesIn.Of(factor.Expression)));
            if (term.GroupCall is not null)
                taken.UnionWith(NamesIn.Of(term.GroupCall));
        }

        return TermExpander.ExpandFixed(Source, right, response, [.. columnNames.Where(name => !taken.Contains(name))]);
    }

    /// <summary>The formula with other random terms behind the same response and fixed part, in canonical form.</summary>
    /// <param name="randomTerms">Such as <c>(1 + x | g)</c>; none for the fixed part alone.</param>
    internal string TextWithRandomTerms(IEnumerable<string> randomTerms) =>
        string.Join(" + ", randomTerms.Prepend((response is null ? "" : Deparser.Print(response) + " ") + "~ " + FixedPartText.Print(right)));

    /// <summary>The formula in canonical form: R's spacing, strings in double quotes.</summary>
    public override string ToString() => response is null ? $"~{Deparser.Print(right)}" : $"{Deparser.Print(response)} ~ {Deparser.Print(right)}";

    // cbind is the response of a binomial model and nothing else, so no function of the terms.
    private static void RequireResponse(FormulaSource source, Expression response)
    {
        if (response is CallExpression { Function: "cbind" } bound)
        {
            if (bound.Arguments.Count != 2)
                throw source.Error(bound.Position, $"cbind() of {bound.Arguments.Count}", "wanted cbind(successes, failures)");
            foreach (var argument in bound.Arguments)
                ExpressionCheck.Require(source, argument.Value);
            return;
        }

        if (RandomTermReader.IsRandom(response))
            throw source.Error(response.Position, "A random term left of '~'", "wanted the response there");
        if (response is NumberExpression or TextExpression or LogicalExpression)
            throw source.Error(response.Position, $"{Deparser.Print(response)} as the response", "wanted a column or an expression of columns");
        ExpressionCheck.Require(source, response);
    }
}

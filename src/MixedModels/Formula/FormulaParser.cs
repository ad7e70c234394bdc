using System.Globalization;

namespace MixedModels.Formula;

/// <summary>The two sides of a formula as trees; no response in a one-sided one.</summary>
internal sealed record ParsedFormula(Expression? Response, Expression Right);

/// <summary>
/// Reads tokens into a tree by operator precedence, as R's grammar ranks them:
/// <c>^</c>, sign, <c>:</c>, <c>%in%</c>, <c>* /</c>, <c>+ -</c>, comparisons, <c>| ||</c>, <c>~</c>.
/// </summary>
internal sealed class FormulaParser
{
    // Real formulas are a few levels deep; the cap keeps every recursion over a tree far from the stack's end.
    private const int MostLevels = 200;

    private const int SumRank = 4;
    private const int SignRank = 8;
    private const int PowerRank = 9;

    private readonly FormulaSource source;
    private readonly List<Token> tokens;
    private readonly Stack<Token> open = new();
    private int next;
    private int level;

    private FormulaParser(FormulaSource source)
    {
        this.source = source;
        tokens = Tokenizer.Read(source);
    }

    private Token Current => tokens[next];

    /// <summary>Reads a formula with a <c>~</c>.</summary>
    /// <exception cref="FormulaException">A syntax error, with its place.</exception>
    public static ParsedFormula ParseFormula(FormulaSource source)
    {
        var parser = new FormulaParser(source);
        const string wanted = "wanted response ~ terms, as in y ~ x + (1 | g)";
        if (parser.Current.Kind == TokenKind.End)
            throw source.Error(0, "An empty formula", wanted);
        Expression? response = null;
        if (!parser.Current.Is("~"))
            response = parser.ParseExpression(0);
        if (!parser.Current.Is("~"))
            throw parser.Current.Kind == TokenKind.End ? source.Error(parser.Current.Position, "No '~'", wanted) : parser.Unexpected();
        parser.next++;
        if (parser.Current.Is("~"))
            throw source.Error(parser.Current.Position, "A second '~'", "a formula has one");
        var right = parser.ParseExpression(0);
        parser.RequireEnd();
        return new ParsedFormula(response, right);
    }

    /// <summary>Reads one expression, as an offset is given.</summary>
    /// <exception cref="FormulaException">A syntax error, with its place.</exception>
    public static Expression ParseSingle(FormulaSource source)
    {
        var parser = new FormulaParser(source);
        var expression = parser.ParseExpression(0);
        parser.RequireEnd();
        return expression;
    }

    private static int Rank(Token token) => token.Kind != TokenKind.Operator
        ? -1
        : token.Text switch
        {
            "|" or "||" => 1,
            "==" or "!=" or "<" or "<=" or ">" or ">=" => 3,
            "+" or "-" => SumRank,
            "*" or "/" => 5,
            "%in%" => 6,
            ":" => 7,
            "^" => PowerRank,
            _ => -1,
        };

    private Expression ParseExpression(int lowest)
    {
        if (++level > MostLevels)
            throw TooDeep(Current.Position);
        var left = ParsePrefix();
        while (true)
        {
            var rank = Rank(Current);
            if (rank < 0 || rank < lowest)
                break;
            left = rank == SumRank ? ParseSum(left) : ParseBinary(left, rank);
            if (left.Height > MostLevels)
                throw TooDeep(Current.Position);
        }

        level--;
        return left;
    }

    private SumExpression ParseSum(Expression first)
    {
        var parts = new List<SumPart> { new(IsSubtracted: false, first) };
        while (Current.Is("+") || Current.Is("-"))
        {
            var isSubtracted = Current.Is("-");
            next++;
            parts.Add(new SumPart(isSubtracted, ParseExpression(SumRank + 1)));
        }

        return new SumExpression(parts);
    }

    private Expression ParseBinary(Expression left, int rank)
    {
        var token = Current;
        next++;
        if (rank == 1)
        {
            if (left is BarExpression)
                throw source.Error(
                    token.Position,
                    $"A second {token.Shown} in one random term",
                    "wanted one bar, as in (x | g); nest groups by '/', as in (1 | a/b)");
            return new BarExpression(left, IsDouble: token.Text.Length == 2, ParseExpression(rank + 1), token.Position);
        }

        // '^' alone groups to the right.
        var right = ParseExpression(rank == PowerRank ? PowerRank : rank + 1);
        return new BinaryExpression(token.Text, left, right, token.Position);
    }

    private Expression ParsePrefix()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                next++;
                return ReadNumber(token);
            case TokenKind.Text:
                next++;
                return new TextExpression(token.Text, token.Position);
            case TokenKind.Name:
                next++;
                return ParseName(token);
            case TokenKind.Operator when token.Is("-") || token.Is("+"):
                next++;
                return new SignExpression(token.Is("-"), ParseExpression(SignRank), token.Position);
            case TokenKind.Operator when token.Is("("):
                next++;
                open.Push(token);
                var inner = ParseExpression(0);
                Close();
                return new GroupExpression(inner, token.Position);
            default:
                throw MissingOperand();
        }
    }

    private NumberExpression ReadNumber(Token token)
    {
        var isWhole = token.Text.EndsWith('L');
        var digits = isWhole ? token.Text.AsSpan(0, token.Text.Length - 1) : token.Text;
        var value = double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (double.IsInfinity(value))
            throw source.Error(token.Position, $"The number {token.Text}", "it is beyond the range of double precision");
        return new NumberExpression(value, isWhole, token.Position);
    }

    private Expression ParseName(Token token)
    {
        if (Current.Is("("))
            return ParseCall(token);
        if (token.IsQuoted)
            return new NameExpression(token.Text, token.Position);
        return token.Text switch
        {
            "." => new DotExpression(token.Position),
            "TRUE" => new LogicalExpression(Value: true, token.Position),
            "FALSE" => new LogicalExpression(Value: false, token.Position),
            _ => new NameExpression(token.Text, token.Position),
        };
    }

    private CallExpression ParseCall(Token function)
    {
        if (function.Text is "nl")
            throw source.Error(
                function.Position,
                "nl()",
                "formulas of the form y ~ nl(expression), a ~ 1 are reserved for nonlinear models, which this version does not have");
        open.Push(Current);
        next++;
        var arguments = new List<Argument>();
        if (!Current.Is(")"))
        {
            arguments.Add(ParseArgument());
            while (Current.Is(","))
            {
                next++;
                arguments.Add(ParseArgument());
            }
        }

        Close();
        return new CallExpression(function.Text, arguments, function.Position);
    }

    private Argument ParseArgument()
    {
        var token = Current;
        if (token.Kind != TokenKind.Name || !tokens[next + 1].Is("="))
            return new Argument(null, ParseExpression(0), token.Position);
        next += 2;
        return new Argument(token.Text, ParseExpression(0), token.Position);
    }

    private void Close()
    {
        if (!Current.Is(")"))
            throw Current.Kind == TokenKind.End || Current.Is("~") ? NeverClosed() : Unexpected();
        open.Pop();
        next++;
    }

    private void RequireEnd()
    {
        if (Current.Kind != TokenKind.End)
            throw Unexpected();
    }

    private FormulaException NeverClosed() =>
        source.Error(open.Peek().Position, "A '(' that is never closed", "wanted a ')' after it");

    private FormulaException MissingOperand()
    {
        var wanted = next == 0 ? "wanted a term" : $"wanted a term after {tokens[next - 1].Shown}";
        var position = Current.Position;
        return Current.Kind == TokenKind.End
            ? source.Error(position, "The formula ends", wanted)
            : source.Error(position, $"Unexpected {Current.Shown}", wanted);
    }

    private FormulaException Unexpected()
    {
        var token = Current;
        if (token.Is(")"))
            return source.Error(token.Position, "Unexpected ')'", "no '(' before it is open");
        if (token.Is("~"))
            return source.Error(token.Position, "A second '~'", "a formula has one");
        if (token.Is(",") && open.Count == 0)
            return source.Error(token.Position, "Unexpected ','", "a formula is response ~ terms; commas separate the arguments of a function");
        if (token.Is("="))
            return source.Error(token.Position, "Unexpected '='", "'=' names an argument of a function; to compare, write '=='");
        var wanted = open.Count == 0 ? "wanted an operator such as '+', or the end" : "wanted an operator such as '+', or ')'";
        return source.Error(token.Position, $"Unexpected {token.Shown}", wanted + $" after {tokens[next - 1].Shown}");
    }

    private FormulaException TooDeep(int position) =>
        source.Error(position, $"More than {MostLevels} levels of nesting", "simplify the formula or compute parts of it as columns of the data");
}

using MixedModels.Formula;

namespace MixedModels.Tests.Formula;

public sealed class FormulaErrorTests
{
    [Theory]
    [InlineData("", 0, "An empty formula")]
    [InlineData("   ", 0, "An empty formula")]
    [InlineData("y", 1, "No '~'")]
    [InlineData("~ x", 0, "No response")]
    [InlineData("y ~ x +", 7, "The formula ends at column 8: wanted a term after '+'")]
    [InlineData("y ~", 3, "wanted a term after '~'")]
    [InlineData("y ~~ x", 3, "A second '~'")]
    [InlineData("y ~ x ~ z", 6, "A second '~'")]
    [InlineData("Reaction ~ Days + )", 18, "Unexpected ')' at column 19: wanted a term after '+'")]
    [InlineData("y ~ (x + z", 4, "A '(' that is never closed")]
    [InlineData("y ~ log(x", 7, "A '(' that is never closed")]
    [InlineData("y ~ (x ~ z)", 4, "A '(' that is never closed")]
    [InlineData("y ~ x)", 5, "no '(' before it is open")]
    [InlineData("y ~ x z", 6, "wanted an operator such as '+', or the end after 'x'")]
    [InlineData("y ~ (x z)", 7, "wanted an operator such as '+', or ')' after 'x'")]
    [InlineData("y ~ x, z", 5, "commas separate the arguments")]
    [InlineData("y ~ * x", 4, "wanted a term after '~'")]
    [InlineData("y ~ x ** ", 9, "wanted a term after '^'")]
    [InlineData("y = x", 2, "to compare, write '=='")]
    [InlineData("y ~ x | g", 6, "A bar outside parentheses")]
    [InlineData("y ~ x + 1 | g", 10, "a random term goes in parentheses")]
    [InlineData("y ~ (x | )", 9, "wanted a term after '|'")]
    [InlineData("y ~ ( | g)", 6, "wanted a term after '('")]
    [InlineData("y ~ (1 | a | b)", 11, "A second '|' in one random term")]
    [InlineData("y ~ (1 || a | b)", 12, "A second '|' in one random term")]
    [InlineData("y ~ ((1 | a) | b)", 5, "A random term inside a random term")]
    [InlineData("y ~ x*(1 | g)", 6, "A random term inside a product")]
    [InlineData("y ~ x - (1 | g)", 8, "A random term that is subtracted")]
    [InlineData("(1 | g) ~ x", 0, "A random term left of '~'")]
    [InlineData("y ~ (0 | g)", 5, "A random term without effects")]
    [InlineData("y ~ (1 | a*b)", 10, "(1 | a) + (1 | b) + (1 | a:b)")]
    [InlineData("y ~ (1 | a + b)", 9, "'+' in a group")]
    [InlineData("y ~ (1 | 1)", 9, "The number 1 as a group")]
    [InlineData("y ~ (1 | log(g))", 9, "log() as a group")]
    [InlineData("y ~ (1 | a:(b/c))", 10, "':' beside a nested group")]
    [InlineData("y ~ (. | g)", 5, "'.' in a random term")]
    [InlineData("y ~ (1 | .)", 9, "'.' as a group")]
    [InlineData("y ~ log(.)", 8, "'.' inside an expression")]
    [InlineData("y ~ unstructured(x | g)", 4, "Unknown structure 'unstructured'")]
    [InlineData("y ~ us(x || g)", 9, "'||' is the structure diag")]
    [InlineData("y ~ us(2, x | g)", 4, "without a random term first")]
    [InlineData("y ~ lgo(x)", 4, "Unknown function 'lgo' at column 5")]
    [InlineData("y ~ poly(x, 0)", 12, "wanted a whole number")]
    [InlineData("y ~ poly(x, 2.5)", 12, "wanted a whole number")]
    [InlineData("y ~ poly(x, z)", 12, "wanted a whole number")]
    [InlineData("y ~ poly(x, 2, raw = 1)", 21, "wanted TRUE or FALSE")]
    [InlineData("y ~ ns(x, dof = 3)", 10, "ns() has no argument 'dof'")]
    [InlineData("y ~ ns(x, df = 3, df = 4)", 18, "given twice")]
    [InlineData("y ~ log(x, 2, 3)", 14, "An argument too many for log()")]
    [InlineData("y ~ log()", 4, "log() without its argument 'x'")]
    [InlineData("y ~ relevel(f)", 4, "without its argument 'ref'")]
    [InlineData("y ~ C(f, dummy)", 9, "wanted a contrast coding")]
    [InlineData("y ~ bs(x, knots = x)", 18, "wanted numbers")]
    [InlineData("y ~ x^y", 6, "The power 'y'")]
    [InlineData("y ~ x^0", 6, "The power '0'")]
    [InlineData("y ~ x^1.5", 6, "write I(x^1.5)")]
    [InlineData("y ~ x*2", 6, "The number 2 beside '*'")]
    [InlineData("y ~ x + 3", 8, "The number 3 as a term")]
    [InlineData("y ~ \"x\"", 4, "\"x\" as a term")]
    [InlineData("y ~ TRUE", 4, "TRUE as a term")]
    [InlineData("y ~ y + x", 4, "The response 'y' among the terms")]
    [InlineData("1 ~ x", 0, "1 as the response")]
    [InlineData("cbind(a) ~ x", 0, "cbind() of 1")]
    [InlineData("y ~ x:offset(z)", 6, "offset() here")]
    [InlineData("y ~ x - offset(z)", 8, "offset() here")]
    [InlineData("y ~ log(a:b)", 9, "':' inside an expression")]
    [InlineData("y ~ I(offset(x))", 6, "offset() inside an expression")]
    [InlineData("y ~ nl(a * exp(-b * x)), a ~ 1, b ~ 1", 4, "reserved for nonlinear models")]
    [InlineData("y ~ x & z", 6, "logical operators are not available")]
    [InlineData("y ~ d$x", 5, "a formula names columns of one table")]
    [InlineData("y ~ x %% 2", 6, "'%in%'")]
    [InlineData("y ~ _x", 4, "put other names in backticks")]
    [InlineData("y ~ €", 4, "no such character")]
    [InlineData("y ~ `x", 4, "never closed")]
    [InlineData("y ~ ``", 4, "An empty name")]
    [InlineData("y ~ factor(\"x)", 11, "A string that is never closed")]
    [InlineData("y ~ I(x * 1e999)", 10, "beyond the range")]
    [InlineData("y ~ log(x | g)", 4, "Unknown structure 'log'")]
    [InlineData("y ~ I(x + (1 | g))", 13, "A bar inside an expression")]
    [InlineData("y ~ (a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p)^9", 37, "More than 10000 terms")]
    public void Parse_WrongFormula_SaysWhatAndWhere(string text, int position, string expected)
    {
        var error = Should.Throw<FormulaException>(() => ModelFormula.Parse(text));
        error.Message.ShouldContain(expected);
        error.Position.ShouldBe(position);
    }

    [Fact]
    public void Parse_WrongFormula_MarksThePlace()
    {
        var error = Should.Throw<FormulaException>(() => ModelFormula.Parse("Reaction ~ Days + )"));
        error.Message.ReplaceLineEndings("\n").ShouldBe(
            "Unexpected ')' at column 19: wanted a term after '+'.\n  Reaction ~ Days + )\n                    ^");
    }

    [Fact]
    public void Parse_LongWrongFormula_ShowsThePartRoundThePlace()
    {
        var text = "y ~ " + string.Concat(Enumerable.Repeat("x + ", 1000)) + "?" + string.Concat(Enumerable.Repeat(" + x", 1000));
        var lines = Should.Throw<FormulaException>(() => ModelFormula.Parse(text)).Message.ReplaceLineEndings("\n").Split('\n');
        lines.Length.ShouldBe(3);
        lines[1].Length.ShouldBeLessThan(120);
        lines[1][lines[2].IndexOf('^', StringComparison.Ordinal)].ShouldBe('?');
    }

    [Theory]
    [InlineData("(")]
    [InlineData("log(")]
    [InlineData("-")]
    [InlineData("x^")]
    [InlineData("(1 | ")]
    [InlineData("a:")]
    [InlineData("x > ")]
    public void Parse_NestedFiveThousandDeep_IsRefused(string opening)
    {
        var text = "y ~ " + string.Concat(Enumerable.Repeat(opening, 5000)) + "x";
        Should.Throw<FormulaException>(() => ModelFormula.Parse(text)).Message.ShouldContain("More than 200 levels of nesting");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Parse_HundredThousandCharactersOfGarbage_IsRefused(int seed)
    {
        const string alphabet = "xy ~+-*/:^()|,=<>.\"`'0123456789%in&[]$éλ\t";
        var random = new Random(seed);
        var text = string.Create(100_000, random, (characters, source) =>
        {
            for (var i = 0; i < characters.Length; i++)
                characters[i] = alphabet[source.Next(alphabet.Length)];
        });
        Should.Throw<FormulaException>(() => ModelFormula.Parse(text)).Message.ShouldContain("at column");
    }

    [Fact]
    public void Parse_Null_IsAWrongCall() => Should.Throw<ArgumentNullException>(() => ModelFormula.Parse(null!));

    [Fact]
    public void Parse_UnknownFunction_NamesNearOnes() =>
        Should.Throw<FormulaException>(() => ModelFormula.Parse("y ~ scal(x)")).Message.ShouldContain("'scale'");
}

using MixedModels.Formula;

namespace MixedModels.Tests.Formula;

public sealed class ModelFormulaTests
{
    [Theory]
    [InlineData("Reaction~Days+(Days|Subject)", "Reaction ~ Days + (Days | Subject)")]
    [InlineData("y ~ log( x+1 )", "y ~ log(x + 1)")]
    [InlineData("y ~ exp(-Days / 3)", "y ~ exp(-Days/3)")]
    [InlineData("y ~ sin(2*pi*Days / 7)", "y ~ sin(2 * pi * Days/7)")]
    [InlineData("y ~ I(Days ^ 2)", "y ~ I(Days^2)")]
    [InlineData("y ~ I(Days ** 2)", "y ~ I(Days^2)")]
    [InlineData("y ~ a : b - a %in% b", "y ~ a:b - a %in% b")]
    [InlineData("y ~ I(x>=4)", "y ~ I(x >= 4)")]
    [InlineData("y ~ relevel(f,ref='a')", "y ~ relevel(f, ref = \"a\")")]
    [InlineData("y~poly(x,2,raw=TRUE)", "y ~ poly(x, 2, raw = TRUE)")]
    [InlineData("`my y` ~ `x (mm)` + (1 || `g 1`)", "`my y` ~ `x (mm)` + (1 || `g 1`)")]
    [InlineData("`y` ~ `x`", "y ~ x")]
    [InlineData("y ~ rr(0 + x | g, d=2)", "y ~ rr(0 + x | g, d = 2)")]
    [InlineData("y ~ -1+x", "y ~ -1 + x")]
    [InlineData("y ~ ((a + b))^2", "y ~ ((a + b))^2")]
    [InlineData("cbind(s,f) ~ .", "cbind(s, f) ~ .")]
    [InlineData("y\n ~\tx", "y ~ x")]
    [InlineData("y ~ I(x * 1e5) + I(x*0.50)", "y ~ I(x * 1e+05) + I(x * 0.5)")]
    [InlineData("y ~ bs(x, knots = c(1,2.5))", "y ~ bs(x, knots = c(1, 2.5))")]
    public void ToString_Formula_IsWhatRDeparses(string text, string canonical) => ModelFormula.Parse(text).ToString().ShouldBe(canonical);

    [Theory]
    [InlineData("~ a*b", "a b a:b")]
    [InlineData("~ a/b", "a a:b")]
    [InlineData("~ (a + b)/c", "a b a:b:c")]
    [InlineData("~ a/b/c", "a a:b a:b:c")]
    [InlineData("~ a/(b + c)", "a a:b a:c")]
    [InlineData("~ b %in% a", "b:a")]
    [InlineData("~ a + b %in% a", "a a:b")]
    [InlineData("~ (a + b + c)^2", "a b c a:b a:c b:c")]
    [InlineData("~ (a + b)^3", "a b a:b")]
    [InlineData("~ a*b*c - a:b:c", "a b c a:b a:c b:c")]
    [InlineData("~ a*b - a", "b a:b")]
    [InlineData("~ a:b + a", "a a:b")]
    [InlineData("~ b:a + a:b", "b:a")]
    [InlineData("~ a + a", "a")]
    [InlineData("~ a:a", "a")]
    [InlineData("~ a*(b + c)", "a b c a:b a:c")]
    [InlineData("~ (a - b)", "a")]
    [InlineData("~ a - (b - a)", "a")]
    [InlineData("~ (1 + a):b", "a:b")]
    [InlineData("~ log(a):b + (x>3)", "x > 3 log(a):b")]
    [InlineData("~ 1", "")]
    public void FixedTerms_Operators_ExpandAsInR(string text, string terms) =>
        string.Join(' ', ModelFormula.ParseOneSided(text).FixedTerms).ShouldBe(terms);

    [Theory]
    [InlineData("y ~ x", true)]
    [InlineData("y ~ 0 + x", false)]
    [InlineData("y ~ x + 0", false)]
    [InlineData("y ~ x - 1", false)]
    [InlineData("y ~ -1 + x", false)]
    [InlineData("y ~ 0 + x + 1", true)]
    [InlineData("y ~ 0 + x - 0", true)]
    [InlineData("y ~ x - (x - 1)", true)]
    [InlineData("y ~ x - (x + 1)", false)]
    [InlineData("y ~ 0 + x + (1 | g)", false)]
    [InlineData("y ~ 1 + (0 + x | g)", true)]
    public void HasIntercept_NumbersAndSigns_FollowR(string text, bool expected) => ModelFormula.Parse(text).HasIntercept.ShouldBe(expected);

    [Theory]
    [InlineData("y ~ (1 | g)", "g us (1 | g)")]
    [InlineData("y ~ x + (0 + x || g) + (1 | h)", "g diag (0 + x || g); h us (1 | h)")]
    [InlineData("y ~ (1 | a/b)", "a us (1 | a); a:b us (1 | a:b)")]
    [InlineData("y ~ (1 | a/b/c)", "a us (1 | a); a:b us (1 | a:b); a:b:c us (1 | a:b:c)")]
    [InlineData("y ~ (1 | (a/b))", "a us (1 | a); a:b us (1 | a:b)")]
    [InlineData("y ~ (1 | a:b)", "a:b us (1 | a:b)")]
    [InlineData("y ~ (x + (1 | g))", "g us (1 | g)")]
    [InlineData("y ~ ((1 | g))", "g us (1 | g)")]
    [InlineData("y ~ us(x | g) + diag(x | a/b)", "g us us(x | g); a diag diag(x | a); a:b diag diag(x | a:b)")]
    [InlineData("y ~ exp(x) + exp(0 + x + z | g)", "g exp exp(0 + x + z | g)")]
    [InlineData("y ~ rr(0 + x | g, 2)", "g rr rr(0 + x | g, 2)")]
    [InlineData("y ~ cs(0 + f | g, hom = TRUE)", "g cs cs(0 + f | g, hom = TRUE)")]
    [InlineData("y ~ (1 | mm(g1, g2, weights = cbind(w1, w2)))", "mm(g1, g2, weights = cbind(w1, w2)) us (1 | mm(g1, g2, weights = cbind(w1, w2)))")]
    [InlineData("y ~ (1 | gr(id, pedigree = P)) + (1 | id)", "gr(id, pedigree = P) us (1 | gr(id, pedigree = P)); id us (1 | id)")]
    [InlineData("y ~ (1 | g) + (0 + x | g)", "g us (1 | g); g us (0 + x | g)")]
    [InlineData("y ~ (1 | factor(g))", "factor(g) us (1 | factor(g))")]
    public void RandomTerms_Bars_GiveGroupStructureAndText(string text, string expected) =>
        string.Join("; ", ModelFormula.Parse(text).RandomTerms.Select(term => $"{term.Group} {term.Structure} {term.Text}")).ShouldBe(expected);

    [Theory]
    [InlineData("ar1")]
    [InlineData("hetar1")]
    [InlineData("toep")]
    [InlineData("homtoep")]
    [InlineData("ou")]
    [InlineData("gau")]
    [InlineData("mat")]
    [InlineData("homcs")]
    [InlineData("homdiag")]
    public void RandomTerms_EveryStructure_IsRead(string structure) =>
        ModelFormula.Parse($"y ~ {structure}(0 + t | g)").RandomTerms[0].Structure.ShouldBe(structure);

    [Fact]
    public void RandomTerms_OffsetAndBars_AreNoFixedTerms()
    {
        var formula = ModelFormula.Parse("y ~ x + offset(log(n)) + (1 | g)");
        formula.FixedTerms.ShouldBe(["x"]);
        formula.FixedPart.Offsets.Select(offset => offset.Label).ShouldBe(["log(n)"]);
    }

    [Fact]
    public void Expand_Dot_IsEveryColumnButResponseAndGroups()
    {
        var formula = ModelFormula.Parse("log(y) ~ . - z + (1 | g/h)");
        formula.HasDot.ShouldBeTrue();
        formula.Expand(["g", "a", "y", "z", "h", "b c"]).Terms.Select(term => term.Label).ShouldBe(["a", "`b c`"]);
    }

    [Fact]
    public void Expand_DotSquared_CrossesTheColumns() =>
        ModelFormula.Parse("y ~ .^2").Expand(["y", "a", "b"]).Terms.Select(term => term.Label).ShouldBe(["a", "b", "a:b"]);

    [Fact]
    public void Parse_ThousandsOfTerms_IsRead()
    {
        var text = "y ~ " + string.Join(" + ", Enumerable.Range(0, 5000).Select(i => $"x{i}"));
        ModelFormula.Parse(text).FixedTerms.Count.ShouldBe(5000);
        ModelFormula.Parse(text).ToString().ShouldBe(text);
    }

    [Fact]
    public void Response_Transform_IsCanonical() => ModelFormula.Parse("log( y+1 ) ~ x").Response.ShouldBe("log(y + 1)");
}

using FsCheck;
using FsCheck.Fluent;
using MixedModels.Formula;

namespace MixedModels.Tests.Formula;

/// <summary>The canonical text of any formula reads as the same formula.</summary>
public sealed class CanonicalTextPropertyTests
{
    private static readonly Gen<string> leaf = Gen.Elements("a", "b", "c", "x", "`d e`", "log(x + 1)", "I(-x^2/3)", "poly(x, 2)", "C(a, sum)", "x > 3", "relevel(a, ref = \"u\\\"v\")", "1", "0");

    [Fact]
    public void Parse_CanonicalText_GivesTheSameTerms()
    {
        var config = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(500).WithReplay(20240101, 7);
        Prop.ForAll(Formulas().ToArbitrary(), text =>
        {
            var formula = TryParse(text);
            if (formula is null)
                return true;
            var again = ModelFormula.Parse(formula.ToString());
            return again.ToString().Equals(formula.ToString(), StringComparison.Ordinal)
                && again.HasIntercept == formula.HasIntercept
                && again.FixedTerms.SequenceEqual(formula.FixedTerms, StringComparer.Ordinal)
                && again.RandomTerms.Select(term => term.Text).SequenceEqual(formula.RandomTerms.Select(term => term.Text), StringComparer.Ordinal);
        }).Check(config);
    }

    [Fact]
    public void Formulas_OfTheGenerator_AreMostlyRead() =>
        Formulas().Sample(200, 200).Count(text => TryParse(text) is not null).ShouldBeGreaterThan(60);

    private static Gen<string> Formulas() =>
        from fixedPart in Terms(4)
        from slope in leaf
        from bar in Gen.Elements("|", "||")
        from random in Gen.Elements("", "+(1|g)", "+(1+{0}{1}g/h)", "+diag({0}|g:h)", "+rr(0+{0}|g,d=2)")
        select "y~" + fixedPart + random.Replace("{0}", slope, StringComparison.Ordinal).Replace("{1}", bar, StringComparison.Ordinal);

    private static Gen<string> Terms(int depth) => depth == 0
        ? leaf
        : Gen.OneOf(
            leaf,
            from left in Terms(depth - 1)
            from symbol in Gen.Elements("+", "-", "*", ":", "/", "%in%")
            from right in Terms(depth - 1)
            select left + symbol + right,
            from inner in Terms(depth - 1)
            select "(" + inner + ")",
            from inner in Terms(depth - 1)
            select "(" + inner + ")^2");

    // A generated text need not be a formula: 1:x is none.
    private static ModelFormula? TryParse(string text)
    {
        try
        {
            return ModelFormula.Parse(text);
        }
        catch (FormulaException)
        {
            return null;
        }
    }
}

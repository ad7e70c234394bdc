using MixedModels.Formula;

namespace MixedModels.Tests.Formula;

public class FixedPartTextTests
{
    [Theory]
    [InlineData("y ~ x + (1 | g)", "y ~ x + (1 | h)")]
    [InlineData("y ~ (1 | g)", "y ~ 1 + (1 | h)")]
    [InlineData("y ~ (1 | g) - 1", "y ~ 1 - 1 + (1 | h)")]
    [InlineData("y ~ (1 | g) + a:b + a + (x || k)", "y ~ a:b + a + (1 | h)")]
    [InlineData("log(y) ~ 0 + (x + (1 | g)) + offset(z)", "log(y) ~ 0 + (x) + offset(z) + (1 | h)")]
    [InlineData("y ~ . + us(x | g)", "y ~ . + (1 | h)")]
    public void TextWithRandomTerms_KeepsTheFixedPart(string formula, string expected)
    {
        var original = ModelFormula.Parse(formula);
        original.TextWithRandomTerms(["(1 | h)"]).ShouldBe(expected);
        var changed = ModelFormula.Parse(expected);
        (changed.HasIntercept, changed.Response).ShouldBe((original.HasIntercept, original.Response));
        changed.FixedTerms.ShouldBe(original.FixedTerms);
    }
}

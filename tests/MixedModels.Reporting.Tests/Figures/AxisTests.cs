using MixedModels.Reporting.Figures;

namespace MixedModels.Reporting.Tests.Figures;

public class AxisTests
{
    [Theory]
    [InlineData(0, 10, 5, "0,2,4,6,8,10")]
    [InlineData(-1.2, 1.1, 5, "−1.0,−0.5,0,0.5,1.0")]
    [InlineData(0, 0.00003, 3, "0,1e−5,2e−5,3e−5")]
    [InlineData(1990, 2010, 4, "1990,1995,2000,2005,2010")]
    [InlineData(0, 4e6, 4, "0,1e+6,2e+6,3e+6,4e+6")]
    public void Ticks_AreRoundNumbers(double lower, double upper, int about, string labels) =>
        string.Join(',', NiceTicks.Of(lower, upper, about).Select(tick => tick.Label)).ShouldBe(labels);

    [Theory]
    [InlineData(244, 256, 3, false, "245,250,255")]
    [InlineData(245.5, 254.5, 3, false, "246,248,250,252,254")]
    [InlineData(0, 2, 5, true, "0,1,2")]
    [InlineData(0, 1, 5, true, "0,1")]
    public void Ticks_AreThreeAtLeast_AndWholeWhereTheDataAre(double lower, double upper, int about, bool isWhole, string labels) =>
        string.Join(',', NiceTicks.Of(lower, upper, about, isWhole).Select(tick => tick.Label)).ShouldBe(labels);

    [Fact]
    public void Range_OfWholeNumbers_SaysSo()
    {
        DataRange.Of([1, 4, -2]).IsWhole.ShouldBeTrue();
        DataRange.Of([1, 4.5]).IsWhole.ShouldBeFalse();
        DataRange.Of([1.0]).With(DataRange.Of([0.5])).IsWhole.ShouldBeFalse();
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(0, 0)]
    [InlineData(double.NaN, double.NaN)]
    public void Of_DataWithoutARange_StillHasOne(double lower, double upper)
    {
        var axis = Axis.Of("x", DataRange.Of([lower, upper]));
        axis.Upper.ShouldBeGreaterThan(axis.Lower);
        axis.Ticks.Count.ShouldBeGreaterThan(1);
        if (double.IsFinite(lower)) lower.ShouldBeInRange(axis.Lower, axis.Upper);
    }

    [Fact]
    public void Horizontal_LongCategories_AreSlantedAndAmountsThinned()
    {
        string[] names = [.. Enumerable.Range(0, 12).Select(i => $"a rather long name {i}")];
        AxisMargins.Horizontal(Axis.OfCategories("", names), 400).IsSlanted.ShouldBeTrue();
        AxisMargins.Horizontal(Axis.OfCategories("", ["a", "b"]), 400).IsSlanted.ShouldBeFalse();
        var amounts = AxisMargins.Horizontal(Axis.Of("", new(100_000, 200_000), 10), 200);
        amounts.IsSlanted.ShouldBeFalse();
        amounts.Ticks.Count.ShouldBeInRange(2, 6);
    }

    [Fact]
    public void Vertical_ManyCategories_AreThinnedToWhatCanBeRead() =>
        AxisMargins.Vertical(Axis.OfCategories("", [.. Enumerable.Range(0, 500).Select(i => $"{i}")]), 900).Count.ShouldBeInRange(40, 55);

    [Fact]
    public void Fit_ATextThatIsTooWide_KeepsItsEnds()
    {
        var fitted = TextMeasure.Fit("a very long label indeed", 60);
        fitted.ShouldBe("a ve…eed");
        TextMeasure.Width(fitted).ShouldBeLessThanOrEqualTo(60);
        TextMeasure.Fit("short", 60).ShouldBe("short");
        TextMeasure.Wrap("one two three", 60).Count.ShouldBe(2);
    }
}

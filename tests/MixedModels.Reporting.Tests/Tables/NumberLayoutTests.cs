using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting.Tests.Tables;

public class NumberLayoutTests
{
    [Theory]
    [InlineData(new[] { 6.825, 1.546 }, new[] { "6.825", "1.546" })]
    [InlineData(new[] { 612.1, 35.07, 654.94 }, new[] { "612.10", "35.07", "654.94" })]
    [InlineData(new[] { 612.1, 0.0001234 }, new[] { "612.10000", "0.00012" })]
    [InlineData(new[] { 612.1, 0.00000123 }, new[] { "612.1", "1.230e-06" })]
    [InlineData(new[] { 0.0, 0.0 }, new[] { "0.000", "0.000" })]
    [InlineData(new[] { 0.25, 0.0 }, new[] { "0.2500", "0.0000" })]
    [InlineData(new[] { 2.5e12, 12.5 }, new[] { "2.500e+12", "12.50" })]
    [InlineData(new[] { 3e-12, 4e-13 }, new[] { "3.000e-12", "4.000e-13" })]
    [InlineData(new[] { 123456.0, 7890.0 }, new[] { "123456", "7890" })]
    [InlineData(new[] { 1.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity }, new[] { "1.000", "–", "Inf", "-Inf" })]
    public void Significant_ColumnOfNumbers_AlignsAtFourDigitsOfTheSmallest(double[] values, string[] cells) =>
        new SignificantLayout().Layout([.. values.Select(value => (double?)value)]).ShouldBe(cells);

    [Fact]
    public void Significant_WithReference_TakesItsDigits() =>
        new SignificantLayout([6.825, 1.546, 3e-8]).Layout([251.4051, -0.0001, 1.25e-7]).ShouldBe(["251.405", "0.000", "1.250e-07"]);

    [Fact]
    public void Significant_EmptyCell_StaysEmpty() => new SignificantLayout().Layout([null, 2]).ShouldBe(["", "2.000"]);

    [Fact]
    public void Significant_AnyFiniteNumbers_ReadBackToThreeDigitsAtLeastForTheSmallestAndNeverGrowLong()
    {
        var property = Prop.ForAll(ArbMap.Default.ArbFor<NormalFloat[]>(), numbers =>
        {
            double?[] values = [.. numbers.Select(number => (double?)number.Get)];
            var cells = new SignificantLayout().Layout(values);
            return cells.Zip(values).All(pair => IsNear(pair.First, pair.Second!.Value));
        });
        property.Check(Config.QuickThrowOnFailure.WithReplay(17, 4711));

        // At worst two significant digits are shown (half a unit of the second: 5 %), and no cell is longer than a sign, 9 digits and a point.
        static bool IsNear(string cell, double value) =>
            cell.Length <= 13 && Math.Abs(double.Parse(cell, CultureInfo.InvariantCulture) - value) <= 0.0501 * Math.Abs(value);
    }

    [Theory]
    [InlineData(0.97849, "0.9785")]
    [InlineData(0.001, "0.0010")]
    [InlineData(0.0009, "9.00e-04")]
    [InlineData(3.26e-6, "3.26e-06")]
    [InlineData(0.0, "0.0000")]
    [InlineData(1e-310, "1.00e-310")]
    public void Probability_Value_KeepsDigits(double p, string cell) => new ProbabilityLayout().Layout([p]).ShouldBe([cell]);

    [Theory]
    [InlineData(-0.0004, 3, "0.000")]
    [InlineData(-0.0005001, 3, "-0.001")]
    [InlineData(1e10, 2, "1.0000e+10")]
    [InlineData(12, 0, "12")]
    public void Decimals_Value_HasSoManyAndZeroNoSign(double value, int decimals, string cell) =>
        new DecimalsLayout(decimals).Single(value).ShouldBe(cell);
}

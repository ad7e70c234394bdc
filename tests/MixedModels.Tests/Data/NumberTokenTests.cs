using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MixedModels.Data;

namespace MixedModels.Tests.Data;

public class NumberTokenTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-17", -17)]
    [InlineData("+3", 3)]
    [InlineData("0.1", 0.1)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("-0.000123", -0.000123)]
    [InlineData("123456789012345", 123456789012345)]
    [InlineData("0.123456789012345678", 0.123456789012345678)]
    [InlineData("1e-3", 0.001)]
    [InlineData("1E+05", 100000)]
    [InlineData(" 7 ", 7)]
    [InlineData("2.2250738585072014e-308", 2.2250738585072014e-308)]
    [InlineData("1e999", double.PositiveInfinity)]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("-INF", double.NegativeInfinity)]
    [InlineData("Infinity", double.PositiveInfinity)]
    public void TryParse_OfNumbers_GivesTheNearestDouble(string token, double expected)
    {
        NumberToken.TryParse(token, out var value).ShouldBeTrue();
        value.ShouldBe(expected);
    }

    [Fact]
    public void TryParse_OfMinusZero_KeepsTheSign()
    {
        NumberToken.TryParse("-0.0", out var value).ShouldBeTrue();
        double.IsNegative(value).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("-.")]
    [InlineData("1.2.3")]
    [InlineData("1,5")]
    [InlineData("0x1F")]
    [InlineData("1e")]
    [InlineData("--1")]
    [InlineData("1-")]
    [InlineData("12a")]
    [InlineData("TRUE")]
    [InlineData("information")]
    public void TryParse_OfText_Refuses(string token) => NumberToken.TryParse(token, out _).ShouldBeFalse();

    [Theory]
    [InlineData("", true)]
    [InlineData("NA", true)]
    [InlineData("NaN", true)]
    [InlineData("na", false)]
    [InlineData("N", false)]
    [InlineData("NAN", false)]
    [InlineData(" ", false)]
    public void IsMissing_OfCells_TakesOnlyTheThreeForms(string token, bool expected) =>
        NumberToken.IsMissing(Encoding.UTF8.GetBytes(token)).ShouldBe(expected);

    [Fact]
    public void TryParse_OfRandomDecimals_AgreesWithTheFramework()
    {
        // Up to 19 digits with a point anywhere: both sides of the 15-digit short cut.
        var decimals =
            from sign in Gen.Elements("", "-")
            from digits in Gen.Choose(0, 9).NonEmptyListOf()
            from point in Gen.Choose(0, 20)
            let text = string.Concat(digits.Take(19))
            select sign + (point < text.Length ? text.Insert(point, ".") : text);
        Prop.ForAll(decimals.ToArbitrary(), text =>
        {
            NumberToken.TryParse(text, out var value).ShouldBeTrue();
            BitConverter.DoubleToInt64Bits(value).ShouldBe(BitConverter.DoubleToInt64Bits(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20_260_102UL, 1UL));
    }
}

using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using MixedModels.Data;

namespace MixedModels.Tests.Data;

public class NumberNameTests
{
    // Expected names by R's rule: 15 significant digits, fixed unless wider than scientific.
    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.0, "0")]
    [InlineData(1, "1")]
    [InlineData(-2, "-2")]
    [InlineData(0.2, "0.2")]
    [InlineData(0.1 + 0.2, "0.3")]
    [InlineData(1.0 / 3, "0.333333333333333")]
    [InlineData(2.0 / 3, "0.666666666666667")]
    [InlineData(100, "100")]
    [InlineData(10000, "10000")]
    [InlineData(100000, "1e+05")]
    [InlineData(-100000, "-1e+05")]
    [InlineData(120000, "120000")]
    [InlineData(123456, "123456")]
    [InlineData(1200000, "1200000")]
    [InlineData(12000000, "1.2e+07")]
    [InlineData(0.001, "0.001")]
    [InlineData(0.0001, "1e-04")]
    [InlineData(0.00012, "0.00012")]
    [InlineData(0.000012, "1.2e-05")]
    [InlineData(1e15, "1e+15")]
    [InlineData(1e-300, "1e-300")]
    [InlineData(1234.5, "1234.5")]
    [InlineData(1152921504606846976, "1152921504606846976")]
    [InlineData(0.99999999999999989, "1")]
    [InlineData(double.PositiveInfinity, "Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    public void Of_Numbers_IsWrittenAsInR(double value, string expected) => NumberName.Of(value).ShouldBe(expected);

    [Fact]
    public void Of_RandomNumbers_ReadsBackToFifteenDigits()
    {
        var numbers = ArbMap.Default.ArbFor<NormalFloat>().Generator.Select(value => value.Get);
        Prop.ForAll(numbers.ToArbitrary(), value =>
        {
            var back = double.Parse(NumberName.Of(value), NumberStyles.Float, CultureInfo.InvariantCulture);

            // Rounding to 15 significant digits moves a number by at most 5e-15 of itself.
            Math.Abs(back - value).ShouldBeLessThanOrEqualTo(5.1e-15 * Math.Abs(value));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20_260_103UL, 1UL));
    }
}

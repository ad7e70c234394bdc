using MixedModels.Data;

namespace MixedModels.Tests.Data;

public sealed class DistinctValuesTests
{
    public static TheoryData<double[]> Columns => new(
        [3, 1, 2, 1, double.NaN, 3],
        [-2, 5, 0, -0.0, 5],
        [1e9, 1, 2],
        [0.5, 0.25, double.PositiveInfinity, 0.5, double.NegativeInfinity],
        [double.NaN, double.NaN],
        []);

    [Theory]
    [MemberData(nameof(Columns))]
    public void Rank_AnyColumn_IsThePlaceAmongTheSortedDistinct(double[] values)
    {
        double[] expected = [.. values.Where(value => !double.IsNaN(value)).Distinct().Order()];
        var rank = DistinctValues.Rank(values, out var distinct);
        distinct.ShouldBe(expected);
        rank.ShouldBe(values.Select(value => double.IsNaN(value) ? -1 : Array.IndexOf(expected, value)));
    }
}

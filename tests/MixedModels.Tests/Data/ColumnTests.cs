using MixedModels.Data;

namespace MixedModels.Tests.Data;

public class ColumnTests
{
    [Fact]
    public void ToFactor_OfNumbers_OrdersLevelsNumericallyAndNamesThemAsR()
    {
        var factor = new NumericColumn("x", [100000, 0.2, double.NaN, -1, 0.2, 10, 9]).ToFactor();
        factor.Name.ShouldBe("x");
        factor.Levels.ShouldBe(["-1", "0.2", "9", "10", "1e+05"]);
        factor.Codes.ToArray().ShouldBe([4, 1, -1, 0, 1, 3, 2]);
        factor.IsOrdered.ShouldBeFalse();
    }

    [Fact]
    public void ToFactor_OfNumbersAlikeInFifteenDigits_MakesOneLevel()
    {
        var factor = new NumericColumn("x", [0.3, 0.1 + 0.2, 0.0, -0.0]).ToFactor();
        factor.Levels.ShouldBe(["0", "0.3"]);
        factor.Codes.ToArray().ShouldBe([1, 1, 0, 0]);
    }

    [Fact]
    public void ToFactor_OfFactor_IsItself()
    {
        var factor = new FactorColumn("g", ["b", "a"], [0, 1, -1]);
        factor.ToFactor().ShouldBeSameAs(factor);
    }

    [Fact]
    public void IsMissing_OfBothKinds_FollowsNaNAndMinusOne()
    {
        Column numbers = new NumericColumn("x", [1, double.NaN]);
        Column factor = new FactorColumn("g", ["a"], [0, -1]);
        foreach (var column in new[] { numbers, factor })
        {
            column.IsMissing(0).ShouldBeFalse();
            column.IsMissing(1).ShouldBeTrue();
        }
    }

    [Fact]
    public void Columns_AfterTheSourceArrayChanges_KeepTheirValues()
    {
        double[] values = [1, 2];
        var column = new NumericColumn("x", values);
        values[0] = 9;
        column.Values.Span[0].ShouldBe(1);
    }

    [Fact]
    public void FactorColumn_OfBadCodesOrLevels_RefusesTheCall()
    {
        Should.Throw<ArgumentException>(() => new FactorColumn("g", ["a"], [1]));
        Should.Throw<ArgumentException>(() => new FactorColumn("g", ["a"], [-2]));
        Should.Throw<ArgumentException>(() => new FactorColumn("g", ["a", "a"], [0]));
    }
}

using MixedModels.Data;

namespace MixedModels.Cli.Tests;

public class DeclaredTypesTests
{
    private static readonly DataTable table = new(
    [
        new NumericColumn("dose", [10, 5, double.NaN, 10]),
        new FactorColumn("arm", ["a", "b", "unused"], [1, 0, -1, 1]),
    ]);

    [Fact]
    public void Apply_FactorOfNumbers_HasLevelsInNumericOrder()
    {
        var dose = Column("dose", new() { Name = "d", Factors = ["dose"] });
        dose.Levels.ShouldBe(["5", "10"]);
        dose.Codes.ToArray().ShouldBe([1, 0, -1, 1]);
        dose.IsOrdered.ShouldBeFalse();
    }

    [Fact]
    public void Apply_OrderedWithLevels_IsOrderedAsDeclared()
    {
        var levels = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["arm"] = ["b", "c", "a"] };
        var arm = Column("arm", new() { Name = "d", Ordered = ["arm"], Levels = levels });
        arm.Levels.ShouldBe(["b", "c", "a"]);
        arm.Codes.ToArray().ShouldBe([0, 2, -1, 0]);
        arm.IsOrdered.ShouldBeTrue();
    }

    [Fact]
    public void Apply_LevelsThatLeaveOneOut_AreRefused()
    {
        var levels = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["arm"] = ["b", "unused"] };
        Should.Throw<DataException>(() => DeclaredTypes.Apply(table, new() { Name = "d", Levels = levels })).Message
            .ShouldStartWith("--levels leaves out the level 'a' of 'arm', which has a, b, unused");
    }

    [Fact]
    public void Apply_UnknownColumn_IsRefused() =>
        Should.Throw<DataException>(() => DeclaredTypes.Apply(table, new() { Name = "d", Factors = ["amr"] })).Message.ShouldContain("'arm'");

    private static FactorColumn Column(string name, DataSource source) => DeclaredTypes.Apply(table, source)[name].ShouldBeOfType<FactorColumn>();
}

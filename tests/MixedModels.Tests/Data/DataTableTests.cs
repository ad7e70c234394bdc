using MixedModels.Data;

namespace MixedModels.Tests.Data;

public class DataTableTests
{
    private static DataTable Visits { get; } = new DataTableBuilder()
        .Add("y", [1.5, 2.5, double.NaN])
        .Add("week", [1, 2, 3])
        .Add("arm", ["b", null, "a"])
        .Add("treated", [true, false, true])
        .Build();

    [Fact]
    public void Build_OfTypedColumns_MakesNumbersAndFactors()
    {
        Visits.RowCount.ShouldBe(3);
        Visits.Columns.Select(column => column.Name).ShouldBe(["y", "week", "arm", "treated"]);
        Visits.Numbers("week").ShouldBe([1, 2, 3]);
        Visits.Factor("arm").Levels.ShouldBe(["a", "b"]);
        Visits.Factor("arm").Texts().ShouldBe(["b", null, "a"]);
        Visits.Factor("treated").Codes.ToArray().ShouldBe([1, 0, 1]);
    }

    [Fact]
    public void Build_WithLevels_KeepsTheirOrder()
    {
        var factor = new DataTableBuilder().Add("g", ["lo", "hi"], ["lo", "mid", "hi"], isOrdered: true).Build().Factor("g");
        factor.Levels.ShouldBe(["lo", "mid", "hi"]);
        factor.Codes.ToArray().ShouldBe([0, 2]);
        factor.IsOrdered.ShouldBeTrue();
    }

    [Fact]
    public void Build_OfTextNumbers_OrdersLevelsNumerically() => new DataTableBuilder().Add("g", ["10", "9"]).Build().Factor("g").Levels.ShouldBe(["9", "10"]);

    [Fact]
    public void Build_OfBadColumns_Refuses()
    {
        Should.Throw<ArgumentException>(() => new DataTableBuilder().Add("g", ["x"], ["y"])).Message.ShouldContain("'x' at row 0");
        Should.Throw<ArgumentException>(() => new DataTableBuilder().Add("g", ["x"], ["x", "x"]));
        Should.Throw<DataException>(() => new DataTableBuilder().Add("x", [1.0]).Add("x", [2.0]).Build()).Message.ShouldContain("'x'");
        Should.Throw<DataException>(() => new DataTableBuilder().Add("x", [1.0]).Add("z", [2.0, 3.0]).Build()).Message.ShouldContain("'z' has 2 rows");
    }

    [Fact]
    public void Indexer_OfUnknownName_NamesTheNearest()
    {
        Should.Throw<DataException>(() => Visits["Weeks"]).Message.ShouldBe("The data have no column 'Weeks'; nearest: 'week'.");
        Should.Throw<DataException>(() => Visits["outcome"]).Message.ShouldContain("there are 'y', 'week', 'arm', 'treated'");
    }

    [Fact]
    public void TryGetColumn_OfNames_DistinguishesCase()
    {
        Visits.TryGetColumn("y", out var column).ShouldBeTrue();
        column.ShouldBeSameAs(Visits.Columns[0]);
        Visits.TryGetColumn("Y", out column).ShouldBeFalse();
        column.ShouldBeNull();
    }

    [Fact]
    public void SelectRows_OfPositions_TakesThemInOrder()
    {
        var selected = Visits.SelectRows([2, 0, 0]);
        selected.Numbers("y").ShouldBe([double.NaN, 1.5, 1.5]);
        selected.Factor("arm").Texts().ShouldBe(["a", "b", "b"]);
        Visits.SelectRows([1]).Factor("arm").Levels.ShouldBe(["a", "b"]);
        Visits.SelectRows([]).RowCount.ShouldBe(0);
        Should.Throw<ArgumentOutOfRangeException>(() => Visits.SelectRows([3]));
        Should.Throw<ArgumentOutOfRangeException>(() => Visits.SelectRows([-1]));
    }

    [Fact]
    public void SelectRows_OfUnusableColumn_KeepsItsProblem()
    {
        var table = Tables.Read("x,y\n1,1\nlow,2\n3,3\n").SelectRows([0, 2]);
        table.Numbers("y").ShouldBe([1, 3]);
        Should.Throw<DataException>(() => table["x"]).Message.ShouldContain("'low'");
    }

    [Fact]
    public void WithColumn_OfNewAndKnownName_AddsOrReplaces()
    {
        Visits.WithColumn(new NumericColumn("z", [7, 8, 9])).Columns.Select(column => column.Name).ShouldBe(["y", "week", "arm", "treated", "z"]);
        var replaced = Visits.WithColumn(new NumericColumn("week", [7, 8, 9]));
        replaced.Columns.Select(column => column.Name).ShouldBe(["y", "week", "arm", "treated"]);
        replaced.Numbers("week").ShouldBe([7, 8, 9]);
        Visits.Numbers("week").ShouldBe([1, 2, 3]);
        Should.Throw<DataException>(() => Visits.WithColumn(new NumericColumn("z", [1])));
    }

    [Fact]
    public void ContentHash_OfFixedTable_IsTheDigestOfItsDocumentedBytes()
    {
        // Computed apart from this code over the bytes that ContentHash describes.
        var table = new DataTableBuilder().Add("y", [1.5, double.NaN, -0.0]).Add("g", ["b", null, "a"]).Build();
        table.ContentHash().ShouldBe("505701e59a404247a95329c132955fa6220a55686025d34fcb88b4456ccec4d6");
    }

    [Fact]
    public void ContentHash_OfChangedContent_Changes()
    {
        string[] hashes =
        [
            Visits.ContentHash(),
            Visits.ContentHash("y"),
            Visits.ContentHash("y", "week"),
            Visits.ContentHash("week", "y"),
            Visits.SelectRows([0, 1]).ContentHash(),
            Visits.SelectRows([1, 0, 2]).ContentHash(),
            Visits.WithColumn(new NumericColumn("y", [1.5, 2.5, 3])).ContentHash(),
            Visits.WithColumn(new FactorColumn("arm", ["a", "b"], [1, -1, 0], isOrdered: true)).ContentHash(),
            Visits.WithColumn(new FactorColumn("arm", ["a", "c"], [1, -1, 0])).ContentHash(),
        ];
        hashes.Distinct(StringComparer.Ordinal).Count().ShouldBe(hashes.Length);
        Visits.SelectRows([0, 1, 2]).ContentHash().ShouldBe(hashes[0]);
        Should.Throw<DataException>(() => Visits.ContentHash("nope"));
    }

    [Fact]
    public void ContentHash_OfNamedColumns_IgnoresTheOthers()
    {
        var table = Tables.Read("x,y\n1,1\nlow,2\n3,3\n");
        table.ContentHash("y").ShouldBe(new DataTableBuilder().Add("y", [1, 2, 3]).Build().ContentHash());
        table.ContentHash().ShouldBe(table.ContentHash("y"));
        Should.Throw<DataException>(() => table.ContentHash("x"));
    }
}

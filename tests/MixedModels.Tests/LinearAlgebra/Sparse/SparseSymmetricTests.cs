using MixedModels.LinearAlgebra.Sparse;

namespace MixedModels.Tests.LinearAlgebra.Sparse;

public class SparseSymmetricTests
{
    [Fact]
    public void FromEntries_EitherTriangleAndRepeats_LowerTriangleSortedWithDiagonal()
    {
        var pattern = SparseSymmetric.FromEntries(4, [3, 0, 0, 2, 3], [0, 3, 2, 2, 1]);

        pattern.ColumnStarts.ToArray().ShouldBe([0, 3, 5, 6, 7]);
        pattern.RowIndices.ToArray().ShouldBe([0, 2, 3, 1, 3, 2, 3]);
    }

    [Fact]
    public void FromCliques_RowsOfZ_PatternOfCrossProduct()
    {
        // Z has the rows (1 0 1 0), (0 1 1 0), (1 0 1 0), (0 0 0 1).
        var pattern = SparseSymmetric.FromCliques(4, [0, 2, 4, 6, 7], [0, 2, 2, 1, 2, 0, 3]);

        pattern.RowIndices.ToArray().ShouldBe([0, 2, 1, 2, 2, 3]);
        pattern.IndexOf(2, 0).ShouldBe(1);
        pattern.IndexOf(0, 2).ShouldBe(1);
        pattern.IndexOf(0, 1).ShouldBe(-1);
    }

    [Fact]
    public void Multiply_ByHand_SymmetricProduct()
    {
        var pattern = SparseSymmetric.FromEntries(3, [1, 2], [0, 1]);
        var y = new double[3];

        // (2 −1 0; −1 3 4; 0 4 5) (1 2 3)' = (0, 17, 23)'
        pattern.Multiply([2, -1, 3, 4, 5], [1, 2, 3], y);

        y.ShouldBe([0, 17, 23]);
    }

    [Fact]
    public void NeighbourLists_ByHand_BothDirectionsWithoutTheDiagonal()
    {
        var (starts, neighbours) = SparseSymmetric.FromEntries(4, [1, 2], [0, 0]).NeighbourLists();

        starts.ShouldBe([0, 2, 3, 4, 4]);
        neighbours.ShouldBe([1, 2, 0, 0]);
    }

    [Fact]
    public void FromEntries_IndexOutsideMatrix_Refused() =>
        Should.Throw<ArgumentException>(() => SparseSymmetric.FromEntries(2, [2], [0])).Message.ShouldContain("Index 2");

    [Fact]
    public void FromEntries_ListsOfDifferentLength_Refused() =>
        Should.Throw<ArgumentException>(() => SparseSymmetric.FromEntries(2, [1], []));

    [Fact]
    public void FromCliques_StartsBeyondMembers_Refused() =>
        Should.Throw<ArgumentException>(() => SparseSymmetric.FromCliques(2, [0, 3], [0, 1]));
}

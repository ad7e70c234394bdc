using FsCheck;
using FsCheck.Fluent;
using MixedModels.LinearAlgebra.Sparse;

namespace MixedModels.Tests.LinearAlgebra.Sparse;

public class MinimumDegreeTests
{
    public static TheoryData<string> Names => TestMatrices.Names();

    [Theory]
    [MemberData(nameof(Names))]
    public void Order_EachPattern_IsAPermutation(string name)
    {
        var pattern = TestMatrices.Pattern(name);

        // The constructor of Permutation refuses anything else.
        MinimumDegree.Order(pattern).Length.ShouldBe(pattern.Order);
    }

    [Fact]
    public void Order_RandomPatterns_IsAPermutation() =>
        Prop.ForAll(
                Gen.Choose(1, 120).SelectMany(n => Gen.Choose(0, 4 * n).Select(entries => (n, entries))).ToArbitrary(),
                shape => MinimumDegree.Order(TestMatrices.Random(shape.n, shape.entries, seed: shape.entries)).Length == shape.n)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20250101, 1));

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(49)]
    public void Order_Hub_NoFill(int hub) => Fill(TestMatrices.Hub(50, hub)).ShouldBe(0);

    [Fact]
    public void Order_HubOfManyNeighbours_SetAsideAndOrderedLast()
    {
        var order = MinimumDegree.Order(TestMatrices.Hub(2000, hub: 3));

        order.Order[^1].ShouldBe(3);
    }

    [Fact]
    public void Order_Tree_NoFill()
    {
        var random = new Random(2);
        var tree = TestMatrices.FromPairs(400, [.. Enumerable.Range(1, 399).Select(i => (i, random.Next(i)))]);

        Fill(tree).ShouldBe(0);
    }

    [Theory]
    [InlineData("diagonal")]
    [InlineData("tridiagonal")]
    [InlineData("dense")]
    [InlineData("disconnected")]
    public void Order_GraphOfTreesAndCliques_NoFill(string name) => Fill(TestMatrices.Pattern(name)).ShouldBe(0);

    [Fact]
    public void Order_Ring_LeastFill()
    {
        // A cycle of n nodes needs n − 3 chords whatever the order.
        var ring = TestMatrices.FromPairs(30, [.. Enumerable.Range(0, 30).Select(i => (i, (i + 1) % 30))]);

        Fill(ring).ShouldBe(27);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Order_EachPattern_FillNotAboveNatural(string name)
    {
        // A band is best as it comes; the degrees leave out indistinguishable nodes, which may cost a few entries where its two ends meet.
        var pattern = TestMatrices.Pattern(name);

        var natural = SymbolicFactor.Analyze(pattern, FillOrdering.Natural);
        var allowance = name.StartsWith("band", StringComparison.Ordinal) ? 1.01 : 1;
        ((double)SymbolicFactor.Analyze(pattern).Nonzeros).ShouldBeLessThanOrEqualTo(allowance * natural.Nonzeros);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(120)]
    public void Order_Grid_FactorGrowsAsNLogN(int side)
    {
        // Nested dissection leaves about 31/4 n log2(side) entries (George 1973, SIAM J. Numer. Anal. 10, 345–363). Minimum degree
        // does better at these sizes: 10,231, 59,765 and 321,309 entries, under half of that.
        ((double)SymbolicFactor.Analyze(TestMatrices.Grid(side, side)).Nonzeros).ShouldBeLessThan(31.0 / 8 * side * side * Math.Log2(side));
    }

    [Fact]
    public void Order_Blocks_KeepsTheFillOfTheQuotient()
    {
        // Indices of a block are indistinguishable, so ordering blocks is ordering the quotient: the same fill in blocks, up to ties.
        var quotient = SymbolicFactor.Analyze(TestMatrices.Grid(12, 12));
        var blocks = SymbolicFactor.Analyze(TestMatrices.WithBlocks(TestMatrices.Grid(12, 12), size: 4));

        var offDiagonal = quotient.Nonzeros - quotient.Order;
        ((double)blocks.Nonzeros).ShouldBeLessThan(1.15 * (16 * offDiagonal + 10 * quotient.Order));
    }

    [Fact]
    public void Order_Twice_SameOrder()
    {
        var pattern = TestMatrices.Random(300, 900, seed: 6);

        MinimumDegree.Order(pattern).Order.ToArray().ShouldBe(MinimumDegree.Order(pattern).Order.ToArray());
    }

    private static long Fill(SparseSymmetric pattern) => SymbolicFactor.Analyze(pattern).Fill;
}

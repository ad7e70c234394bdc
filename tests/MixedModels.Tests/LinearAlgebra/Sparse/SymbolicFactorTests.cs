using MixedModels.LinearAlgebra.Sparse;

namespace MixedModels.Tests.LinearAlgebra.Sparse;

public class SymbolicFactorTests
{
    public static TheoryData<string> Names => TestMatrices.Names();

    [Fact]
    public void Analyze_ByHand_TreeCountsAndFill()
    {
        // Entries (2,0), (3,0), (3,1), (4,2): eliminating 0 fills (3,2), eliminating 2 fills (4,3). The parents of 0, 1, 2, 3 are 2, 3, 3, 4, so
        // 1 comes first in the postorder, before the chain 0, 2.
        var symbolic = SymbolicFactor.Analyze(SparseSymmetric.FromEntries(5, [2, 3, 3, 4], [0, 0, 1, 2]), FillOrdering.Natural, relax: false);

        symbolic.Permutation.Order.ToArray().ShouldBe([1, 0, 2, 3, 4]);
        symbolic.Parent.ToArray().ShouldBe([3, 2, 3, 4, -1]);
        symbolic.ColumnCounts.ToArray().ShouldBe([2, 3, 3, 2, 1]);
        symbolic.Nonzeros.ShouldBe(11);
        symbolic.Fill.ShouldBe(2);
        symbolic.Operations.ShouldBe(4 + 9 + 9 + 4 + 1);
        symbolic.Supernodes.Firsts.ToArray().ShouldBe([0, 1, 2, 3, 5]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ColumnCounts_EachPattern_AsByElimination(string name)
    {
        var pattern = TestMatrices.Pattern(name);
        foreach (var ordering in Enum.GetValues<FillOrdering>())
        {
            var symbolic = SymbolicFactor.Analyze(pattern, ordering);

            symbolic.ColumnCounts.ToArray().ShouldBe(CountColumns(pattern, symbolic.Permutation.Order));
        }
    }

    [Fact]
    public void ColumnCounts_RandomPatterns_AsByElimination()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var pattern = TestMatrices.Random(5 + seed, (5 + seed) * (1 + seed % 4), seed);
            var symbolic = SymbolicFactor.Analyze(pattern);

            symbolic.ColumnCounts.ToArray().ShouldBe(CountColumns(pattern, symbolic.Permutation.Order));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parent_EachPattern_FirstRowBelowTheDiagonalAndPostordered(string name)
    {
        var pattern = TestMatrices.Pattern(name);
        var symbolic = SymbolicFactor.Analyze(pattern);
        var filled = DenseReference.FactorPattern(pattern, symbolic.Permutation.Order);
        var size = new int[pattern.Order];

        for (var j = 0; j < pattern.Order; j++)
        {
            var first = Enumerable.Range(j + 1, pattern.Order - j - 1).Where(i => filled[i, j]).DefaultIfEmpty(-1).First();
            symbolic.Parent[j].ShouldBe(first);
        }

        // In a postorder the subtree of j fills the positions just before j.
        for (var j = 0; j < pattern.Order; j++)
        {
            size[j]++;
            if (symbolic.Parent[j] >= 0)
                size[symbolic.Parent[j]] += size[j];
        }

        for (var j = 0; j < pattern.Order; j++)
        {
            for (var k = j - size[j] + 1; k < j; k++)
                symbolic.Parent[k].ShouldBeInRange(k + 1, j);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Supernodes_Fundamental_HoldTheFactorAndNothingElse(string name)
    {
        var pattern = TestMatrices.Pattern(name);
        var symbolic = SymbolicFactor.Analyze(pattern, relax: false);
        var layout = FactorLayout.Create(symbolic);
        var filled = DenseReference.FactorPattern(pattern, symbolic.Permutation.Order);

        for (var s = 0; s < layout.Count; s++)
        {
            for (var j = 0; j < layout.Width(s); j++)
            {
                var column = layout.First(s) + j;
                var rows = Enumerable.Range(column, pattern.Order - column).Where(i => filled[i, column]);
                layout.Rows(s)[j..].ToArray().ShouldBe(rows);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Supernodes_Relaxed_HoldTheFactorWithFewZeros(string name)
    {
        var pattern = TestMatrices.Pattern(name);
        var symbolic = SymbolicFactor.Analyze(pattern);
        var layout = FactorLayout.Create(symbolic);
        var filled = DenseReference.FactorPattern(pattern, symbolic.Permutation.Order);

        for (var s = 0; s < layout.Count; s++)
        {
            layout.Rows(s)[..layout.Width(s)].ToArray().ShouldBe(Enumerable.Range(layout.First(s), layout.Width(s)));
            for (var column = layout.First(s); column < layout.First(s) + layout.Width(s); column++)
                Enumerable.Range(column, pattern.Order - column).Where(i => filled[i, column]).ShouldBeSubsetOf(layout.Rows(s).ToArray());
        }

        layout.Count.ShouldBeLessThanOrEqualTo(FactorLayout.Create(SymbolicFactor.Analyze(pattern, relax: false)).Count);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Predictions_EachPattern_MatchTheNumericFactor(string name)
    {
        var symbolic = SymbolicFactor.Analyze(TestMatrices.Pattern(name), relax: false);
        var exact = symbolic.ColumnCounts.ToArray().Sum(c => (double)c * c);
        var factor = new SupernodalFactor(FactorLayout.Create(symbolic));

        symbolic.Operations.ShouldBe(exact);
        factor.Panels.Length.ShouldBe((int)symbolic.PanelEntries);
        symbolic.Bytes.ShouldBe(8 * (symbolic.PanelEntries + symbolic.WorkspaceEntries));
    }

    [Fact]
    public void Create_FactorBeyondOneArray_RefusedBeforeAllocation()
    {
        // Eliminating a hub first makes all else one clique: a panel of 50,000² entries, foretold by column counts of a few integers.
        var symbolic = SymbolicFactor.Analyze(TestMatrices.Hub(50_000, hub: 0), FillOrdering.Natural);

        symbolic.Nonzeros.ShouldBe(50_000L * 50_001 / 2);
        Should.Throw<ArgumentException>(() => FactorLayout.Create(symbolic)).Message.ShouldContain("2500000000");
    }

    private static int[] CountColumns(SparseSymmetric pattern, ReadOnlySpan<int> order)
    {
        var filled = DenseReference.FactorPattern(pattern, order);
        var counts = new int[pattern.Order];
        for (var j = 0; j < pattern.Order; j++)
        {
            for (var i = j; i < pattern.Order; i++)
                counts[j] += filled[i, j] ? 1 : 0;
        }

        return counts;
    }
}

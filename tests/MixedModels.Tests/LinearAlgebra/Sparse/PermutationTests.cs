using MixedModels.LinearAlgebra.Sparse;

namespace MixedModels.Tests.LinearAlgebra.Sparse;

public class PermutationTests
{
    [Fact]
    public void Inverse_OfThree_LeadsBack()
    {
        var permutation = new Permutation([2, 0, 1]);

        permutation.Inverse.ToArray().ShouldBe([1, 2, 0]);
        permutation.Then([1, 2, 0]).Order.ToArray().ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void Apply_ThenUndo_GivesTheVectorBack()
    {
        var permutation = new Permutation([2, 0, 1]);
        var (renumbered, back) = (new double[3], new double[3]);

        permutation.Apply([10, 20, 30], renumbered);
        permutation.Undo(renumbered, back);

        renumbered.ShouldBe([30, 10, 20]);
        back.ShouldBe([10, 20, 30]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 2)]
    [InlineData(-1, 0)]
    public void Create_NotAPermutation_Refused(int first, int second) =>
        Should.Throw<ArgumentException>(() => new Permutation([first, second]));
}

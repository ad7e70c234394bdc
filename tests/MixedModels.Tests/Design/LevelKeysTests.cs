using MixedModels.Design;

namespace MixedModels.Tests.Design;

public sealed class LevelKeysTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(1_000_000_000_000)]
    public void Find_AfterLearning_IsThePlaceAmongTheOrderedKeys(long possible)
    {
        var keys = new LevelKeys([5, 2, 7, 2], possible);
        keys.Ordered.ShouldBe([2L, 5, 7]);
        new long[] { 7, 2, 5 }.Select(keys.Find).ShouldBe([2, 0, 1]);
        keys.Find(3).ShouldBe(-1);
        keys.Find(-1).ShouldBe(-1);
    }
}

using MixedModels.Covariance;
using MixedModels.Estimation.Linear;

namespace MixedModels.Tests.Estimation.Linear;

public sealed class ThetaLayoutTests
{
    private static readonly ThetaLayout layout = new([new Unstructured(2), new Diagonal(3), new Unstructured(1)]);

    [Fact]
    public void TermOf_EveryParameter_CountsByTheStructuresOwnNumber() =>
        Enumerable.Range(0, layout.Count).Select(layout.TermOf).ShouldBe([0, 0, 0, 1, 1, 1, 2]);

    [Theory]
    [InlineData(-1)]
    [InlineData(7)]
    public void TermOf_NoSuchParameter_IsAWrongCall(int parameter) =>
        Should.Throw<ArgumentOutOfRangeException>(() => layout.TermOf(parameter)).Message.ShouldContain("There are 7 covariance parameters.");
}

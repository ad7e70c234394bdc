using MixedModels.Covariance;

namespace MixedModels.Tests.Covariance;

public sealed class RelativeCovarianceTests
{
    [Fact]
    public void Of_Unstructured_IsTheProductOfItsFactor() =>
        RelativeCovariance.Of(new Unstructured(2), [2, -1, 3]).ShouldBe([4, -2, -2, 10], 1e-15);

    [Fact]
    public void Of_Diagonal_HoldsSquares() => RelativeCovariance.Of(new Diagonal(2), [-2, 3]).ShouldBe([4, 0, 0, 9], 1e-15);

    [Fact]
    public void RemoveNegligible_SmallEigenvalue_IsSetToZero()
    {
        // Eigenvalues 2 + 1e-9 and 1e-9.
        double[] G = [1 + 1e-9, 1, 1, 1 + 1e-9];
        RelativeCovariance.RemoveNegligible(G, 2, 1e-8).ShouldBeTrue();
        ((G[0] * G[3]) - (G[1] * G[2])).ShouldBe(0, 1e-15);
        G[0].ShouldBe(1, 1e-8);
    }

    [Theory]
    [InlineData(1, 0.5, 0.5, 1)]
    [InlineData(0, 0, 0, 1)]
    public void RemoveNegligible_NothingSmallThatIsNotZero_ReportsNoChange(double a, double b, double c, double d)
    {
        double[] G = [a, b, c, d];
        RelativeCovariance.RemoveNegligible(G, 2, 1e-8).ShouldBeFalse();
        G.ShouldBe([a, b, c, d], 1e-14);
    }
}

using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.LinearAlgebra;

public class SymmetricTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(53)]
    public void MirrorLower_AnyOrder_CopiesTheLowerTriangleOnly(int n)
    {
        var A = Matrix.PositiveDefinite(n, 2, seed: 40);
        var expected = A.Mirrored();

        Symmetric.MirrorLower(A.Values, n, A.Leading);

        A.ShouldBeCloseTo(expected, double.Epsilon, "mirrored");
        A.PaddingShouldBeUntouched("mirrored");
    }
}

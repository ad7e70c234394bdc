using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.LinearAlgebra;

public class VectorsTests
{
    private static readonly int[] Lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100];

    [Fact]
    public void Sums_AnyLength_AreExactOnSmallIntegers()
    {
        foreach (var n in Lengths)
        {
            var x = Enumerable.Range(1, n).Select(i => (double)i).ToArray();
            var y = Enumerable.Range(1, n).Select(i => (double)(i % 3 - 1)).ToArray();

            Vectors.Sum(x).ShouldBe(x.Sum());
            Vectors.SumOfSquares(x).ShouldBe(x.Sum(v => v * v));
            Vectors.Dot(x, y).ShouldBe(x.Zip(y, (a, b) => a * b).Sum());
        }
    }

    [Fact]
    public void AddScaledAndScale_AnyLength_ChangeEveryElement()
    {
        foreach (var n in Lengths)
        {
            var x = Enumerable.Range(1, n).Select(i => (double)i).ToArray();
            var y = Enumerable.Repeat(1.0, n).ToArray();

            Vectors.AddScaled(2, x, y);
            Vectors.Scale(-3, x);

            y.ShouldBe(Enumerable.Range(1, n).Select(i => 1.0 + 2 * i));
            x.ShouldBe(Enumerable.Range(1, n).Select(i => -3.0 * i));
        }
    }

    [Fact]
    public void Rotate_QuarterTurn_ExchangesTheVectors()
    {
        foreach (var n in Lengths)
        {
            var x = Enumerable.Range(1, n).Select(i => (double)i).ToArray();
            var y = Enumerable.Range(1, n).Select(i => 10.0 * i).ToArray();

            Vectors.Rotate(x, y, 0, 1);

            x.ShouldBe(Enumerable.Range(1, n).Select(i => 10.0 * i));
            y.ShouldBe(Enumerable.Range(1, n).Select(i => -1.0 * i));
        }
    }
}

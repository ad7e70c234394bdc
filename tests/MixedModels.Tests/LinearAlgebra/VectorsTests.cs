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
    public void DotFour_AnyLength_IsExactOnSmallIntegers()
    {
        foreach (var n in Lengths)
        {
            var x = Enumerable.Range(1, n).Select(i => (double)(i % 7 - 2)).ToArray();
            var y = Enumerable.Range(1, 4 * (n + 3)).Select(i => (double)(i % 11 - 5)).ToArray();
            var products = new double[4];
            Vectors.DotFour(x, y, n + 3, products);
            for (var c = 0; c < 4; c++) products[c].ShouldBe(x.Select((value, i) => value * y[i + (c * (n + 3))]).Sum());
        }
    }

    [Fact]
    public void AddScaledThenDot_AnyLength_HasTheBitsOfBothOperations()
    {
        foreach (var n in Lengths.Concat([511, 512, 513, 1029, 1540]))
        {
            var random = new Random(n);
            double[] x = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() - 0.5)], y = [.. x.Select(v => Math.Sin(9 * v))], z = [.. x.Select(v => Math.Cos(7 * v))];
            var (apart, joined, own) = ((double[])y.Clone(), (double[])y.Clone(), (double[])y.Clone());
            Vectors.AddScaled(-0.3, x, apart);

            var along = Vectors.AddScaledThenDot(-0.3, x, joined, z);
            var squared = Vectors.AddScaledThenDot(-0.3, x, own, own);

            joined.ShouldBe(apart);
            own.ShouldBe(apart);
            along.ShouldBe(Vectors.Dot(z, apart));
            squared.ShouldBe(Vectors.SumOfSquares(apart));
        }
    }

    [Fact]
    public void CopyScaled_AnyLength_WritesEveryElement()
    {
        foreach (var n in Lengths)
        {
            double[] x = [.. Enumerable.Range(1, n).Select(i => (double)i)];
            var target = new double[n];
            Vectors.CopyScaled(0.5, x, target);
            target.ShouldBe([.. x.Select(v => 0.5 * v)]);
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

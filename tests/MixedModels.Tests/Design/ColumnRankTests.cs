using MixedModels.Design;

namespace MixedModels.Tests.Design;

public sealed class ColumnRankTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(3000)]
    [InlineData(20_000)]
    public void Independent_SumAndCopyAndZero_KeepsTheEarliest(int rows)
    {
        var a = Noise(1, rows);
        var b = Noise(2, rows);
        var sum = a.Zip(b, (x, y) => (2 * x) - y).ToArray();
        ColumnRank.Independent([.. a, .. b, .. sum, .. new double[rows], .. Noise(3, rows), .. a], rows, 6).ShouldBe([0, 1, 4]);
    }

    [Theory]
    [InlineData(1e-6, true)]
    [InlineData(1e-8, false)]
    public void Independent_NearlyDependent_DecidesAtTheTolerance(double difference, bool isKept)
    {
        // The second column is the first plus a perpendicular part of the given relative size.
        double[] X = [1, 1, 1, 1, 1 + difference, 1 - difference, 1 + difference, 1 - difference];
        ColumnRank.Independent(X, 4, 2).Count.ShouldBe(isKept ? 2 : 1);
    }

    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e200)]
    public void Independent_ExtremeScales_ChangeNothing(double scale)
    {
        var rows = 300;
        var a = Noise(1, rows);
        var b = Noise(2, rows).Select(value => value * scale).ToArray();
        var both = a.Zip(b, (x, y) => x + (y / scale)).ToArray();
        ColumnRank.Independent([.. a, .. b, .. both], rows, 3).ShouldBe([0, 1]);
    }

    [Fact]
    public void Independent_ColumnOfOneRow_IsSeenAmongManyRows()
    {
        // A sample of rows misses row 12,345; all rows must decide.
        const int rows = 50_000;
        var single = new double[rows];
        single[12_345] = 1;
        var a = Noise(1, rows);
        var shifted = a.Zip(single, (x, y) => x + y).ToArray();
        ColumnRank.Independent([.. Enumerable.Repeat(1.0, rows), .. a, .. shifted, .. single], rows, 4).ShouldBe([0, 1, 2]);
    }

    [Theory]
    [InlineData(1e-5, true)]
    [InlineData(3e-7, true)]
    [InlineData(3e-8, false)]
    [InlineData(1e-10, false)]
    public void Independent_TallNearlyDependent_DecidesAtTheTolerance(double difference, bool isKept)
    {
        const int rows = 40_000;
        double[] first = [.. Enumerable.Repeat(1.0, rows)];
        double[] second = [.. Enumerable.Range(0, rows).Select(i => 1 + (i % 2 == 0 ? difference : -difference))];
        ColumnRank.Independent([.. first, .. second], rows, 2).Count.ShouldBe(isKept ? 2 : 1);
    }

    [Fact]
    public void Independent_PeriodicRows_AreKept()
    {
        const int rows = 40_000;
        double[] day = [.. Enumerable.Range(0, rows).Select(i => (double)(i % 40))];
        double[] weekend = [.. Enumerable.Range(0, rows).Select(i => i % 40 == 7 ? 1.0 : 0.0)];
        ColumnRank.Independent([.. Enumerable.Repeat(1.0, rows), .. day, .. weekend], rows, 3).ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void Independent_MoreColumnsThanRows_KeepsAsManyAsRows() =>
        ColumnRank.Independent([1, 0, 1, 1, 2, 3, 0, 5], 2, 4).ShouldBe([0, 1]);

    [Fact]
    public void Independent_LargeMeanSmallSpread_IsIndependentOfTheIntercept()
    {
        double[] years = [.. Enumerable.Range(0, 500).Select(i => 2000.0 + (i % 5))];
        ColumnRank.Independent([.. Enumerable.Repeat(1.0, 500), .. years, .. years.Select(year => year * year)], 500, 3).ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void Independent_NoColumns_IsEmpty() => ColumnRank.Independent([], 5, 0).ShouldBeEmpty();

    // By a second route: eliminate with the whole columns, one by one.
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14, 6000)]
    [InlineData(15, 6000)]
    public void Independent_RandomDependencies_AgreesWithGramSchmidtOnTheColumns(int seed, int rows = 700)
    {
        const int columns = 12;
        var random = new Random(seed);
        var X = new List<double[]>();
        for (var j = 0; j < columns; j++)
        {
            X.Add(j > 2 && random.NextDouble() < 0.4
                ? [.. X[random.Next(j)].Zip(X[random.Next(j)], (x, y) => x - (3 * y))]
                : Noise(seed + (100 * j), rows));
        }

        ColumnRank.Independent([.. X.SelectMany(column => column)], rows, columns).ShouldBe(GramSchmidt(X));
    }

    private static List<int> GramSchmidt(List<double[]> X)
    {
        var basis = new List<double[]>();
        var kept = new List<int>();
        for (var j = 0; j < X.Count; j++)
        {
            var left = X[j];
            for (var pass = 0; pass < 3; pass++)
            {
                foreach (var q in basis)
                {
                    var product = q.Zip(left, (x, y) => x * y).Sum();
                    left = [.. left.Zip(q, (x, y) => x - (product * y))];
                }
            }

            var norm = Math.Sqrt(left.Sum(x => x * x));
            if (norm <= 1e-7 * Math.Sqrt(X[j].Sum(x => x * x)))
                continue;
            basis.Add([.. left.Select(x => x / norm)]);
            kept.Add(j);
        }

        return kept;
    }

    private static double[] Noise(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.3)];
    }
}

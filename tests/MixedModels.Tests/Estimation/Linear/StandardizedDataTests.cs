using MixedModels.Estimation.Linear;

namespace MixedModels.Tests.Estimation.Linear;

public sealed class StandardizedDataTests
{
    /// <summary>Columns of Z that stand in X are taken from there; a copy of them goes the long way.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public void Z_TakenFromX_EqualsZOfItsOwn(int columns, bool weighted)
    {
        TermShape shape = new(Grouping.Drawn, 7, 0, columns, Slopes.Covariates, false, 1);
        var data = new RandomProblem(60, 4, weighted, [shape], 8).Data();
        var shared = data with { Terms = [data.Terms[0] with { Z = data.X[..(60 * columns)] }] };
        var apart = data with { Terms = [data.Terms[0] with { Z = data.X[..(60 * columns)].ToArray() }] };

        var (from, own) = (new StandardizedData(shared), new StandardizedData(apart));

        ShouldAgree(from.Z[0], own.Z[0]);
        ShouldAgree(from.K[0], own.K[0]);

        // W½Z = Z*K, and Z* has orthogonal columns of unit mean square.
        for (var j = 0; j < columns; j++)
        {
            for (var r = 0; r < 60; r++)
            {
                var root = weighted ? Math.Sqrt(data.Weights.Span[r]) : 1;
                var product = 0.0;
                for (var k = 0; k <= j; k++) product += from.Z[0][r + (k * 60)] * from.K[0][k + (j * columns)];
                product.ShouldBe(root * data.X.Span[r + (j * 60)], 1e-12);
            }

            for (var k = 0; k <= j; k++)
            {
                var mean = Enumerable.Range(0, 60).Sum(r => from.Z[0][r + (j * 60)] * from.Z[0][r + (k * 60)]) / 60;
                mean.ShouldBe(j == k ? 1 : 0, 1e-13);
            }
        }
    }

    [Fact]
    public void IsSorted_LevelsInOrderOrNot_SaysSo()
    {
        TermShape shape = new(Grouping.Drawn, 3, 0, 1, Slopes.Covariates, false, 1);
        var term = new RandomProblem(4, 1, false, [shape], 8).Data().Terms[0];
        (term with { LevelOfRow = new[] { 0, 0, 1, 2 } }).IsSorted().ShouldBeTrue();
        (term with { LevelOfRow = new[] { 0, 2, 1, 2 } }).IsSorted().ShouldBeFalse();
    }

    private static void ShouldAgree(double[] actual, double[] expected)
    {
        actual.Length.ShouldBe(expected.Length);
        for (var i = 0; i < actual.Length; i++) actual[i].ShouldBe(expected[i], 1e-12 * expected.Max(Math.Abs));
    }
}

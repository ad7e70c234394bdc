using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.Execution;
using MixedModels.Tests.Estimation.Linear;

namespace MixedModels.Tests.Estimation.Storage;

/// <summary>The lanes against the general storage, which the dense reference holds to account in <see cref="ProfiledDevianceTests"/>.</summary>
public sealed class OneFactorSystemTests
{
    /// <summary>Levels, rows a level (0: 0 to 6 at random), columns of X, columns of each term, whether rows are weighted.</summary>
    public static TheoryData<int, int, int, int[], bool> Shapes => new()
    {
        { 30, 0, 2, [1], false },
        { 30, 0, 2, [1], true },
        { 5, 4, 1, [2], false },
        { 41, 0, 3, [2], false },
        { 64, 5, 2, [2], false },
        { 2500, 0, 2, [2], false },
        { 37, 6, 4, [3], true },
        { 50, 0, 2, [1, 1], false },
        { 33, 7, 3, [2, 1, 2], false },
        { 20, 9, 2, [7], false },
        { 14, 0, 9, [12], false },
        { 4, 2600, 2, [2], false },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Evaluation_AnyShape_EqualsBorderedStorage(int levels, int rows, int p, int[] columns, bool weighted)
    {
        var data = new StandardizedData(Problem(levels, rows, p, columns, weighted));
        foreach (var reml in new[] { false, true })
        {
            var lanes = new ProfiledDeviance(data, new OneFactorSystem(data.Rows), reml);
            var general = new ProfiledDeviance(data, new BorderedSystem(data.Rows, BlockPlan.For(data.Data, BorderStorage.Dense)), reml);
            var random = new Random(levels);
            double[] somewhere = [.. Enumerable.Range(0, lanes.Dimension).Select(_ => RandomProblem.Normal(random))];
            foreach (var theta in new[] { somewhere, new double[lanes.Dimension] })
            {
                var (point, expected) = (lanes.Evaluate(theta), general.Evaluate(theta));
                point.Value.ShouldBe(expected.Value, 1e-11 * Math.Abs(expected.Value));
                Compare(point.Gradient, expected.Gradient);
                if (general.System.q <= 2000) Compare(point.Hessian, expected.Hessian);
                CompareParts(lanes, general);
            }
        }
    }

    [Fact]
    public void Hessian_ManyLevels_IsExact()
    {
        var data = new StandardizedData(Problem(levels: 2500, rows: 0, p: 2, columns: [2], weighted: false));
        var deviance = new ProfiledDeviance(data, new OneFactorSystem(data.Rows), reml: true);
        double[] theta = [0.8, 0.3, 0.5];
        var point = deviance.Evaluate(theta);
        const double step = 1e-5;
        for (var k = 0; k < 3; k++)
        {
            var (up, down) = (theta.ToArray(), theta.ToArray());
            up[k] += step;
            down[k] -= step;
            var (above, below) = (deviance.Evaluate(up), deviance.Evaluate(down));
            for (var l = 0; l < 3; l++)
                ((above.Gradient[l] - below.Gradient[l]) / (2 * step)).ShouldBe(point.Hessian[l + (k * 3)], 1e-7 * point.Hessian.Max());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Evaluation_OneAndTwoThreads_GiveTheSameBits(bool inOnePass)
    {
        var data = new StandardizedData(Problem(levels: 9000, rows: 0, p: 2, columns: [2], weighted: false));
        var plan = BlockPlan.For(data.Data);
        plan.NeedsThreads.ShouldBeTrue();
        using var team = new ThreadTeam(2);
        var alone = new ProfiledDeviance(data, new OneFactorSystem(data.Rows, team: null, inOnePass), reml: true);
        var shared = new ProfiledDeviance(data, new OneFactorSystem(data.Rows, team, inOnePass), reml: true);
        var (point, other) = (alone.Evaluate([0.7, 0.2, 1.3]), shared.Evaluate([0.7, 0.2, 1.3]));
        other.Value.ShouldBe(point.Value);
        other.Gradient.ShouldBe(point.Gradient);
        other.Hessian.ShouldBe(point.Hessian);
        shared.w.ToArray().ShouldBe(alone.w.ToArray());
    }

    /// <summary>The sums of one pass, in which the fixed effects come last, against those of two.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Evaluation_InOnePass_EqualsThatInTwo(bool reml)
    {
        var data = new StandardizedData(Problem(levels: 500, rows: 0, p: 3, columns: [2, 1], weighted: true));
        double[] theta = [0.7, 0.2, 1.3, 0.4];
        var point = new ProfiledDeviance(data, new OneFactorSystem(data.Rows, team: null, inOnePass: true), reml).Evaluate(theta);
        var expected = new ProfiledDeviance(data, new OneFactorSystem(data.Rows, team: null, inOnePass: false), reml).Evaluate(theta);
        point.Value.ShouldBe(expected.Value, 1e-13 * Math.Abs(expected.Value));
        var scale = expected.Hessian.Max();
        for (var k = 0; k < theta.Length; k++) point.Gradient[k].ShouldBe(expected.Gradient[k], 1e-12 * scale);
        for (var e = 0; e < expected.Hessian.Length; e++) point.Hessian[e].ShouldBe(expected.Hessian[e], 1e-12 * scale);
    }

    [Fact]
    public void Lanes_BalancedData_DoNotDependOnTheNumberOfGroups()
    {
        var small = Lanes(Problem(levels: 50, rows: 4, p: 2, columns: [2], weighted: false));
        var large = Lanes(Problem(levels: 900, rows: 4, p: 2, columns: [2], weighted: false));
        small.LaneCount.ShouldBe(2 * 3);
        large.LaneCount.ShouldBe(2 * 3);
        large.LevelOfClass.Length.ShouldBe(1);
    }

    [Fact]
    public void Lanes_EveryLevelDifferent_StandAlone() =>
        Lanes(Problem(levels: 900, rows: 0, p: 2, columns: [2], weighted: true)).LaneCount.ShouldBeInRange(600, 900);

    [Fact]
    public void Plan_TermsOnOneFactor_UseLanes()
    {
        BlockPlan.For(Problem(levels: 9, rows: 3, p: 1, columns: [2, 1], weighted: false)).IsOneFactor.ShouldBeTrue();
        TermShape shape = new(Grouping.Drawn, 9, 0, 1, Slopes.Covariates, false, 2);
        BlockPlan.For(new RandomProblem(40, 1, false, [shape, shape], 1).Data()).IsOneFactor.ShouldBeFalse();
        BlockPlan.For(Problem(levels: 9, rows: 20, p: 1, columns: [13], weighted: false)).IsOneFactor.ShouldBeFalse();
    }

    private static void CompareParts(ProfiledDeviance lanes, ProfiledDeviance general)
    {
        var (one, two) = (lanes.System, general.System);
        var q = one.q;
        two.PrepareDerivatives();
        Compare(one.VC.ToArray(), two.VC.ToArray());
        Compare(lanes.w.ToArray(), general.w.ToArray());
        var (applied, wanted) = (new double[2 * q], new double[2 * q]);
        var U = RandomVector(2 * q);
        one.ApplyB(U, 2, applied);
        two.ApplyB(U, 2, wanted);
        Compare(applied, wanted);
        for (var t = 0; t < one.Terms.Count; t++)
        {
            var size = one.Terms[t].Dimension;
            var (block, other) = (new double[size * size], new double[size * size]);
            one.SumDiagonalBlocks(t, block);
            two.SumDiagonalBlocks(t, other);
            Compare(block, other);
            foreach (var level in new[] { 0, 3 })
            {
                one.ConditionalCovariance(t, level, block);
                two.ConditionalCovariance(t, level, other);
                Compare(block, other);
                one.CrossProductBlock(t, level, block);
                two.CrossProductBlock(t, level, other);
                Compare(block, other);
            }
        }

        if (q > 500) return;
        var (B, dense) = (new double[q * q], new double[q * q]);
        one.FormB(B);
        two.FormB(dense);
        for (var j = 0; j < q; j++)
        {
            for (var i = j; i < q; i++) B[i + (j * q)].ShouldBe(dense[i + (j * q)], 1e-9 * (1 + Math.Abs(dense[i + (j * q)])));
        }
    }

    private static void Compare(double[] actual, double[] expected)
    {
        var scale = expected.Max(Math.Abs);
        actual.Length.ShouldBe(expected.Length);
        for (var i = 0; i < actual.Length; i++) actual[i].ShouldBe(expected[i], 1e-9 * (1e-3 + scale));
    }

    private static LevelLanes Lanes(LinearData data)
    {
        var standardized = new StandardizedData(data);
        return new(new LevelCrossProducts(standardized.Rows));
    }

    private static double[] RandomVector(int length)
    {
        var random = new Random(length);
        return [.. Enumerable.Range(0, length).Select(_ => RandomProblem.Normal(random))];
    }

    private static LinearData Problem(int levels, int rows, int p, int[] columns, bool weighted)
    {
        var random = new Random(levels + rows);
        var levelOfRow = new List<int>();
        var occasion = new List<double>();
        for (var l = 0; l < levels; l++)
        {
            var size = rows > 0 ? rows : random.Next(7);
            for (var r = 0; r < size; r++)
            {
                levelOfRow.Add(l);
                occasion.Add(rows > 0 ? r : RandomProblem.Normal(random));
            }
        }

        var n = levelOfRow.Count;
        var X = Enumerable.Range(0, n * p).Select(i => i < n ? 1 : RandomProblem.Normal(random)).ToArray();
        var terms = columns.Select((count, t) =>
        {
            var Z = Enumerable.Range(0, n * count).Select(i => Math.Pow(0.5 * occasion[i % n], t + (i / n))).ToArray();
            CovarianceStructure structure = t % 2 == 0 ? new Unstructured(count) : new Diagonal(count);
            return new RandomTermData(structure, levels, levelOfRow.ToArray(), Z);
        }).ToArray();
        var y = Enumerable.Range(0, n).Select(_ => 5 + RandomProblem.Normal(random)).ToArray();
        double[] weights = weighted ? [.. Enumerable.Range(0, n).Select(_ => 0.5 + random.NextDouble())] : [];
        return new(n, p, y, X, weights, terms);
    }
}

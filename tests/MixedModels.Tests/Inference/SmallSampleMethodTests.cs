using MixedModels.Estimation.Linear;
using MixedModels.Inference;
using MixedModels.Inference.Linear;
using MixedModels.Inference.SmallSample;
using MixedModels.LinearAlgebra;
using MixedModels.Tests.Estimation.Linear;
using Numbers = MathNet.Numerics.LinearAlgebra.Matrix<double>;

namespace MixedModels.Tests.Inference;

/// <summary>The methods against n×n algebra, differences and each other on random problems.</summary>
public sealed class SmallSampleMethodTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Satterthwaite_RandomProblem_IsThatOfTheDenseAlgebra(int seed)
    {
        if (InferenceProblem.Of(RandomProblems.Ordinary(seed).Data(), reml: seed % 3 != 0) is not { } problem) return;
        var method = new SatterthwaiteMethod(problem.Effects);
        foreach (var (c, rows) in Contrasts(problem, seed))
        {
            method.Variance(rows).ShouldBe(Form(problem.Dense.Phi, c), 1e-8 * Form(problem.Dense.Phi, c));

            // The dense Hessian is one at the optimum only as far as the gradient is zero.
            var expected = problem.Dense.Satterthwaite(c);
            method.Df(rows).ShouldBe(expected, 2e-4 * expected);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void KenwardRoger_RandomProblem_IsThatOfTheDenseAlgebra(int seed)
    {
        if (InferenceProblem.Of(RandomProblems.Ordinary(seed).Data(), reml: true) is not { } problem) return;
        foreach (var observed in new[] { false, true })
        {
            var method = new KenwardRogerMethod(problem.Effects, observed);
            var adjusted = problem.Dense.Adjusted(observed);
            foreach (var (c, rows) in Contrasts(problem, seed))
            {
                method.Variance(rows).ShouldBe(Form(adjusted, c), 1e-5 * Form(adjusted, c));
                var (F, df) = problem.Dense.KenwardRoger(Numbers.Build.DenseOfRowArrays(c), observed);
                method.Df(rows).ShouldBe(df, 1e-5 * Math.Abs(df));
                method.Joint(rows, [0]).Statistic.ShouldBe(F, 1e-5 * F + 1e-12);
            }

            var p = problem.Data.p;
            if (p < 2) continue;
            var random = new Random(seed);
            double[] L = [.. Enumerable.Range(0, 2 * p).Select(_ => RandomProblem.Normal(random))];
            var joint = method.Joint(new(problem.Effects, L), [0, 0]);
            var (jointF, jointDf) = problem.Dense.KenwardRoger(Numbers.Build.DenseOfRowArrays(L[..p], L[p..]), observed);
            joint.DenominatorDf.ShouldBe(jointDf, 1e-4 * Math.Abs(jointDf));
            joint.Statistic.ShouldBe(jointF, 1e-4 * Math.Abs(jointF));
        }
    }

    /// <summary>d(theta, sigma) from the profiled deviance: what profiling put in for sigma is taken out again.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Variances_AreTwiceTheInverseHessianByDifferences(int seed)
    {
        if (InferenceProblem.Of(RandomProblems.Ordinary(seed).Data(), reml: seed % 2 == 0) is not { } problem) return;
        var information = problem.Effects.Variances();
        var deviance = problem.Deviance;
        deviance.Value(problem.Optimum.Theta);
        double[] at = [.. problem.Optimum.Theta, Math.Sqrt(deviance.r2 / deviance.nu)];
        if (information.HeldParameters > 0) return;

        double Value(double[] x)
        {
            var value = deviance.Value(x.AsSpan(0, x.Length - 1));
            var (nu, s2) = (deviance.nu, x[^1] * x[^1]);
            return value - (nu * (1 + Math.Log(deviance.r2 / nu))) + (nu * Math.Log(s2)) + (deviance.r2 / s2);
        }

        var k = at.Length;
        var hessian = Numbers.Build.Dense(k, k, (i, j) => SecondDifference(Value, at, i, j));
        // Compared as Hessians: inverting one by differences would amplify their rounding along flat directions.
        var actual = 2 * Numbers.Build.Dense(k, k, information.Covariance).Inverse();
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++) actual[i, j].ShouldBe(hessian[i, j], 1e-5 * Math.Sqrt(hessian[i, i] * hessian[j, j]));
        }

        deviance.Value(problem.Optimum.Theta);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(30)]
    public void BlockSums_EveryRoute_IsTheSame(int seed)
    {
        foreach (var problem in new[] { RandomProblems.Nested(seed), RandomProblems.Ordinary(seed), RandomProblems.WideTerm(seed) })
        {
            var data = problem.Data();
            var (deviance, _) = ProfiledDevianceTests.Create(data, reml: true);
            var theta = problem.Theta(deviance.Dimension);
            for (var k = 0; k < theta.Length; k++) theta[k] = 0.3 + Math.Abs(theta[k]);
            deviance.Value(theta);
            foreach (var directions in new[] { VarianceDirections.OfTheta(deviance.Layout, theta).Directions, VarianceDirections.Linear(deviance.Layout, theta, withoutVariance: false).Directions })
            {
                var dense = new BlockSums(deviance, theta, directions, TraceRoute.Dense);
                Agree(dense, new(deviance, theta, directions, TraceRoute.Differences), directions.Count, 1e-6);
                if (data.Terms.Count == 1) Agree(dense, new(deviance, theta, directions, TraceRoute.DiagonalBlocks), directions.Count, 1e-12);
            }
        }
    }

    [Fact]
    public void Seeds_HoldManyProblemsWithVariances() => Enumerable.Range(0, 60)
        .Count(seed => InferenceProblem.Of(RandomProblems.Ordinary(seed).Data(), reml: true) is { Optimum.Theta.Length: > 0 }).ShouldBeGreaterThan(20);

    [Fact]
    public void Residual_NoRandomTerms_AllMethodsAreTheLinearModels()
    {
        var data = RandomProblems.Ordinary(4).Data() with { Terms = [] };
        var problem = InferenceProblem.Of(data, reml: true).ShouldNotBeNull();
        double df = data.n - data.p;
        foreach (var (_, rows) in Contrasts(problem, 1))
        {
            new SatterthwaiteMethod(problem.Effects).Df(rows).ShouldBe(df, 1e-9 * df);
            new KenwardRogerMethod(problem.Effects, observed: false).Df(rows).ShouldBe(df, 1e-9 * df);
            new KenwardRogerMethod(problem.Effects, observed: true).Variance(rows).ShouldBe(new AsymptoticMethod(problem.Effects).Variance(rows), 1e-12);
        }
    }

    private static void Agree(BlockSums expected, BlockSums actual, int count, double tolerance)
    {
        for (var k = 0; k < count; k++)
        {
            for (var l = 0; l < count; l++)
                actual.Second(k, l).ShouldBe(expected.Second(k, l), tolerance * Math.Sqrt(expected.Second(k, k) * expected.Second(l, l)));
        }
    }

    private static IEnumerable<(double[] Weights, ContrastRows Rows)> Contrasts(InferenceProblem problem, int seed)
    {
        var (p, random) = (problem.Data.p, new Random(seed + 5));
        for (var j = 0; j < p; j++) yield return (Unit(p, j), ContrastRows.Single(problem.Effects, j));
        double[] any = [.. Enumerable.Range(0, p).Select(_ => RandomProblem.Normal(random))];
        yield return (any, new(problem.Effects, any));
    }

    private static double[] Unit(int p, int j) => [.. Enumerable.Range(0, p).Select(i => i == j ? 1.0 : 0)];

    private static double Form(Numbers S, double[] c) => MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(c) is var v ? v.DotProduct(S * v) : 0;

    /// <summary>Central differences in steps of a share of each coordinate, with the error of the second order taken out (Richardson).</summary>
    private static double SecondDifference(Func<double[], double> f, double[] at, int i, int j)
    {
        // Wide steps: their error by Richardson stays below 1e-6, and rounding of the deviance grows with 1/h².
        return ((4 * Difference(2e-3)) - Difference(4e-3)) / 3;

        double Step(int k) => Math.Max(0.05, Math.Abs(at[k]));

        double Difference(double h) => (At(h, h) - At(h, -h) - At(-h, h) + At(-h, -h)) / (4 * h * h * Step(i) * Step(j));

        double At(double a, double b)
        {
            var x = (double[])at.Clone();
            x[i] += a * Step(i);
            x[j] += b * Step(j);
            return f(x);
        }
    }
}

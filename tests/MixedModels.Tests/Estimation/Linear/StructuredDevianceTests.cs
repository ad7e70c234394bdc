using MixedModels.Estimation.Linear;
using MixedModels.Tests.Estimation.Storage;

namespace MixedModels.Tests.Estimation.Linear;

/// <summary>Value, gradient and Hessian of every storage with covariance structures beyond us and diag, on random problems.</summary>
public sealed class StructuredDevianceTests
{
    private const int Count = 90;

    [Fact]
    public void Problems_OfTheRun_HoldEveryStructureAndStorage()
    {
        var problems = new List<LinearData>();
        RandomProblems.Check(problem => problems.Add(problem.Data()), Count, RandomProblems.Structured);
        foreach (var name in new[] { "homdiag", "cs", "homcs", "ar1", "hetar1", "toep", "homtoep", "ou", "exp", "gau", "mat", "rr" })
            problems.Count(data => data.Terms.Any(term => term.Structure.Name == name)).ShouldBeGreaterThanOrEqualTo(4, name);
        foreach (var storage in StorageScheme.All.Where(storage => storage.Name != "no random terms")) problems.Count(storage.Holds).ShouldBeGreaterThanOrEqualTo(4, storage.Name);
    }

    [Fact]
    public void Value_AnyStructureInAnyStorage_EqualsThePlainEngine() => RandomProblems.Check(
        problem =>
        {
            var standardized = new StandardizedData(problem.Data());
            var layout = new ThetaLayout(standardized.Data.Terms.Select(term => term.Structure));
            var theta = problem.Theta(layout.Count);
            var plain = new DenseReference(standardized.Data);
            var G = ProfiledDevianceTests.UserFactors(standardized, layout, theta).Select(T => DenseDerivatives.Product(T, T)).ToArray();
            foreach (var reml in new[] { false, true })
            {
                var expected = plain.Deviance(G, reml);
                foreach (var storage in StorageScheme.Of(standardized.Data))
                {
                    var deviance = new ProfiledDeviance(standardized, storage.Of(standardized), reml);
                    deviance.Value(theta).ShouldBe(expected, 1e-10 * (1 + Math.Abs(expected)), storage.Name);
                }
            }
        },
        Count,
        RandomProblems.Structured);

    [Fact]
    public void Evaluate_AnyStructureInAnyStorage_EqualsFiniteDifferences() => RandomProblems.Check(
        problem =>
        {
            const double Step = 1e-5;
            var random = new Random(problem.Seed);
            var standardized = new StandardizedData(problem.Data());
            foreach (var storage in StorageScheme.Of(standardized.Data))
            {
                foreach (var reml in new[] { false, true })
                {
                    var deviance = new ProfiledDeviance(standardized, storage.Of(standardized), reml);
                    var k = deviance.Dimension;
                    var theta = problem.Theta(k);
                    var point = deviance.Evaluate(theta);
                    var scale = 1 + point.Hessian.Max(Math.Abs);
                    double[] direction = [.. theta.Select(_ => RandomProblem.Normal(random) / Math.Sqrt(k))];
                    var above = deviance.Evaluate([.. theta.Zip(direction, (value, along) => value + (Step * along))]);
                    var below = deviance.Evaluate([.. theta.Zip(direction, (value, along) => value - (Step * along))]);
                    ((above.Value - below.Value) / (2 * Step)).ShouldBe(DenseAlgebra.Dot(point.Gradient, direction), 1e-6 * scale, storage.Name);
                    if (!LinearDerivatives.IsExact(deviance.System)) continue;
                    for (var i = 0; i < k; i++)
                    {
                        var curvature = (above.Gradient[i] - below.Gradient[i]) / (2 * Step);
                        curvature.ShouldBe(DenseAlgebra.Dot(point.Hessian[(i * k)..((i + 1) * k)], direction), 2e-6 * scale, $"{storage.Name}, {i}");
                    }
                }
            }
        },
        Count,
        RandomProblems.Structured);

    /// <summary>The Hessian by moments and by products, the second of which serves terms of many effects.</summary>
    [Fact]
    public void HessianProducts_OfAnyProblem_EqualTheMoments() => RandomProblems.Check(
        problem =>
        {
            var standardized = new StandardizedData(problem.Data());
            var system = StorageScheme.Of(standardized.Data).First().Of(standardized);
            var layout = new ThetaLayout(standardized.Data.Terms.Select(term => term.Structure));
            var (q, k, random) = (system.q, layout.Count, new Random(problem.Seed));
            var Q = new double[q * q];
            for (var j = 0; j < q; j++)
            {
                for (var i = j; i < q; i++) Q[i + (j * q)] = Q[j + (i * q)] = RandomProblem.Normal(random);
            }

            double[] w = [.. Enumerable.Range(0, q).Select(_ => RandomProblem.Normal(random))];
            var DG = Derivatives(layout, problem.Theta(k));
            var (moments, products) = (new double[k * k], new double[k * k]);
            new HessianMoments(system).Add(Q, w, 0.7, layout, DG, moments);
            HessianProducts.Add(system, Q, w, 0.7, layout, DG, products);
            var size = 1 + moments.Max(Math.Abs);
            for (var i = 0; i < moments.Length; i++) products[i].ShouldBe(moments[i], 1e-11 * size);
        },
        40,
        RandomProblems.Structured);

    private static double[][] Derivatives(ThetaLayout layout, double[] theta)
    {
        var DG = new double[layout.TermCount][];
        for (var t = 0; t < DG.Length; t++)
        {
            var size = layout.Structure(t).Dimension * layout.Structure(t).Dimension;
            DG[t] = new double[size * layout.Structure(t).ParameterCount];
            for (var k = 0; k < layout.Structure(t).ParameterCount; k++)
                layout.Structure(t).Derivative(k, layout.Slice(theta, t), DG[t].AsSpan(k * size, size));
        }

        return DG;
    }
}

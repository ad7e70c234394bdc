using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.Estimation.Linear;

public sealed class ProfiledDevianceTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 126)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Value_RandomProblem_EqualsDenseMarginalLikelihood(int seed)
    {
        var data = Problem(seed);
        foreach (var (deviance, standardized) in AllStorages(data))
        {
            var theta = RandomProblem.Theta(seed, deviance.Dimension);
            var expected = new DenseReference(data).Deviance(UserCovariances(deviance, standardized, theta), deviance.Reml);
            deviance.Value(theta).ShouldBe(expected, 1e-8 * Math.Abs(expected));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Derivatives_RandomProblem_EqualFiniteDifferences(int seed)
    {
        var data = Problem(seed);
        foreach (var (deviance, _) in AllStorages(data))
        {
            var k = deviance.Dimension;
            if (k == 0) continue;
            var theta = RandomProblem.Theta(seed, k);
            var point = deviance.Evaluate(theta);
            const double step = 1e-5;
            var scale = 1 + point.Hessian.Max(Math.Abs);
            for (var i = 0; i < k; i++)
            {
                var (up, down) = (theta.ToArray(), theta.ToArray());
                up[i] += step;
                down[i] -= step;
                var (above, below) = (deviance.Evaluate(up), deviance.Evaluate(down));
                ((above.Value - below.Value) / (2 * step)).ShouldBe(point.Gradient[i], 1e-6 * scale);
                for (var j = 0; j < k; j++)
                    ((above.Gradient[j] - below.Gradient[j]) / (2 * step)).ShouldBe(point.Hessian[i + (j * k)], 1e-6 * scale);
            }
        }
    }

    /// <summary>120 shapes drawn at random, then the hard ones: three nested and two crossed factors, a term of twelve columns.</summary>
    private static LinearData Problem(int seed) => seed switch
    {
        < 120 => RandomProblem.Create(seed),
        < 124 => RandomProblem.NestedAndCrossed(seed),
        _ => RandomProblem.TwelveColumns(seed),
    };

    /// <summary>The deviance by ML and REML in every storage that can hold the data.</summary>
    private static IEnumerable<(ProfiledDeviance Deviance, StandardizedData Standardized)> AllStorages(LinearData data)
    {
        foreach (var reml in new[] { false, true })
        {
            var standardized = new StandardizedData(data);
            if (data.Terms.Count == 0)
            {
                yield return (new(standardized, new FixedEffectsSystem(standardized), reml), standardized);
                continue;
            }

            foreach (var storage in new[] { BorderStorage.Dense, BorderStorage.Sparse })
                yield return (new(standardized, new BorderedSystem(standardized, BlockPlan.For(data, storage)), reml), standardized);
            if (OneFactorSystem.Holds(data))
                yield return (new(standardized, new OneFactorSystem(standardized), reml), standardized);
        }
    }

    internal static (ProfiledDeviance Deviance, StandardizedData Standardized) Create(LinearData data, bool reml)
    {
        var standardized = new StandardizedData(data);
        var plan = data.Terms.Count == 0 ? null : BlockPlan.For(data);
        return (new(standardized, BlockPlan.Allocate(standardized, plan, team: null), reml), standardized);
    }

    /// <summary>G_t = K⁻¹G*K⁻ᵀ for the reference, which knows nothing of standardisation.</summary>
    internal static double[][] UserCovariances(ProfiledDeviance deviance, StandardizedData standardized, double[] theta) =>
        new LinearEstimate(standardized, deviance, theta).Relative;
}

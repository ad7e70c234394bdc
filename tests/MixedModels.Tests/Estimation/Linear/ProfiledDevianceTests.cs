using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.Estimation.Linear;

public sealed class ProfiledDevianceTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 120)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Value_RandomProblem_EqualsDenseMarginalLikelihood(int seed)
    {
        var data = RandomProblem.Create(seed);
        foreach (var reml in new[] { false, true })
        {
            var (deviance, standardized) = Create(data, reml);
            var theta = RandomProblem.Theta(seed, deviance.Dimension);
            var expected = new DenseReference(data);
            var G = UserCovariances(deviance, standardized, theta);
            var value = deviance.Value(theta);
            value.ShouldBe(expected.Deviance(G, reml), 1e-8 * Math.Abs(value));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Derivatives_RandomProblem_EqualFiniteDifferences(int seed)
    {
        var data = RandomProblem.Create(seed);
        foreach (var reml in new[] { false, true })
        {
            var (deviance, _) = Create(data, reml);
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

    internal static (ProfiledDeviance Deviance, StandardizedData Standardized) Create(LinearData data, bool reml)
    {
        var standardized = new StandardizedData(data);
        PenalizedSystem system = data.Terms.Count == 0 ? new FixedEffectsSystem(standardized) : new BorderedSystem(standardized);
        return (new(standardized, system, reml), standardized);
    }

    /// <summary>G_t = K⁻¹G*K⁻ᵀ for the reference, which knows nothing of standardisation.</summary>
    internal static double[][] UserCovariances(ProfiledDeviance deviance, StandardizedData standardized, double[] theta) =>
        new LinearEstimate(standardized, deviance, theta).Relative;
}

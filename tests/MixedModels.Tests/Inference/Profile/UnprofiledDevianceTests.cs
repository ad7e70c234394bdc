using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Marginal;
using MixedModels.Estimation.Storage;
using MixedModels.Inference.Profile;
using MixedModels.LinearAlgebra;
using MixedModels.Tests.Estimation.Linear;
using MixedModels.Tests.Estimation.Marginal;

namespace MixedModels.Tests.Inference.Profile;

public sealed class UnprofiledDevianceTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(5, false)]
    [InlineData(8, true)]
    [InlineData(12, false)]
    [InlineData(-1, true)]
    [InlineData(-1, false)]
    public void Evaluate_Derivatives_AreThoseOfDifferences(int seed, bool reml)
    {
        var data = new StandardizedData(seed < 0 ? RandomProblems.Nested(4).Data() : RandomProblems.Ordinary(seed).Data());
        var deviance = Create(data, reml);
        var random = new Random(seed + 50);
        double[] Phi = [.. Enumerable.Range(0, deviance.Dimension).Select(_ => 0.7 * RandomProblem.Normal(random))];
        Phi[^1] += Math.CopySign(0.3, Phi[^1]);
        CheckDerivatives(deviance, Phi);
    }

    [Theory]
    [MemberData(nameof(MarginalDevianceTests.Models), MemberType = typeof(MarginalDevianceTests))]
    public void Evaluate_BesideResidualStructures_DerivativesAreThoseOfDifferences(string formula, string? residual, string? variance)
    {
        var (data, numbers, layout) = MarginalDevianceTests.Problem(formula, residual, variance);
        foreach (var reml in new[] { true, false })
        {
            var deviance = new UnprofiledDeviance(new MarginalDeviance(data, numbers, layout, reml));
            CheckDerivatives(deviance, [.. Enumerable.Range(0, deviance.Dimension).Select(k => 0.3 + (0.1 * (k % 5)))]);
        }
    }

    [Theory]
    [InlineData("y ~ x", "ar1(visit | id)", null, "Series")]
    [InlineData("y ~ x", "car1(time | arm/id)", "exp(x)", "Series")]
    [InlineData("y ~ x + (1 | site) + (1 | id)", "ar1h(visit | id)", null, "Whitened")]
    [InlineData("y ~ x + (x | id)", "ar1(visit | id)", "exp(x)", "Whitened")]
    public void Evaluate_HoweverVIsHeld_IsThatOfDenseBlocks(string formula, string residual, string? variance, string held)
    {
        var route = Enum.Parse<MarginalRoute>(held);
        var (data, numbers, layout) = MarginalDevianceTests.Problem(formula, residual, variance);
        foreach (var reml in new[] { true, false })
        {
            var (own, dense) = (new UnprofiledDeviance(new MarginalDeviance(data, numbers, layout, reml, route)), new UnprofiledDeviance(new MarginalDeviance(data, numbers, layout, reml, MarginalRoute.Blocks)));
            double[] Phi = [.. Enumerable.Range(0, own.Dimension).Select(k => 0.3 + (0.1 * (k % 5)))];
            var (point, expected) = (own.Evaluate(Phi), dense.Evaluate(Phi));
            point.Value.ShouldBe(expected.Value, 1e-8 * Math.Abs(expected.Value));
            for (var k = 0; k < Phi.Length; k++)
            {
                point.Gradient[k].ShouldBe(expected.Gradient[k], 1e-7 * (1 + Math.Abs(expected.Gradient[k])));

                // Beside random effects in a sparse factor the Hessian is an average information.
                for (var l = 0; route == MarginalRoute.Series && l < Phi.Length; l++)
                    point.Hessian[k + (l * Phi.Length)].ShouldBe(expected.Hessian[k + (l * Phi.Length)], 1e-6 * (1 + Math.Abs(expected.Hessian[k + (l * Phi.Length)])));
            }
        }
    }

    [Fact]
    public void Evaluate_StructuresOfRandomEffects_DerivativesAreThoseOfDifferences() => RandomProblems.Check(
        problem =>
        {
            var deviance = Create(new(problem.Data()), reml: true);
            CheckDerivatives(deviance, [.. Enumerable.Range(0, deviance.Dimension).Select(k => 0.5 + (0.1 * (k % 4)))]);
        },
        20,
        RandomProblems.Structured);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    public void Evaluate_AnyCovariancesAndSigma_IsTheDenseLikelihood(int seed)
    {
        var numbers = RandomProblems.Ordinary(seed).Data();
        var data = new StandardizedData(numbers);
        var deviance = Create(data, reml: true);
        var random = new Random(seed);
        double[] Phi = [.. Enumerable.Range(0, deviance.Dimension).Select(_ => 0.5 * RandomProblem.Normal(random))];
        var (theta, sigma, layout) = (deviance.Relative(Phi), data.Scale * Math.Abs(Phi[^1]), deviance.Profiled.Layout);
        var units = new UserUnits(data);
        var covariances = Enumerable.Range(0, layout.TermCount).Select(t =>
        {
            var covariance = units.Covariance(t, RelativeCovariance.Of(layout.Structure(t), layout.Slice(theta, t)));
            Vectors.Scale(sigma * sigma, covariance);
            return covariance;
        });
        var dense = new DenseLikelihood(numbers).Deviance([], [.. covariances], sigma, reml: true);
        deviance.Evaluate(Phi).Value.ShouldBe(dense, 1e-9 * Math.Abs(dense));
    }

    private static void CheckDerivatives(UnprofiledDeviance deviance, double[] Phi)
    {
        var point = deviance.Evaluate(Phi);
        const double h = 1e-5;
        for (var k = 0; k < Phi.Length; k++)
        {
            var (up, down) = (Moved(deviance, Phi, k, h), Moved(deviance, Phi, k, -h));
            point.Gradient[k].ShouldBe((up.Value - down.Value) / (2 * h), 1e-5 * (1 + Math.Abs(point.Gradient[k])));
            for (var l = 0; l < Phi.Length; l++)
                point.Hessian[k + (l * Phi.Length)].ShouldBe((up.Gradient[l] - down.Gradient[l]) / (2 * h), 1e-5 * (1 + Math.Abs(point.Hessian[k + (l * Phi.Length)])));
        }
    }

    private static UnprofiledDeviance Create(StandardizedData data, bool reml) =>
        new(new ProfiledDeviance(data, BlockPlan.Allocate(data, data.Data.Terms.Count == 0 ? null : BlockPlan.For(data.Data), null), reml));

    private static MixedModels.Optimization.SmoothPoint Moved(UnprofiledDeviance deviance, double[] Phi, int k, double by)
    {
        var moved = (double[])Phi.Clone();
        moved[k] += by;
        return deviance.Evaluate(moved);
    }
}

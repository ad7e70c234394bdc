using MixedModels.Estimation.Generalized;
using MixedModels.Families;
using MixedModels.Tests.Families;

namespace MixedModels.Tests.Estimation.Generalized;

public class LaplaceDevianceTests
{
    public static TheoryData<string, string> All => FamilyCases.All();

    [Theory]
    [MemberData(nameof(All))]
    public void Value_IsThatOfTheDenseFormula(string family, string link)
    {
        var problem = GeneralizedProblem.Draw(FamilyCases.Create(family, link), 11);
        foreach (var variance in new[] { 0.1, 0 })
        {
            var phi = problem.Phi(variance);
            var dense = DenseLaplace.Deviance(problem, phi);
            problem.Deviance.Value(phi).ShouldBe(dense, 1e-8 * (1 + Math.Abs(dense)));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Gradient_OfAllParameters_EqualsDifferences(string family, string link)
    {
        var problem = GeneralizedProblem.Draw(FamilyCases.Create(family, link), 5);
        var deviance = problem.Deviance;
        var phi = problem.Phi();
        var (value, gradient) = deviance.Slope(phi);
        double.IsFinite(value).ShouldBeTrue();
        GradientCheck.AgreesWithDifferences(deviance.Value, phi, value, gradient);
    }

    [Fact]
    public void Gamma_AtAVarianceOfZero_IsTheSlopeInTheVariance()
    {
        var problem = GeneralizedProblem.Draw(Family.Poisson(), 3);
        var deviance = problem.Deviance;
        var phi = problem.Phi();
        var last = deviance.Layout.Count - 1;
        phi[last] = 0;
        var value = deviance.Value(phi);
        var gamma = new LaplaceDerivatives(deviance, phi).Gamma(1)[0];
        const double variance = 1e-6;
        phi[last] = Math.Sqrt(variance);
        ((deviance.Value(phi) - value) / variance).ShouldBe(gamma, 1e-3 * (1 + Math.Abs(gamma)));
    }

    [Fact]
    public void Value_OfCauchitWithNegativeWeights_IsThatOfTheDenseFormula()
    {
        // Rows with successes have negative observed weights under cauchit far out; the mode's factor must still be the observed one.
        var problem = GeneralizedProblem.Draw(Family.Binomial(Link.Cauchit), 17);
        var phi = problem.Phi(0.8);
        var dense = DenseLaplace.Deviance(problem, phi);
        problem.Deviance.Value(phi).ShouldBe(dense, 1e-8 * (1 + Math.Abs(dense)));
        problem.Deviance.Mode.Densities.Weights.Min().ShouldBeLessThan(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Minimize_FromItsStart_EndsWhereTheGradientIsZero(int terms)
    {
        var problem = GeneralizedProblem.Draw(Family.Poisson(), 23, terms, n: 200);
        var optimum = GeneralizedOptimizer.Minimize(problem.Deviance, null, TestContext.Current.CancellationToken)!;
        optimum.Proved.ShouldBeTrue();
        optimum.GradientNorm.ShouldBeLessThan(1e-3);
        optimum.ConeEigenvalue!.Value.ShouldBeGreaterThan(-1e-4);
        for (var k = 0; k < optimum.Phi.Length; k++)
        {
            var moved = (double[])optimum.Phi.Clone();
            foreach (var step in new[] { 0.02, -0.02 })
            {
                moved[k] = optimum.Phi[k] + step;
                problem.Deviance.Value(moved).ShouldBeGreaterThan(optimum.Value - 1e-9);
            }
        }
    }

    [Fact]
    public void Minimize_WithoutRandomTerms_IsTheGeneralizedLinearModel()
    {
        // The score equations X'l' = 0 of a GLM.
        var problem = GeneralizedProblem.Draw(Family.Binomial(), 29, terms: 0);
        var optimum = GeneralizedOptimizer.Minimize(problem.Deviance, null, TestContext.Current.CancellationToken)!;
        var score = new double[3];
        problem.Deviance.Predictor.FixedProducts(problem.Deviance.Mode.Densities.First, score);
        foreach (var own in score) own.ShouldBe(0, 1e-4);
        optimum.ConeEigenvalue.ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Value_WhateverWasEvaluatedBefore_IsTheSame(string family, string link)
    {
        var (problem, fresh) = (GeneralizedProblem.Draw(FamilyCases.Create(family, link), 7), GeneralizedProblem.Draw(FamilyCases.Create(family, link), 7));
        var (near, far) = (problem.Phi(), problem.Phi(0.4));
        var moved = near.Select(parameter => parameter * 1.0001).ToArray();
        var expected = fresh.Deviance.Slope(near);
        problem.Deviance.Slope(far);
        problem.Deviance.Slope(moved);
        var before = problem.Deviance.System.FactorNumber;
        var (value, gradient) = problem.Deviance.Slope(near);

        // So near the point before, its factor does until the mode is found.
        (problem.Deviance.System.FactorNumber - before).ShouldBe(1);
        value.ShouldBe(expected.Value, 1e-10 * (1 + Math.Abs(expected.Value)));
        for (var k = 0; k < gradient.Length; k++) gradient[k].ShouldBe(expected.Gradient[k], 1e-8 * (1 + Math.Abs(expected.Gradient[k])));
    }
}

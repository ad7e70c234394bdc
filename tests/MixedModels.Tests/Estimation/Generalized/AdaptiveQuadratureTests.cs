using MixedModels.Estimation.Generalized;
using MixedModels.Families;
using MixedModels.Tests.Families;

namespace MixedModels.Tests.Estimation.Generalized;

public class AdaptiveQuadratureTests
{
    public static TheoryData<string, string> All => FamilyCases.All();

    [Theory]
    [MemberData(nameof(All))]
    public void Gradient_WithFivePointsForTwoEffects_EqualsDifferences(string family, string link)
    {
        var deviance = GeneralizedProblem.Draw(FamilyCases.Create(family, link), 5, terms: 1, points: 5).Deviance;
        var phi = GeneralizedProblem.Draw(FamilyCases.Create(family, link), 5, terms: 1).Phi();
        var (value, gradient) = deviance.Slope(phi);
        GradientCheck.AgreesWithDifferences(deviance.Value, phi, value, gradient);
    }

    [Fact]
    public void Value_MorePoints_ConvergesToTheIntegral()
    {
        // Large effects and few rows a level, where Laplace is visibly off; 60 points as the integral itself.
        double At(int points)
        {
            var problem = GeneralizedProblem.Draw(Family.Binomial(), 41, terms: 1, points: points);
            var phi = problem.Phi(1.2);
            return problem.Deviance.Value(phi);
        }

        var exact = At(60);
        var errors = new[] { 1, 3, 7, 15, 25 }.Select(points => Math.Abs(At(points) - exact)).ToArray();
        errors[0].ShouldBeGreaterThan(1e-2);
        for (var k = 1; k < errors.Length; k++) errors[k].ShouldBeLessThan(0.5 * errors[k - 1]);
        errors[^1].ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void Gradient_ManyPointsAndOne_AreThoseOfTheirOwnValues()
    {
        // With one point the quadrature's equations are Laplace's.
        var problem = GeneralizedProblem.Draw(Family.Poisson(), 7, terms: 1);
        var phi = problem.Phi();
        var laplace = problem.Deviance.Slope(phi).Gradient;
        var one = new AdaptiveQuadrature(problem.Data, problem.Standardized, 1).Gradient(problem.Deviance, phi);
        for (var k = 0; k < phi.Length; k++) one[k].ShouldBe(laplace[k], 1e-8 * (1 + Math.Abs(laplace[k])));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(40)]
    [InlineData(100)]
    public void Rule_IsExactForPolynomials(int points)
    {
        var rule = new GaussHermiteRule(points);
        rule.Weights.Sum().ShouldBe(1, 1e-13);
        double Moment(int degree) => rule.Nodes.Zip(rule.Weights, (x, w) => w * Math.Pow(x, degree)).Sum();
        Moment(1).ShouldBe(0, 1e-13);
        if (points > 1) Moment(2).ShouldBe(1, 1e-12);
        if (points > 2) Moment(4).ShouldBe(3, 1e-11);
        if (points > 4) Moment(8).ShouldBe(105, 1e-9);

        // Where exp(½x²) multiplies the weights, the smallest must have all their digits: E exp(½x²·0.9) = 1/√0.1 for many points.
        if (points == 100) rule.Nodes.Zip(rule.Weights, (x, w) => w * Math.Exp(0.25 * x * x)).Sum().ShouldBe(Math.Sqrt(2), 1e-10);
    }

    [Fact]
    public void Rule_FivePoints_IsThatOfTheTables()
    {
        // Abramowitz and Stegun, table 25.10, n = 5, in units of the standard normal.
        var rule = new GaussHermiteRule(5);
        rule.Nodes[4].ShouldBe(2.020182870456086 * Math.Sqrt(2), 1e-14);
        rule.Weights[4].ShouldBe(1.995324205904591e-2 / Math.Sqrt(Math.PI), 1e-15);
        rule.Nodes[2].ShouldBe(0);
    }
}

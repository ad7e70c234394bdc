using MixedModels.Estimation.Generalized;
using MixedModels.Families;
using MixedModels.Tests.Families;

namespace MixedModels.Tests.Estimation.Generalized;

public class NestedQuadratureTests
{
    public static TheoryData<string, string> All => FamilyCases.All();

    [Theory]
    [MemberData(nameof(All))]
    public void Gradient_WithTwoEffectsOfEachFactor_EqualsDifferences(string family, string link)
    {
        var deviance = GeneralizedProblem.Nested(FamilyCases.Create(family, link), 5, points: 2, hasSlopes: true).Deviance;

        // Under links that end somewhere a node that crosses the end makes a kink: effects small enough for none to.
        var phi = GeneralizedProblem.Nested(FamilyCases.Create(family, link), 5, points: 1, hasSlopes: true).Phi(link is "identity" or "inverse" or "1/mu^2" ? 0.012 : 0.06);
        var (value, gradient) = deviance.Slope(phi);
        double.IsFinite(value).ShouldBeTrue();
        GradientCheck.AgreesWithDifferences(deviance.Value, phi, value, gradient);
    }

    [Fact]
    public void Value_MorePoints_ConvergesToBruteForceIntegration()
    {
        double At(int points)
        {
            var problem = GeneralizedProblem.Nested(Family.Binomial(), 41, points, hasSlopes: false);
            return problem.Deviance.Value(problem.Phi(1.2));
        }

        var flat = GeneralizedProblem.Nested(Family.Binomial(), 41, points: 1, hasSlopes: false);
        var exact = BruteForce(flat, flat.Phi(1.2));
        var errors = new[] { 1, 3, 7, 15 }.Select(points => Math.Abs(At(points) - exact)).ToArray();
        errors[0].ShouldBeGreaterThan(1e-3);
        for (var k = 1; k < errors.Length; k++) errors[k].ShouldBeLessThan(0.5 * errors[k - 1]);
        errors[^1].ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void Gradient_OfOnePoint_IsThatOfLaplace()
    {
        var problem = GeneralizedProblem.Nested(Family.NegativeBinomial2(), 7, points: 1, hasSlopes: true);
        var phi = problem.Phi(0.1);
        var laplace = problem.Deviance.Slope(phi).Gradient;
        var one = new NestedQuadrature(problem.Data, problem.Standardized, NestedLevels.Of(problem.Data.Linear)!, 1);
        one.Difference(problem.Deviance, phi).ShouldBe(0, 1e-9);
        var own = one.Gradient(problem.Deviance, phi);
        for (var k = 0; k < phi.Length; k++) own[k].ShouldBe(laplace[k], 1e-8 * (1 + Math.Abs(laplace[k])));
    }

    [Fact]
    public void Of_CrossedFactorsOrOne_IsNull()
    {
        NestedLevels.Of(GeneralizedProblem.Draw(Family.Poisson(), 3).Data.Linear).ShouldBeNull();
        NestedLevels.Of(GeneralizedProblem.Draw(Family.Poisson(), 3, terms: 1).Data.Linear).ShouldBeNull();
        var levels = NestedLevels.Of(GeneralizedProblem.Nested(Family.Poisson(), 3, 1, hasSlopes: false).Data.Linear)!;
        (levels.Coarse[0], levels.Fine[0]).ShouldBe((0, 1));
        levels.FineOfCoarse[1].ShouldBe([3, 4, 5]);
        levels.Rows.Sum(fine => fine.Sum(rows => rows.Length)).ShouldBe(54);
    }

    /// <summary>−2 log of Π_j ∫φ(v) Π_i ∫φ(u) f du dv by the rectangle rule, which is exact to rounding for such functions.</summary>
    private static double BruteForce(GeneralizedProblem problem, double[] phi)
    {
        var (data, deviance) = (problem.Data, problem.Deviance);
        var factors = deviance.Layout.Factors(deviance.Theta(phi));
        var eta = new double[data.n];
        deviance.Predictor.AddFixed(deviance.Beta(phi), eta);
        var (z1, z2) = (problem.Standardized.Z[1], problem.Standardized.Z[0]);
        const double Step = 0.1;
        double Normal(double x) => Step * Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);
        var sum = 0.0;
        for (var j = 0; j < 3; j++)
        {
            var outer = 0.0;
            for (var v = -9.0; v <= 9; v += Step)
            {
                var product = Normal(v);
                for (var i = 3 * j; i < 3 * j + 3; i++)
                {
                    var inner = 0.0;
                    for (var u = -9.0; u <= 9; u += Step)
                    {
                        var log = 0.0;
                        for (var r = i; r < data.n; r += 9)
                            log += data.Family.LogDensity(data.Rows[r], eta[r] + (z1[r] * factors[1][0] * u) + (z2[r] * factors[0][0] * v), []).Value;
                        inner += Normal(u) * Math.Exp(log);
                    }

                    product *= inner;
                }

                outer += product;
            }

            sum -= 2 * Math.Log(outer);
        }

        return sum;
    }
}

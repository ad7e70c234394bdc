using MixedModels.Estimation.Generalized;
using MixedModels.Families;
using MixedModels.Tests.Families;

namespace MixedModels.Tests.Estimation.Generalized;

public class InnerEffectsTests
{
    public static TheoryData<string, string> All => FamilyCases.All();

    [Theory]
    [MemberData(nameof(All))]
    public void Value_AtTheJointMode_IsThatOfTheOuterDeviance(string family, string link)
    {
        var outer = GeneralizedProblem.Draw(FamilyCases.Create(family, link), 11);
        var (inner, integrated) = (outer.With(FixedEffectsPlace.Inner), outer.With(FixedEffectsPlace.Integrated));
        var phi = inner.Phi();
        var value = inner.Deviance.Value(phi);
        double[] full = [.. inner.Deviance.Theta(phi), .. inner.Deviance.Beta(phi), .. inner.Deviance.Psi(phi)];
        value.ShouldBe(outer.Deviance.Value(full), 1e-8 * (1 + Math.Abs(value)));

        // The joint mode: X'l' = 0. Its curvature in beta, from differences of −2 log f + u'u, is 2S.
        var score = new double[3];
        outer.Deviance.Predictor.FixedProducts(outer.Deviance.Mode.Densities.First, score);
        foreach (var own in score) own.ShouldBe(0, 1e-6 * (1 + outer.Deviance.Mode.Densities.Weights.Sum(Math.Abs)));
        integrated.Phi();
        var expected = value + LogDeterminant(Curvature(outer.Deviance, full)) + outer.Deviance.Predictor.LogVolume - (3 * Math.Log(2 * Math.PI));
        integrated.Deviance.Value(phi).ShouldBe(expected, 1e-5 * (1 + Math.Abs(value)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Gradient_InnerAndIntegrated_EqualDifferences(string family, string link)
    {
        foreach (var place in new[] { FixedEffectsPlace.Inner, FixedEffectsPlace.Integrated })
        {
            var problem = GeneralizedProblem.Draw(FamilyCases.Create(family, link), 11).With(place);
            var (deviance, phi) = (problem.Deviance, problem.Phi());
            var (value, gradient) = deviance.Slope(phi);
            double.IsFinite(value).ShouldBeTrue();
            GradientCheck.AgreesWithDifferences(deviance.Value, phi, value, gradient);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void InnerCovariance_IsTheInverseCurvatureAndTheMovement(int terms)
    {
        var problem = GeneralizedProblem.Draw(Family.NegativeBinomial2(), 5, terms).With(FixedEffectsPlace.Integrated);
        var (deviance, phi) = (problem.Deviance, problem.Phi());
        var (k, first) = (phi.Length, deviance.Layout.Count);
        var all = k + 3;
        int At(int i, int j) => first + i + ((first + j) * all);
        int Place(int own) => own < first ? own : own + 3;
        double[] Beta(double[] at)
        {
            deviance.Value(at);
            return deviance.Beta(at).ToArray();
        }

        // With a covariance of one parameter alone, what it adds is the product of the fixed effects' derivatives.
        for (var own = 0; own < k; own++)
        {
            var (ofParameters, none) = (new double[k * k], new double[k * k]);
            ofParameters[own * (k + 1)] = 1;
            deviance.Value(phi);
            var derivatives = new LaplaceDerivatives(deviance, phi);
            var (with, without) = (derivatives.InnerCovariance(ofParameters), derivatives.InnerCovariance(none));
            var (after, before) = ((double[])phi.Clone(), (double[])phi.Clone());
            (after[own], before[own]) = (phi[own] + 1e-4, phi[own] - 1e-4);
            var movement = Beta(after).Zip(Beta(before), (a, b) => (a - b) / 2e-4).ToArray();
            for (var j = 0; j < 3; j++)
            {
                for (var i = 0; i < 3; i++) (with[At(i, j)] - without[At(i, j)]).ShouldBe(movement[i] * movement[j], 1e-6 * (1 + Math.Abs(movement[i] * movement[j])));

                // Beside theta and psi: what beta moves by, and the parameter itself.
                with[first + j + (Place(own) * all)].ShouldBe(movement[j], 1e-5 * (1 + Math.Abs(movement[j])));
            }

            with[Place(own) * (all + 1)].ShouldBe(1);
        }
    }

    [Fact]
    public void ModeMovement_WithInnerEffects_IsThatWithGivenOnes()
    {
        // Partial derivatives of the modes do not know where the fixed effects come from.
        var outer = GeneralizedProblem.Draw(Family.NegativeBinomial2(), 5);
        var inner = outer.With(FixedEffectsPlace.Inner);
        var phi = inner.Phi();
        inner.Deviance.Value(phi);
        double[] full = [.. inner.Deviance.Theta(phi), .. inner.Deviance.Beta(phi), .. inner.Deviance.Psi(phi)];
        var expected = ModeMovement.OfAll(outer.Deviance, Optimum(full));
        var own = ModeMovement.OfAll(inner.Deviance, Optimum(phi));
        own.Length.ShouldBe(expected.Length);
        for (var i = 0; i < own.Length; i++) own[i].ShouldBe(expected[i], 2e-5 * (1 + Math.Abs(expected[i])));
    }

    private static GeneralizedOptimum Optimum(double[] phi)
    {
        var hessian = new double[phi.Length * phi.Length];
        for (var k = 0; k < phi.Length; k++) hessian[k * (phi.Length + 1)] = 200;
        return new(phi, [], 0, hessian, 0, 0, 0, null, -1, Proved: true);
    }

    private static double[] Curvature(LaplaceDeviance deviance, double[] full)
    {
        var (S, first) = (new double[9], deviance.Layout.Count);
        double At(int i, double a, int j, double b)
        {
            var moved = (double[])full.Clone();
            moved[first + i] += a;
            moved[first + j] += b;
            return deviance.Value(moved) - deviance.System.LogDeterminant;
        }

        const double h = 1e-3;
        for (var j = 0; j < 3; j++)
        {
            for (var i = 0; i < 3; i++) S[i + (3 * j)] = (At(i, h, j, h) - At(i, h, j, -h) - At(i, -h, j, h) + At(i, -h, j, -h)) / (8 * h * h);
        }

        return S;
    }

    private static double LogDeterminant(double[] S) => Math.Log(
        (S[0] * ((S[4] * S[8]) - (S[5] * S[7]))) - (S[3] * ((S[1] * S[8]) - (S[2] * S[7]))) + (S[6] * ((S[1] * S[5]) - (S[2] * S[4]))));
}

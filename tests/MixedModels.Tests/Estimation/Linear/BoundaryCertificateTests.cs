using MixedModels.Estimation.Linear;

namespace MixedModels.Tests.Estimation.Linear;

public sealed class BoundaryCertificateTests
{
    [Fact]
    public void Check_ZeroVarianceWhereThereIsMuch_RestartsWithSome()
    {
        var (deviance, standardized) = LinearOptimizerTests.Problem("Yield ~ 1 + (1 | Batch)", "Dyestuff");
        var least = Check(deviance, [0], out var restart, out var violated);
        violated.ShouldBeTrue();
        least.ShouldBeLessThan(0);
        restart[0].ShouldBeGreaterThan(0);
        deviance.Value(restart).ShouldBeLessThan(deviance.Value([0]));
        var found = LinearOptimizer.Minimize(deviance, standardized, [0], OptimizationMethod.Newton, TestContext.Current.CancellationToken);
        found.Theta[0].ShouldBe(LinearOptimizerTests.Minimize(deviance, standardized).Theta[0], 1e-6);
    }

    /// <summary>At G = 0 the derivative of the deviance in a variance is, by hand, tr(Z'PZ) − nu‖Z'e‖²/‖e‖².</summary>
    [Theory]
    [InlineData("Dyestuff", true)]
    [InlineData("Dyestuff2", false)]
    public void Check_AtZero_IsTheSlopeWorkedByHand(string example, bool isViolated)
    {
        var (deviance, standardized) = LinearOptimizerTests.Problem("Yield ~ 1 + (1 | Batch)", example);
        var least = Check(deviance, [0], out _, out var violated);
        var sums = standardized.y.Chunk(5).Sum(batch => Math.Pow(batch.Sum(), 2));
        var slope = 25 - (29 * sums / standardized.y.Sum(e => e * e));
        Math.Sign(least).ShouldBe(Math.Sign(slope));
        violated.ShouldBe(isViolated);
    }

    [Fact]
    public void Check_AtAnInteriorOptimum_FindsNothing()
    {
        var (deviance, standardized) = LinearOptimizerTests.Problem("Reaction ~ Days + (Days | Subject)", "sleepstudy");
        var optimum = LinearOptimizerTests.Minimize(deviance, standardized);
        var least = Check(deviance, optimum.Theta, out var restart, out var violated);
        violated.ShouldBeFalse();
        least.ShouldBe(0, 1e-4);
        restart.ShouldBe(optimum.Theta);
    }

    private static double Check(ProfiledDeviance deviance, double[] theta, out double[] restart, out bool violated)
    {
        deviance.Value(theta);
        restart = (double[])theta.Clone();
        return BoundaryCertificate.Check(deviance, theta, restart, out violated);
    }
}

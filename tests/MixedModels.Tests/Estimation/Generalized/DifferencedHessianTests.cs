using MixedModels.Estimation.Generalized;
using MixedModels.Families;

namespace MixedModels.Tests.Estimation.Generalized;

public class DifferencedHessianTests
{
    [Theory]
    [InlineData(1000, 20)]
    [InlineData(10, 2000)]
    [InlineData(20, 50)]
    [InlineData(20, 10)]
    public void Of_OneSideOrBoth_IsThatOfCentralDifferences(int levels, int rows)
    {
        // All parameters one-sided, the fixed effects alone (twice), none.
        var problem = GeneralizedProblem.ManyLevels(Family.Poisson(), 3, levels, rows);
        var deviance = problem.Deviance;
        var optimum = GeneralizedOptimizer.Minimize(deviance, null, TestContext.Current.CancellationToken)!;
        var k = optimum.Phi.Length;
        for (var j = 0; j < k; j++)
        {
            var step = 1e-3 * Math.Sqrt(2 / optimum.Hessian[j * (k + 1)]);
            double[] Gradient(double side)
            {
                var moved = (double[])optimum.Phi.Clone();
                moved[j] += side * step;
                return deviance.Slope(moved).Gradient;
            }

            var (after, before) = (Gradient(1), Gradient(-1));
            for (var i = 0; i < k; i++)
            {
                var scale = Math.Sqrt(optimum.Hessian[i * (k + 1)] * optimum.Hessian[j * (k + 1)]);
                optimum.Hessian[i + (j * k)].ShouldBe((after[i] - before[i]) / (2 * step), 5e-5 * scale);
            }
        }
    }
}

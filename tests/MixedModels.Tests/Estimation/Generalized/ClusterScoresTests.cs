using MixedModels.Estimation.Generalized;
using MixedModels.Families;

namespace MixedModels.Tests.Estimation.Generalized;

/// <summary>The deviance as a sum over clusters: values, gradients and Hessians add up, and each gradient is that of its own deviance.</summary>
public class ClusterScoresTests
{
    public static TheoryData<string, int, bool> Problems => new()
    {
        { "nested", 1, true }, { "nested", 3, true }, { "nested", 3, false }, { "one", 1, true }, { "one", 5, true },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void Clusters_OfAnyDeviance_AddUpToTheWhole(string kind, int points, bool hasSlopes)
    {
        foreach (var family in new Family[] { Family.Binomial(), Family.NegativeBinomial2(), Family.Poisson(Link.SquareRoot) })
        {
            var problem = kind == "nested" ? GeneralizedProblem.Nested(family, 5, points, hasSlopes) : GeneralizedProblem.Draw(family, 5, terms: 1, points: points);
            var coarse = problem.Data.Linear.Terms[0];
            var phi = problem.Phi();
            var (total, gradient) = problem.Deviance.Slope(phi);
            double[] sum = [.. gradient.Select(value => -value)];
            var values = 0.0;
            for (var level = 0; level < coarse.LevelCount; level++)
            {
                int[] rows = [.. Enumerable.Range(0, problem.Data.n).Where(row => coarse.LevelOfRow.Span[row] == level)];
                var own = problem.Deviance.OfRows(problem.Standardized, rows);
                var (value, slope) = own.Slope(phi);
                values += value;
                for (var k = 0; k < sum.Length; k++) sum[k] += slope[k];
                GradientCheck.AgreesWithDifferences(own.Value, phi, value, slope);
            }

            values.ShouldBe(total, 1e-9 * Math.Abs(total), family.ToString());
            foreach (var rest in sum) rest.ShouldBe(0, 1e-7 * (1 + Math.Abs(total)), family.ToString());
        }
    }

    [Fact]
    public void Scores_AtTheOptimum_SumToZeroAndHessiansToTheWhole()
    {
        var problem = GeneralizedProblem.Nested(Family.Poisson(), 8, points: 1, hasSlopes: false);
        var optimum = GeneralizedOptimizer.Minimize(problem.Deviance, start: null, TestContext.Current.CancellationToken)!;
        var scores = new ClusterScores(problem.Standardized, problem.Deviance, optimum);
        var coarse = problem.Data.Linear.Terms[0];
        var (sum, hessian) = (new double[optimum.Phi.Length], new double[optimum.Hessian.Length]);
        for (var level = 0; level < coarse.LevelCount; level++)
        {
            int[] rows = [.. Enumerable.Range(0, problem.Data.n).Where(row => coarse.LevelOfRow.Span[row] == level)];
            var own = scores.Score(rows, out _);
            for (var k = 0; k < sum.Length; k++) sum[k] += own[k];
            var part = scores.Hessian(rows);
            for (var k = 0; k < hessian.Length; k++) hessian[k] += part[k];
        }

        foreach (var rest in sum) rest.ShouldBe(0, 1e-4);
        for (var k = 0; k < hessian.Length; k++) hessian[k].ShouldBe(optimum.Hessian[k], 1e-4 * (1 + Math.Abs(hessian[k])));
    }
}

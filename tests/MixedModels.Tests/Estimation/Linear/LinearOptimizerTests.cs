using MixedModels.Estimation.Linear;

namespace MixedModels.Tests.Estimation.Linear;

public sealed class LinearOptimizerTests
{
    [Fact]
    public void Probe()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var data = RandomProblem.Create(seed);
            var (deviance, standardized) = ProfiledDevianceTests.Create(data, seed % 2 == 0);
            var o = LinearOptimizer.Minimize(deviance, standardized, null, TestContext.Current.CancellationToken);
            var random = new Random(seed);
            var worse = 0.0;
            for (var i = 0; i < 40; i++)
            {
                var theta = o.Theta.Select(x => x + (RandomProblem.Normal(random) * (i % 2 == 0 ? 0.01 : 0.5))).ToArray();
                worse = Math.Min(worse, deviance.Value(theta) - o.Value);
            }

            Console.WriteLine($"{seed} n={data.n} k={o.Theta.Length} it={o.Iterations} ev={o.Evaluations} g={o.GradientNorm:E2} cone={o.ConeEigenvalue:E2} flat={o.FlatParameter} proved={o.Proved} worse={worse:E2} terms={string.Join(",", data.Terms.Select(t => t.Structure.Name + t.Dimension + "x" + t.LevelCount))} theta={string.Join(",", o.Theta.Select(x => FormattableString.Invariant($"{x:G3}")))}");
        }
    }
}

using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;

namespace MixedModels.Tests.Estimation.Linear;

public sealed class LevelSampleTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Minimize_FromASample_EndsWhereMomentsDo(bool apart)
    {
        var data = Data(20_000, apart);
        var standardized = new StandardizedData(data);
        var deviance = new ProfiledDeviance(standardized, new OneFactorSystem(standardized.Rows), reml: true);

        var start = LevelSample.Start(deviance, standardized, CancellationToken.None).ShouldNotBeNull();
        var moments = StartValues.Compute(deviance, standardized);
        var sampled = LinearOptimizer.Minimize(deviance, standardized, null, OptimizationMethod.Newton, CancellationToken.None);
        var other = LinearOptimizer.Minimize(deviance, standardized, moments, OptimizationMethod.Newton, CancellationToken.None);

        sampled.Proved.ShouldBeTrue();
        sampled.Value.ShouldBe(other.Value, 1e-8);
        sampled.Evaluations.ShouldBeLessThan(other.Evaluations);

        // A tenth of the levels: about three standard errors, in units of which the deviance is a square.
        (deviance.Value(start) - other.Value).ShouldBeInRange(0, 100);
    }

    [Fact]
    public void Start_FewLevels_IsLeftToMoments()
    {
        var standardized = new StandardizedData(Data(3000, apart: false));
        var deviance = new ProfiledDeviance(standardized, new OneFactorSystem(standardized.Rows), reml: true);
        LevelSample.Start(deviance, standardized, CancellationToken.None).ShouldBeNull();
    }

    /// <summary>A column of X that is zero in the sampled levels leaves the sample without a fit, not the model.</summary>
    [Fact]
    public void Start_SampleThatLacksAColumn_IsLeftToMoments()
    {
        var data = Data(20_000, apart: false);
        var X = data.X.ToArray();
        for (var r = 0; r < data.n; r++) X[r + data.n] = data.Terms[0].LevelOfRow.Span[r] == 1 ? X[r + data.n] : 0;
        ReadOnlyMemory<double> own = X;
        var lacking = data with { X = own, Terms = [new(new Unstructured(1), 20_000, data.Terms[0].LevelOfRow, own[..data.n])] };
        var standardized = new StandardizedData(lacking);
        var deviance = new ProfiledDeviance(standardized, new OneFactorSystem(standardized.Rows), reml: true);
        LevelSample.Start(deviance, standardized, CancellationToken.None).ShouldBeNull();
        LinearOptimizer.Minimize(deviance, standardized, null, OptimizationMethod.Newton, CancellationToken.None).Proved.ShouldBeTrue();
    }

    private static LinearData Data(int levels, bool apart)
    {
        var random = new Random(levels);
        var n = 4 * levels;
        var X = new double[2 * n];
        var (y, levelOfRow) = (new double[n], new int[n]);
        for (var l = 0; l < levels; l++)
        {
            var (a, b) = (2 * RandomProblem.Normal(random), RandomProblem.Normal(random));
            for (var r = 4 * l; r < (4 * l) + 4; r++)
            {
                (X[r], X[r + n], levelOfRow[r]) = (1, (r % 4) + random.NextDouble(), l);
                y[r] = 3 + a + ((0.5 + (0.3 * a) + (0.2 * b)) * X[r + n]) + RandomProblem.Normal(random);
            }
        }

        ReadOnlyMemory<double> own = X;
        return new(n, 2, y, own, ReadOnlyMemory<double>.Empty, [new(new Unstructured(2), levels, levelOfRow, apart ? X.ToArray() : own)]);
    }
}

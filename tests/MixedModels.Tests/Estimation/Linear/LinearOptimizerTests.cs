using MixedModels.Covariance;
using MixedModels.Data;
using MixedModels.Estimation.Linear;

namespace MixedModels.Tests.Estimation.Linear;

public sealed class LinearOptimizerTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 150)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Minimize_RandomProblem_IsCanonicalAndNothingNearbyIsLower(int seed)
    {
        var data = RandomProblem.Create(seed);
        var (deviance, standardized) = ProfiledDevianceTests.Create(data, reml: seed % 2 == 0);
        StartValues.Compute(deviance, standardized).ShouldAllBe(value => double.IsFinite(value));
        var optimum = Minimize(deviance, standardized);
        if (!optimum.Proved)
        {
            // Without proof only where no optimum exists: the random effects can reproduce y and sigma² runs to zero.
            data.Terms.Sum(term => term.LevelCount * term.Dimension).ShouldBeGreaterThan(data.n - data.p);
            deviance.Value(optimum.Theta);
            (deviance.r2 / deviance.nu).ShouldBeLessThan(1e-5);
            return;
        }

        // The decrement g'H⁻¹g is below 1e-10; curvatures are of the order of the number of observations.
        optimum.GradientNorm.ShouldBeLessThan(1e-3);
        if (optimum.ConeEigenvalue is { } eigenvalue) eigenvalue.ShouldBeGreaterThan(-1e-3);
        deviance.Value(optimum.Theta).ShouldBe(optimum.Value, 1e-10);
        IsCanonical(deviance, optimum.Theta).ShouldBeTrue();
        var random = new Random(seed);
        for (var trial = 0; trial < 40 && optimum.Theta.Length > 0; trial++)
        {
            var size = trial % 2 == 0 ? 0.01 : 0.5;
            double[] theta = [.. optimum.Theta.Select(value => value + (size * RandomProblem.Normal(random)))];
            if (deviance.Value(theta) is var value && double.IsFinite(value)) value.ShouldBeGreaterThan(optimum.Value - 1e-7);
        }
    }

    [Fact]
    public void Minimize_StartAtZeroVariance_FindsTheVarianceThatIsThere()
    {
        var (deviance, standardized) = Problem("Reaction ~ Days + (Days | Subject)", "sleepstudy");
        var expected = Minimize(deviance, standardized);
        var actual = LinearOptimizer.Minimize(deviance, standardized, [0, 0, 0], OptimizationMethod.Newton, TestContext.Current.CancellationToken);
        actual.Proved.ShouldBeTrue();
        actual.Value.ShouldBe(expected.Value, 1e-8);
        for (var k = 0; k < 3; k++) actual.Theta[k].ShouldBe(expected.Theta[k], 1e-5);
    }

    [Fact]
    public void Minimize_StartFarAway_EndsAtTheSameOptimum()
    {
        var (deviance, standardized) = Problem("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin");
        var expected = Minimize(deviance, standardized);
        foreach (var start in new double[][] { [100, 0.01], [0.01, 100], [50, 50] })
        {
            var actual = LinearOptimizer.Minimize(deviance, standardized, start, OptimizationMethod.Newton, TestContext.Current.CancellationToken);
            actual.Proved.ShouldBeTrue();
            actual.Value.ShouldBe(expected.Value, 1e-8);
        }
    }

    [Fact]
    public void Minimize_WithoutRandomTerms_NeedsOneEvaluation()
    {
        var (deviance, standardized) = Problem("Reaction ~ Days", "sleepstudy");
        var optimum = Minimize(deviance, standardized);
        optimum.Evaluations.ShouldBe(1);
        optimum.Theta.ShouldBeEmpty();
        optimum.ConeEigenvalue.ShouldBeNull();
        optimum.Proved.ShouldBeTrue();
    }

    [Fact]
    public void Minimize_ColumnsThatDependOnEachOther_NamesAFlatParameter()
    {
        var x = Enumerable.Range(0, 40).Select(r => 1.0 + (r % 4)).ToArray();
        var random = new Random(1);
        double[] effects = [.. Enumerable.Range(0, 10).Select(_ => 3 * RandomProblem.Normal(random))];
        double[] y = [.. x.Select((value, r) => (value * effects[r / 4]) + RandomProblem.Normal(random))];
        int[] levels = [.. Enumerable.Range(0, 40).Select(r => r / 4)];
        var term = new RandomTermData(new Diagonal(2), 10, levels, (double[])[.. x, .. x.Select(value => 2 * value)]);
        var (deviance, standardized) = ProfiledDevianceTests.Create(new(40, 1, y, Enumerable.Repeat(1.0, 40).ToArray(), default, [term]), reml: true);
        Minimize(deviance, standardized).FlatParameter.ShouldBeGreaterThanOrEqualTo(0);
    }

    internal static (ProfiledDeviance Deviance, StandardizedData Standardized) Problem(string formula, string example, bool reml = true) =>
        ProfiledDevianceTests.Create(LinearData.From(new LinearMixedModel(formula).Prepare(DataTable.Example(example))), reml);

    internal static LinearOptimum Minimize(ProfiledDeviance deviance, StandardizedData standardized) =>
        LinearOptimizer.Minimize(deviance, standardized, start: null, OptimizationMethod.Newton, TestContext.Current.CancellationToken);

    private static bool IsCanonical(ProfiledDeviance deviance, double[] theta) =>
        deviance.Layout.Factors(theta).Select((T, t) => (T, deviance.Layout.Structure(t).Dimension))
            .All(term => Enumerable.Range(0, term.Dimension).All(i => term.T[i * (term.Dimension + 1)] >= 0));
}

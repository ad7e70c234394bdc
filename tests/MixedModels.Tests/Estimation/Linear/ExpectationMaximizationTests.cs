using MixedModels.Estimation.Linear;

namespace MixedModels.Tests.Estimation.Linear;

public sealed class ExpectationMaximizationTests
{
    private const int Steps = 200;

    /// <summary>Formula, data, whether parameters are expanded, and how near to the optimum 200 steps come.</summary>
    public static TheoryData<string, string, bool, double> Models => new()
    {
        { "Reaction ~ Days + (Days | Subject)", "sleepstudy", false, 1e-6 },
        { "Reaction ~ Days + (Days | Subject)", "sleepstudy", true, 1e-6 },
        { "Reaction ~ Days + (Days || Subject)", "sleepstudy", false, 1e-6 },
        { "Reaction ~ Days + (Days || Subject)", "sleepstudy", true, 1e-6 },
        { "Yield ~ 1 + (1 | Batch)", "Dyestuff", false, 1e-6 },
        { "Yield ~ 1 + (1 | Batch)", "Dyestuff", true, 1e-6 },
        { "diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin", false, 1e-6 },
        { "diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin", true, 1e-6 },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Step_NeverRaisesTheDevianceAndEndsAtTheNewtonOptimum(string formula, string example, bool expanded, double distance)
    {
        foreach (var reml in new[] { true, false })
        {
            var (deviance, standardized) = LinearOptimizerTests.Problem(formula, example, reml);
            var newton = LinearOptimizerTests.Minimize(deviance, standardized);
            var values = Run(deviance, StartValues.Compute(deviance, standardized), expanded);
            for (var step = 1; step < Steps; step++) values[step].ShouldBeLessThanOrEqualTo(values[step - 1] + 1e-9, $"step {step}");
            values[^1].ShouldBe(newton.Value, distance);
        }
    }

    [Fact]
    public void Step_VarianceOnTheBoundary_CrawlsTowardsIt()
    {
        var (deviance, standardized) = LinearOptimizerTests.Problem("Yield ~ 1 + (1 | Batch)", "Dyestuff2");
        var boundary = LinearOptimizerTests.Minimize(deviance, standardized).Value;
        var start = StartValues.Compute(deviance, standardized);
        var (plain, expanded) = (Run(deviance, start, expanded: false), Run(deviance, start, expanded: true));
        foreach (var values in new[] { plain, expanded })
        {
            for (var step = 1; step < Steps; step++) values[step].ShouldBeLessThanOrEqualTo(values[step - 1] + 1e-9);
            values[^1].ShouldBeGreaterThan(boundary - 1e-9);
        }

        (plain[^1] - boundary).ShouldBeLessThan(0.25 * (plain[0] - boundary));
        plain[^1].ShouldBeGreaterThan(boundary + 1e-6);
        expanded[^1].ShouldBeLessThan(plain[^1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Step_AnyProblem_NeverRaisesTheDeviance(bool expanded) => RandomProblems.Check(
        problem =>
        {
            var data = problem.Data();
            if (!RandomProblem.HasMaximum(data)) return;
            var (deviance, standardized) = ProfiledDevianceTests.Create(data, reml: problem.Seed % 2 == 0);
            var theta = StartValues.Compute(deviance, standardized);
            var em = new ExpectationMaximization(deviance, expanded);
            var last = double.PositiveInfinity;
            for (var step = 0; step < 20; step++)
            {
                theta = em.Step(theta, step, out var value);
                value.ShouldBeLessThanOrEqualTo(last + 1e-8, $"step {step}");
                last = value;
            }
        },
        count: 40,
        RandomProblems.WithParameters(1, 20));

    private static double[] Run(ProfiledDeviance deviance, double[] theta, bool expanded)
    {
        var em = new ExpectationMaximization(deviance, expanded);
        var values = new double[Steps];
        for (var step = 0; step < Steps; step++) theta = em.Step(theta, step, out values[step]);
        return values;
    }
}

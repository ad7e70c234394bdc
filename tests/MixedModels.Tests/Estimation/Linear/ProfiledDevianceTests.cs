using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.Optimization;
using MixedModels.Tests.Estimation.Storage;

namespace MixedModels.Tests.Estimation.Linear;

/// <summary>Value, gradient and Hessian of every storage, by ML and REML, on the same few hundred random problems.</summary>
public sealed class ProfiledDevianceTests
{
    /// <summary>A kind must be met this often in the run; fewer would rest on luck.</summary>
    private const int LeastOfAKind = 4;

    [Fact]
    public void Problems_OfTheRun_HoldEveryKindOften()
    {
        var problems = new List<LinearData>();
        RandomProblems.Check(problem => problems.Add(problem.Data()));
        problems.Count.ShouldBe(RandomProblems.Count);
        foreach (var (kind, holds) in ProblemKinds.All) problems.Count(holds).ShouldBeGreaterThanOrEqualTo(LeastOfAKind, kind);
        foreach (var storage in StorageScheme.All) problems.Count(storage.Holds).ShouldBeGreaterThanOrEqualTo(LeastOfAKind, storage.Name);
    }

    [Fact]
    public void Evaluate_AnyProblemInAnyStorage_EqualsThePlainEngine() => RandomProblems.Check(problem =>
    {
        var standardized = new StandardizedData(problem.Data());
        var layout = new ThetaLayout(standardized.Data.Terms.Select(term => term.Structure));
        var theta = problem.Theta(layout.Count);
        foreach (var reml in new[] { false, true })
        {
            var (value, plain) = PlainEngine(standardized, layout, theta, reml);
            var gradient = plain.Gradient();
            foreach (var (deviance, name) in EveryStorage(standardized, reml))
            {
                var point = deviance.Evaluate(theta);
                point.Value.ShouldBe(value, 1e-10 * (1 + Math.Abs(value)), name);

                // Both sides round to about 1e-16 times the condition of V, here up to 1e4, in sums of a thousand products.
                var hessian = plain.Hessian(LinearDerivatives.IsExact(deviance.System));
                var scale = 1e-9 * (1 + hessian.Select(Math.Abs).DefaultIfEmpty().Max());
                ShouldAgree(point.Gradient, gradient, scale, "gradient, " + name);
                ShouldAgree(point.Hessian, hessian, scale, "Hessian, " + name);
            }
        }
    });

    /// <summary>Parameters adapted to a covariance near a singular one: what was computed at it in the plain ones serves, and is right.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Evaluate_SameCovariancesInOtherParameters_NeedsNoOtherFactor(bool crossed)
    {
        TermShape shape = new(Grouping.Drawn, 9, 0, 2, Slopes.Covariates, false, 2);
        var data = new StandardizedData(new RandomProblem(80, 2, false, crossed ? [shape, shape with { Levels = 7 }] : [shape], 4).Data());
        double[] theta = crossed ? [0.8, 0.5, 0.002, 0.3, -0.4, 0.001] : [0.8, 0.5, 0.002];
        var system = BlockPlan.Allocate(data, BlockPlan.For(data.Data), team: null);
        var deviance = new ProfiledDeviance(data, system, reml: true);
        var plain = deviance.Evaluate(theta);
        var layout = deviance.Layout.AdaptedTo(theta);
        layout.ShouldNotBe(deviance.Layout);
        var translated = layout.Translate(deviance.Layout, theta);
        var (adapted, number) = (deviance.With(layout), system.FactorNumber);

        var point = adapted.Evaluate(translated);

        system.FactorNumber.ShouldBe(number);
        point.Value.ShouldBe(plain.Value, 1e-10);
        var alone = new ProfiledDeviance(data, BlockPlan.Allocate(data, BlockPlan.For(data.Data), team: null), reml: true, layout).Evaluate(translated);
        var scale = 1e-9 * (1 + alone.Hessian.Max(Math.Abs));
        ShouldAgree(point.Gradient, alone.Gradient, scale, "gradient");
        ShouldAgree(point.Hessian, alone.Hessian, scale, "Hessian");

        // And back again, after which an exact value asks for its own factor.
        var back = deviance.Evaluate(theta);
        system.FactorNumber.ShouldBe(number);
        ShouldAgree(back.Hessian, plain.Hessian, scale, "Hessian");
        adapted.Value(translated);
        system.FactorNumber.ShouldBe(number + 1);
        deviance.Evaluate([.. theta.Select(value => value + 1e-5)]);
        system.FactorNumber.ShouldBe(number + 2);
    }

    [Fact]
    public void Evaluate_AnyProblemInAnyStorage_EqualsFiniteDifferences() => RandomProblems.Check(problem =>
    {
        const double step = 1e-5;
        var random = new Random(problem.Seed);
        var standardized = new StandardizedData(problem.Data());
        foreach (var (deviance, name) in EveryStorage(standardized, reml: false).Concat(EveryStorage(standardized, reml: true)))
        {
            var k = deviance.Dimension;
            if (k == 0) continue;
            var theta = problem.Theta(k);
            var point = deviance.Evaluate(theta);
            var scale = 1 + point.Hessian.Max(Math.Abs);
            double[] direction = [.. theta.Select(_ => RandomProblem.Normal(random) / Math.Sqrt(k))];
            var (above, below) = (Moved(deviance, theta, direction, step), Moved(deviance, theta, direction, -step));
            var slope = (above.Value - below.Value) / (2 * step);
            slope.ShouldBe(DenseAlgebra.Dot(point.Gradient, direction), 1e-6 * scale, "gradient, " + name);
            if (!LinearDerivatives.IsExact(deviance.System)) continue;
            double[] curvature = [.. above.Gradient.Zip(below.Gradient, (a, b) => (a - b) / (2 * step))];
            double[] product = [.. Enumerable.Range(0, k).Select(i => DenseAlgebra.Dot(point.Hessian[(i * k)..((i + 1) * k)], direction))];
            ShouldAgree(curvature, product, 1e-6 * scale, "Hessian, " + name);
        }
    });

    internal static (ProfiledDeviance Deviance, StandardizedData Standardized) Create(LinearData data, bool reml)
    {
        var standardized = new StandardizedData(data);
        var plan = data.Terms.Count == 0 ? null : BlockPlan.For(data);
        return (new(standardized, BlockPlan.Allocate(standardized, plan, team: null), reml), standardized);
    }

    /// <summary>T_t of every term in the user's units, K⁻¹T*, for the plain engine, which knows nothing of standardisation.</summary>
    internal static double[][] UserFactors(StandardizedData standardized, ThetaLayout layout, ReadOnlySpan<double> theta) =>
        [.. layout.Factors(theta).Select((T, t) => SolveUpper(standardized.K[t], T))];

    /// <summary>K⁻¹T by back substitution, p×p.</summary>
    internal static double[] SolveUpper(double[] K, double[] T)
    {
        var p = (int)Math.Sqrt(T.Length);
        var solution = (double[])T.Clone();
        for (var c = 0; c < p; c++)
        {
            for (var i = p - 1; i >= 0; i--)
            {
                for (var j = i + 1; j < p; j++) solution[i + (c * p)] -= K[i + (j * p)] * solution[j + (c * p)];
                solution[i + (c * p)] /= K[i * (p + 1)];
            }
        }

        return solution;
    }

    /// <summary>The deviance in every storage that can hold the data.</summary>
    private static IEnumerable<(ProfiledDeviance Deviance, string Name)> EveryStorage(StandardizedData standardized, bool reml) => StorageScheme.Of(standardized.Data)
        .Select(storage => (new ProfiledDeviance(standardized, storage.Of(standardized), reml), $"{storage.Name}, {(reml ? "REML" : "ML")}"));

    private static (double Value, DenseDerivatives Derivatives) PlainEngine(StandardizedData standardized, ThetaLayout layout, double[] theta, bool reml)
    {
        var plain = new DenseReference(standardized.Data);
        var factors = UserFactors(standardized, layout, theta);
        var parameters = new List<(int Term, double[] Factor)>();
        for (var t = 0; t < factors.Length; t++)
        {
            for (var k = layout.Start(t); k < layout.Start(t + 1); k++)
            {
                var unit = new double[theta.Length];
                unit[k] = 1;
                parameters.Add((t, UserFactors(standardized, layout, unit)[t]));
            }
        }

        return (plain.Deviance([.. factors.Select(T => DenseDerivatives.Product(T, T))], reml), new(plain, factors, [.. parameters], reml));
    }

    private static SmoothPoint Moved(ProfiledDeviance deviance, double[] theta, double[] direction, double step) =>
        deviance.Evaluate([.. theta.Zip(direction, (value, along) => value + (step * along))]);

    private static void ShouldAgree(double[] actual, double[] expected, double tolerance, string what)
    {
        actual.Length.ShouldBe(expected.Length);
        for (var k = 0; k < actual.Length; k++) actual[k].ShouldBe(expected[k], tolerance, $"{what}, entry {k}");
    }
}

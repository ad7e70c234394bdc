using MixedModels.Covariance;
using MixedModels.Data;
using MixedModels.Estimation.Linear;
using MixedModels.Optimization;

namespace MixedModels.Tests.Estimation.Linear;

public sealed class LinearOptimizerTests
{
    [Fact]
    public void Minimize_AnyProblem_IsCanonicalAndNothingNearbyIsLower() => RandomProblems.Check(
        problem =>
        {
            var data = problem.Data();
            var (deviance, standardized) = ProfiledDevianceTests.Create(data, reml: problem.Seed % 2 == 0);
            var optimum = Minimize(deviance, standardized);
            if (!optimum.Proved)
            {
                // Without proof only where no optimum exists: the random effects can reproduce y and sigma² runs to zero.
                RandomProblem.HasMaximum(data).ShouldBeFalse();
                deviance.Value(optimum.Theta);
                (deviance.r2 / deviance.nu).ShouldBeLessThan(1e-5);
                return;
            }

            // The decrement g'H⁻¹g is below 1e-10; curvatures are of the order of the number of observations.
            optimum.GradientNorm.ShouldBeLessThan(1e-3);
            if (optimum.ConeEigenvalue is { } eigenvalue) eigenvalue.ShouldBeGreaterThan(-1e-3);
            deviance.Value(optimum.Theta).ShouldBe(optimum.Value, 1e-10);
            IsCanonical(deviance, optimum.Theta).ShouldBeTrue();
            var random = new Random(problem.Seed);
            for (var trial = 0; trial < 40 && optimum.Theta.Length > 0; trial++)
            {
                var size = trial % 2 == 0 || !RandomProblem.HasMaximum(data) ? 0.01 : 0.5;
                double[] theta = [.. optimum.Theta.Select(value => value + (size * RandomProblem.Normal(random)))];
                if (deviance.Value(theta) is var value && double.IsFinite(value)) value.ShouldBeGreaterThan(optimum.Value - 1e-7);
            }
        },
        count: 160,
        RandomProblems.WithParameters(0, 20));

    /// <summary>A simplex on the plain engine knows neither derivatives nor the boundary nor any of the product's algebra.</summary>
    [Fact]
    public void Minimize_SmallProblem_EndsWhereASimplexOnThePlainEngineDoes()
    {
        var (compared, elsewhere) = (0, 0);
        RandomProblems.Check(
            problem =>
            {
                var (deviance, standardized) = ProfiledDevianceTests.Create(problem.Data(), reml: problem.Seed % 2 == 0);
                var optimum = Minimize(deviance, standardized);
                if (!optimum.Proved) return;
                compared++;
                var plain = new DenseReference(standardized.Data);
                var simplex = NelderMead.Minimize(
                    theta => plain.Deviance(UserCovariances(deviance, standardized, theta), deviance.Reml),
                    StartValues.Compute(deviance, standardized),
                    1e-10,
                    20_000,
                    TestContext.Current.CancellationToken);
                if (Math.Abs(simplex.Value - optimum.Value) > 1e-6) elsewhere++;
            },
            count: 100,
            RandomProblems.WithParameters(1, 3));
        compared.ShouldBeGreaterThan(90);

        // A likelihood with two maxima is rare but exists; each search may end in either.
        elsewhere.ShouldBeLessThanOrEqualTo(2);
    }

    /// <summary>The conditions of Karush, Kuhn and Tucker tried on the plain engine: a little variance in any direction does not help.</summary>
    [Fact]
    public void Minimize_SingularOptimum_IsOneOfThePlainEngine()
    {
        var singular = 0;
        RandomProblems.Check(
            problem =>
            {
                var (deviance, standardized) = ProfiledDevianceTests.Create(problem.Data(), reml: problem.Seed % 2 == 0);
                var optimum = Minimize(deviance, standardized);
                if (!optimum.Proved || !IsSingular(deviance, optimum.Theta)) return;
                singular++;
                optimum.ConeEigenvalue!.Value.ShouldBeGreaterThan(-1e-3);
                var plain = new DenseReference(standardized.Data);
                var G = UserCovariances(deviance, standardized, optimum.Theta);
                plain.Deviance(G, deviance.Reml).ShouldBe(optimum.Value, 1e-9 * Math.Abs(optimum.Value));
                var random = new Random(problem.Seed);
                for (var trial = 0; trial < 12; trial++)
                {
                    var term = trial % G.Length;
                    var increased = G.ToArray();
                    increased[term] = Increased(G[term], deviance, standardized, term, random);
                    plain.Deviance(increased, deviance.Reml).ShouldBeGreaterThan(optimum.Value - 1e-7, $"term {term}");
                }
            },
            count: 160,
            RandomProblems.WithParameters(1, 10));
        singular.ShouldBeGreaterThan(40, "problems that end on the boundary");
    }

    /// <summary>Translated into adapted parameters, this point has no residual left, so there the deviance is not defined.</summary>
    [Fact]
    public void Minimize_NoResidualLeftWhereParametersAdapt_GoesOnInItsOwn()
    {
        var problem = new RandomProblem(
            36,
            1,
            false,
            [
                new(Grouping.HoldsThePrevious, 18, 0, 1, Slopes.Covariates, false, 2),
                new(Grouping.Drawn, 9, 0, 4, Slopes.Covariates, false, 4),
                new(Grouping.HoldsThePrevious, 10, 1, 2, Slopes.Collinear, false, 2),
            ],
            770119050);
        var (deviance, standardized) = ProfiledDevianceTests.Create(problem.Data(), reml: true);
        Minimize(deviance, standardized).Proved.ShouldBeFalse();
        (deviance.r2 / deviance.nu).ShouldBeLessThan(1e-5);
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

    private static double[][] UserCovariances(ProfiledDeviance deviance, StandardizedData standardized, ReadOnlySpan<double> theta) =>
        [.. ProfiledDevianceTests.UserFactors(standardized, deviance.Layout, theta).Select(T => DenseDerivatives.Product(T, T))];

    /// <summary>G with a thousandth of what makes variation between and within levels equal added along a random direction of the structure.</summary>
    private static double[] Increased(double[] G, ProfiledDeviance deviance, StandardizedData standardized, int term, Random random)
    {
        var structure = deviance.Layout.Structure(term);
        var p = structure.Dimension;
        var along = new double[p * p];
        var size = Math.Sqrt(1e-3 * standardized.Data.Terms[term].LevelCount / standardized.Data.n);
        if (structure.Columns == ColumnFreedom.Mixed) for (var i = 0; i < p; i++) along[i] = size * RandomProblem.Normal(random);
        else along[random.Next(p)] = size;
        var added = ProfiledDevianceTests.SolveUpper(standardized.K[term], along);
        return [.. G.Zip(DenseDerivatives.Product(added, added), (have, more) => have + more)];
    }

    private static bool IsSingular(ProfiledDeviance deviance, double[] theta) =>
        deviance.Layout.Factors(theta).Select((T, t) => (T, deviance.Layout.Structure(t).Dimension))
            .Any(term => Enumerable.Range(0, term.Dimension).Any(i => term.T[i * (term.Dimension + 1)] == 0));

    private static bool IsCanonical(ProfiledDeviance deviance, double[] theta) =>
        deviance.Layout.Factors(theta).Select((T, t) => (T, deviance.Layout.Structure(t).Dimension))
            .All(term => Enumerable.Range(0, term.Dimension).All(i => term.T[i * (term.Dimension + 1)] >= 0));
}

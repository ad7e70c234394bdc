using MixedModels.Data;
using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.Simulation;

/// <summary>Bounds on moments are 5 Monte Carlo standard errors; seeds are fixed, so a test passes always or never.</summary>
public sealed class SimulationTests
{
    private static readonly Lazy<LinearMixedModelFit> sleep = new(() =>
        FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy"));

    [Fact]
    public void Simulate_SameSeed_GivesTheSameNumbers()
    {
        sleep.Value.Simulate(3, 9).Values.ToArray().ShouldBe(sleep.Value.Simulate(3, 9).Values.ToArray());
        sleep.Value.Simulate(1, 10).Values.ToArray().ShouldNotBe(sleep.Value.Simulate(1, 9).Values.ToArray());
    }

    [Fact]
    public void Simulate_Replicate_DoesNotDependOnHowManyThereAreNorOnTheirOrder()
    {
        var five = sleep.Value.Simulate(5, 9);
        five.Values.Span[..(2 * 180)].ToArray().ShouldBe(sleep.Value.Simulate(2, 9).Values.ToArray());
        var alone = new double[180];
        sleep.Value.Simulator(new()).Draw(9, 4, alone);
        alone.ShouldBe(Column(five, 4));
    }

    [Fact]
    public void Simulate_AFit_HasItsMeanAndMarginalCovariance()
    {
        const int replicates = 4_000;
        var drawn = sleep.Value.Simulate(replicates, 1);
        var mean = sleep.Value.Predict(new PredictionOptions { Target = PredictionTarget.Population });
        var V = sleep.Value.MarginalCovariance().Values;
        (int First, int Second)[] pairs = [(0, 0), (0, 9), (4, 5), (9, 9), (0, 10), (95, 99)];
        foreach (var (first, second) in pairs)
            ShouldHaveMoments(drawn, first, second, mean[first].Fit, mean[second].Fit, V[first, second], V[first, first], V[second, second]);
    }

    [Fact]
    public void Simulate_AFitConditionally_KeepsTheGroupsAndDrawsResiduals()
    {
        const int replicates = 4_000;
        var drawn = sleep.Value.Simulate(replicates, 2, new() { Conditional = true });
        var (fitted, variance) = (sleep.Value.FittedValues.ToArray(), sleep.Value.Sigma * sleep.Value.Sigma);
        foreach (var (first, second) in new[] { (0, 0), (0, 9), (100, 101), (179, 179) })
            ShouldHaveMoments(drawn, first, second, fitted[first], fitted[second], first == second ? variance : 0, variance, variance);
    }

    [Fact]
    public void Simulate_GivenParameters_HasMomentsOfSlopesWeightsAndOffset()
    {
        const int replicates = 20_000;
        var table = Rows(hasResponse: false);
        var model = new LinearMixedModel("y ~ x + (x | g) + (1 | h)", new() { Weights = "w", Offsets = ["o"] });
        var parameters = new LinearParameters
        {
            Coefficients = [10, -2],
            Covariances = [Matrix.FromRows([[4, 1.5], [1.5, 1]]), Matrix.FromRows([[2.25]])],
            Sigma = 3,
        };
        var drawn = model.Simulate(table, parameters, replicates, 3);
        drawn.Rows.ShouldBe(6);
        for (var first = 0; first < 6; first++)
        {
            for (var second = 0; second <= first; second++)
                ShouldHaveMoments(drawn, first, second, Mean(first), Mean(second), Covariance(first, second), Covariance(first, first), Covariance(second, second));
        }

        double Mean(int row) => 10 - (2 * X[row]) + O[row];
        double Covariance(int a, int b) =>
            (G[a] == G[b] ? 4 + (1.5 * (X[a] + X[b])) + (X[a] * X[b]) : 0) + (H[a] == H[b] ? 2.25 : 0) + (a == b ? 9 / W[a] : 0);
    }

    [Fact]
    public void Simulate_OneWay_GroupMeansHaveBetweenPlusWithinOverSize()
    {
        const int replicates = 10_000;
        var group = Enumerable.Range(0, 12).Select(row => "g" + (row / 4)).ToArray();
        var table = new DataTableBuilder().Add("g", group).Build();
        var parameters = new LinearParameters { Coefficients = [0], Covariances = [Matrix.FromRows([[2]])], Sigma = 2 };
        var drawn = new LinearMixedModel("y ~ 1 + (1 | g)").Simulate(table, parameters, replicates, 4);
        double[] means = [.. Enumerable.Range(0, replicates).Select(k => Column(drawn, k)[..4].Average())];
        const double variance = 2 + (4.0 / 4);
        means.Average(mean => mean * mean).ShouldBe(variance, 5 * variance * Math.Sqrt(2.0 / replicates));
    }

    [Fact]
    public void Simulate_NothingRandom_IsTheMean()
    {
        var table = Rows(hasResponse: false);
        var parameters = new LinearParameters { Coefficients = [1, 2], Covariances = [Matrix.FromRows([[0]])], Sigma = 0 };
        new LinearMixedModel("y ~ x + (1 | g)").Simulate(table, parameters, 1, 0).Values.ToArray().ShouldBe([.. X.Select(x => 1 + (2 * x))], 1e-14);
    }

    [Fact]
    public void Simulate_CorrelationOfOne_MovesBothEffectsTogether()
    {
        var table = Rows(hasResponse: false);
        var parameters = new LinearParameters { Coefficients = [0, 0], Covariances = [Matrix.FromRows([[4, -2], [-2, 1]])], Sigma = 0 };
        var drawn = new LinearMixedModel("y ~ x + (x | g)").Simulate(table, parameters, 50, 1);

        // b = (2z, −z), so y = z(2 − x): zero at x = 2 and twice as large at x = 0 as at x = 1.
        for (var k = 0; k < 50; k++)
        {
            drawn[2, k].ShouldBe(0, 1e-12);
            drawn[0, k].ShouldBe(2 * drawn[1, k], 1e-12);
        }
    }

    [Fact]
    public void Simulate_FromADesign_EqualsFromItsTable()
    {
        var model = new LinearMixedModel("y ~ x + (1 | g)");
        var parameters = new LinearParameters { Coefficients = [1, 2], Covariances = [Matrix.FromRows([[1]])], Sigma = 1 };
        var table = Rows(hasResponse: true);
        LinearMixedModel.Simulate(model.Prepare(table), parameters, 2, 8).Values.ToArray()
            .ShouldBe(model.Simulate(table, parameters, 2, 8).Values.ToArray());
    }

    [Fact]
    public void Simulate_TheFitsParametersOverItsDesign_EqualsTheFitsOwn()
    {
        var fit = sleep.Value;
        LinearMixedModel.Simulate(fit.Design, fit.Parameters, 2, 8).Values.ToArray().ShouldBe(fit.Simulate(2, 8).Values.ToArray());
    }

    [Fact]
    public void Simulate_RowWithMissingPredictor_IsMissingInEveryReplicate()
    {
        var table = new DataTableBuilder().Add("x", [0.0, double.NaN, 2, 3]).Add("g", ["a", "a", "b", "b"]).Build();
        var parameters = new LinearParameters { Coefficients = [1, 2], Covariances = [Matrix.FromRows([[0]])], Sigma = 0 };
        var drawn = new LinearMixedModel("y ~ x + (1 | g)").Simulate(table, parameters, 2, 8);
        Column(drawn, 0).ShouldBe([1, double.NaN, 5, 7]);
        Column(drawn, 1).ShouldBe([1, double.NaN, 5, 7]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Simulate_ReplicatesOutOfRange_IsAWrongCall(int replicates) =>
        Should.Throw<ArgumentOutOfRangeException>(() => sleep.Value.Simulate(replicates, 1));

    [Fact]
    public void Simulate_ParametersOfAnotherModel_AreRefused()
    {
        var good = sleep.Value.Parameters;
        Refused(good with { Coefficients = [1] }, "1 coefficients are given for 2 fixed effects: (Intercept), Days.");
        Refused(good with { Coefficients = [1, double.NaN] }, "The coefficient of 'Days' is NaN");
        Refused(good with { Sigma = -1 }, "Sigma is -1");
        Refused(good with { Covariances = [] }, "0 covariance matrices are given for 1 random terms");
        Refused(good with { Covariances = [Matrix.FromRows([[1]])] }, "The covariance of (Days | Subject) is 1×1; wanted 2×2, for (Intercept), Days.");
        Refused(good with { Covariances = [Matrix.FromRows([[1, 0.5], [0.4, 1]])] }, "is not symmetric: 0.4 and 0.5 stand at (1, 0) and (0, 1)");
        Refused(good with { Covariances = [Matrix.FromRows([[1, 2], [2, 1]])] }, "negative variance");
        Refused(good with { Covariances = [Matrix.FromRows([[-1, 0], [0, 1]])] }, "negative variance");
        Refused(good with { Covariances = [Matrix.FromRows([[double.NaN, 0], [0, 1]])] }, "not finite at (0, 0)");

        static void Refused(LinearParameters parameters, string message) =>
            Should.Throw<ArgumentException>(() => LinearMixedModel.Simulate(sleep.Value.Design, parameters, 1, 1)).Message.ShouldContain(message);
    }

    [Fact]
    public void FromRows_RaggedRows_AreRefused() => Should.Throw<ArgumentException>(() => Matrix.FromRows([[1, 2], [3]]));

    private static readonly double[] X = [0, 1, 2, 0, 1, 3];
    private static readonly double[] O = [1, 0, 0, -5, 0, 2];
    private static readonly double[] W = [1, 2, 0.5, 1, 4, 1];
    private static readonly string[] G = ["a", "a", "a", "b", "b", "b"];
    private static readonly string[] H = ["p", "q", "p", "q", "p", "q"];

    private static DataTable Rows(bool hasResponse)
    {
        var builder = new DataTableBuilder().Add("x", X).Add("o", O).Add("w", W).Add("g", G).Add("h", H);
        return (hasResponse ? builder.Add("y", [3.0, 1, 4, 1, 5, 9]) : builder).Build();
    }

    private static double[] Column(Matrix matrix, int column) => matrix.Values.Span.Slice(column * matrix.Rows, matrix.Rows).ToArray();

    // With the means known, the mean product of two normal variables has variance (V_ij² + V_ii V_jj) / R.
    private static void ShouldHaveMoments(Matrix drawn, int first, int second, double meanFirst, double meanSecond, double V, double Vfirst, double Vsecond)
    {
        var R = drawn.Columns;
        var (sum, product) = (0.0, 0.0);
        for (var k = 0; k < R; k++)
        {
            sum += drawn[first, k] - meanFirst;
            product += (drawn[first, k] - meanFirst) * (drawn[second, k] - meanSecond);
        }

        (sum / R).ShouldBe(0, 5 * Math.Sqrt(Vfirst / R));
        (product / R).ShouldBe(V, 5 * Math.Sqrt(((V * V) + (Vfirst * Vsecond)) / R));
    }
}

using MixedModels.Data;

namespace MixedModels.Tests;

/// <summary>Data whose raw cross-products would lose their digits.</summary>
public sealed class NumericalCareTests
{
    private static readonly DataTable sleepstudy = DataTable.Example("sleepstudy");

    [Fact]
    public void Fit_ResponseNearABillion_EqualsTheCentredFit()
    {
        var plain = Fit("y ~ t + (t | g)", y => y, t => t);
        var shifted = Fit("y ~ t + (t | g)", y => y + 1e9, t => t);

        // y + 1e9 is rounded to 1.2e-7 when it is written down, about 2e-9 of the residual's size.
        shifted.Deviance.ShouldBe(plain.Deviance, 1e-6);
        shifted.Coefficients()[0].Estimate.ShouldBe(plain.Coefficients()[0].Estimate + 1e9, 1e-6);
        shifted.Sigma.ShouldBe(plain.Sigma, 1e-8 * plain.Sigma);
        shifted.RandomTerms[0].StandardDeviations[1].ShouldBe(plain.RandomTerms[0].StandardDeviations[1], 1e-7);
    }

    [Fact]
    public void Fit_SlopeInNanoseconds_EqualsTheFitInDays()
    {
        const double Unit = 86_400e9;
        var plain = Fit("y ~ t + (t | g)", y => y, t => t);
        var scaled = Fit("y ~ t + (t | g)", y => y, t => t * Unit);
        scaled.Coefficients()[1].Estimate.ShouldBe(plain.Coefficients()[1].Estimate / Unit, 1e-8 * plain.Coefficients()[1].Estimate / Unit);
        scaled.RandomTerms[0].StandardDeviations[1].ShouldBe(plain.RandomTerms[0].StandardDeviations[1] / Unit, 1e-8 * plain.RandomTerms[0].StandardDeviations[1] / Unit);
        scaled.IsSingular.ShouldBeFalse();

        // The REML criterion depends on the coding of X, by twice the log of the unit.
        scaled.Deviance.ShouldBe(plain.Deviance + (2 * Math.Log(Unit)), 1e-8 * plain.Deviance);
    }

    [Theory]
    [InlineData("y ~ t + (t | g)", "y ~ I(t - 2000) + (I(t - 2000) | g)")]
    [InlineData("y ~ t + I(t^2) + (t | g)", "y ~ I(t - 2000) + I((t - 2000)^2) + (I(t - 2000) | g)")]
    [InlineData("y ~ I(t^4) + (1 | g)", "y ~ I(t^4 - 2000^4) + (1 | g)")]
    public void Fit_YearsNear2000_EqualsTheCentredFit(string raw, string centred)
    {
        var expected = Fit(centred, y => y, t => t + 2000);
        var actual = Fit(raw, y => y, t => t + 2000);
        actual.Deviance.ShouldBe(expected.Deviance, 1e-8 * expected.Deviance);
        actual.Sigma.ShouldBe(expected.Sigma, 1e-8 * expected.Sigma);
        actual.Coefficients()[^1].Estimate.ShouldBe(expected.Coefficients()[^1].Estimate, 1e-8 * Math.Abs(expected.Coefficients()[^1].Estimate));
        actual.Coefficients()[^1].StandardError.ShouldBe(expected.Coefficients()[^1].StandardError, 1e-8 * expected.Coefficients()[^1].StandardError);
        actual.IsSingular.ShouldBe(expected.IsSingular);
        for (var r = 0; r < actual.Observations; r++) actual.FittedValues.Span[r].ShouldBe(expected.FittedValues.Span[r], 1e-8 * 300);
    }

    /// <summary>
    /// NIST's Simon–Lesage sets: nine groups with means 0.4 and ±0.1 about it, alternating, observations at the mean once and then 0.1
    /// below and above it in turn. Between 8 and within 9(n − 1) degrees of freedom the certified mean squares are n/100 and 1/100.
    /// </summary>
    /// <remarks>Source: NIST Statistical Reference Datasets, analysis of variance, SmLs01 to SmLs09.</remarks>
    [Theory]
    [InlineData(21, 1, 1e-12)]
    [InlineData(201, 1, 1e-12)]
    [InlineData(2001, 1, 1e-12)]
    [InlineData(21, 1e6, 1e-8)]
    [InlineData(201, 1e6, 1e-8)]
    [InlineData(2001, 1e6, 1e-8)]
    [InlineData(21, 1e12, 2e-2)]
    [InlineData(201, 1e12, 2e-2)]
    [InlineData(2001, 1e12, 2e-2)]
    public void Fit_SimonLesage_GivesTheCertifiedMeanSquares(int size, double level, double tolerance)
    {
        var (y, g) = (new List<double>(), new List<string>());
        for (var group = 0; group < 9; group++)
        {
            var offset = group == 0 ? 0.4 : group % 2 == 1 ? 0.3 : 0.5;
            for (var i = 0; i < size; i++)
            {
                y.Add(level + offset + (i == 0 ? 0 : i % 2 == 1 ? -0.1 : 0.1));
                g.Add($"group {group}");
            }
        }

        // The tolerance at 1e12 is the rounding of the input: a step of doubles there is 1.2e-4, a thousandth of the deviations.
        var fit = new LinearMixedModel("y ~ 1 + (1 | g)").Fit(new DataTableBuilder().Add("y", y).Add("g", g).Build());
        var within = fit.Sigma * fit.Sigma;
        var between = within + (size * fit.RandomTerms[0].Covariance[0, 0]);
        within.ShouldBe(0.01, tolerance * 0.01);
        between.ShouldBe(size / 100.0, tolerance * size / 100.0);
    }

    /// <summary>Resistivity of silicon wafers, five instruments, five days each.</summary>
    /// <remarks>Source: NIST Statistical Reference Datasets, SiRstv: between mean square 1.27865654e-2, residual standard deviation 1.04076068334656e-1.</remarks>
    [Fact]
    public void Fit_SiliconResistivity_GivesTheCertifiedMeanSquares()
    {
        double[] y =
        [
            196.3052, 196.1240, 196.1890, 196.2569, 196.3403, 196.3042, 196.3825, 196.1669, 196.3257, 196.0422, 196.1303, 196.2005, 196.2889,
            196.0343, 196.1811, 196.2795, 196.1748, 196.1494, 196.1485, 195.9885, 196.2119, 196.1051, 196.1850, 196.0052, 196.2090,
        ];
        string[] instrument = [.. Enumerable.Range(0, 25).Select(i => $"instrument {i / 5}")];
        var fit = new LinearMixedModel("y ~ 1 + (1 | g)").Fit(new DataTableBuilder().Add("y", y).Add("g", instrument).Build());

        // The data have four decimals on 196: rounding of the input admits about eleven digits of a sum of squares.
        fit.Sigma.ShouldBe(0.104076068334656, 1e-10);
        ((fit.Sigma * fit.Sigma) + (5 * fit.RandomTerms[0].Covariance[0, 0])).ShouldBe(0.0127865654, 1e-10);
    }

    private static LinearMixedModelFit Fit(string formula, Func<double, double> response, Func<double, double> time)
    {
        var y = ((NumericColumn)sleepstudy["Reaction"]).Values.ToArray();
        var t = ((NumericColumn)sleepstudy["Days"]).Values.ToArray();
        var g = (FactorColumn)sleepstudy["Subject"];
        var table = new DataTableBuilder()
            .Add("y", Array.ConvertAll(y, value => response(value)))
            .Add("t", Array.ConvertAll(t, value => time(value)))
            .Add(new FactorColumn("g", g.Levels, g.Codes.Span))
            .Build();
        return new LinearMixedModel(formula).Fit(table);
    }
}

using System.Text.Json;
using MixedModels.Data;
using MixedModels.Families;

namespace MixedModels.Tests.Inference.Means;

/// <summary>Means on the response's scale against emmeans over glmmTMB and averages by R's integrate, from validation/generalized/means.json.</summary>
public sealed class ResponseScaleTests
{
    private static readonly Lazy<JsonElement> references = new(static () =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "validation", "generalized", "means.json"))).RootElement);

    private static readonly Lazy<GeneralizedMixedModelFit> cbpp = new(() => Cbpp(Family.Binomial()));

    private static readonly Lazy<GeneralizedMixedModelFit> ticks = new(() =>
        Fit("TICKS ~ factor(YEAR) + HEIGHT + (1 | BROOD) + (1 | LOCATION)", Family.Poisson(), "grouseticks"));

    public static TheoryData<string> Cases => ["cbpp", "grouseticks", "probit"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void MarginalMeans_ResponseScales_AreThoseOfEmmeans(string name)
    {
        var entry = references.Value.GetProperty(name);
        foreach (var (scale, property) in new[] { (MeanScale.Response, "response"), (MeanScale.BiasAdjusted, "biasAdjusted") })
        {
            var means = Of(name).MarginalMeans([Over(name)], options: new() { Scale = scale });
            foreach (var (mean, row) in means.Zip(entry.GetProperty(property).EnumerateArray()))
            {
                mean.Levels.Values.ShouldBe([row.GetProperty("level").GetString()!]);
                Near(mean.Estimate, row, "estimate", 1e-5);

                // Those of glmmTMB come from differences of its own.
                Near(mean.StandardError, row, "se", 1e-3);
                Near(mean.Lower, row, "lower", 3e-3);
                Near(mean.Upper, row, "upper", 3e-3);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void MarginalMeans_Averaged_AreThoseOfIntegration(string name)
    {
        var entry = references.Value.GetProperty(name).GetProperty("averaged");
        var known = Of(name).MarginalMeans([Over(name)], options: new() { Scale = MeanScale.Averaged });
        var uncertain = Of(name).MarginalMeans([Over(name)], options: new() { Scale = MeanScale.Averaged, VarianceUncertainty = true });
        for (var i = 0; i < known.Count; i++)
        {
            known[i].Estimate.ShouldBe(entry.GetProperty("estimate")[i].GetDouble(), 1e-5 * known[i].Estimate);
            known[i].StandardError.ShouldBe(entry.GetProperty("se")[i].GetDouble(), 1e-3 * known[i].StandardError);
            uncertain[i].Estimate.ShouldBe(known[i].Estimate);
            uncertain[i].StandardError.ShouldBe(entry.GetProperty("seTheta")[i].GetDouble(), 1e-3 * known[i].StandardError);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pairwise_ResponseScale_AreRatiosWhereTheLinkHasThem(string name)
    {
        var contrasts = Of(name).MarginalMeans([Over(name)], options: new() { Scale = MeanScale.Response }).Pairwise();
        contrasts.Kind.ShouldBe(name switch { "cbpp" => ContrastKind.OddsRatio, "grouseticks" => ContrastKind.Ratio, _ => ContrastKind.Difference });
        contrasts.Findings.Any(finding => finding.Rule == "contrasts-on-link").ShouldBe(name == "probit");
        foreach (var (contrast, row) in contrasts.Zip(references.Value.GetProperty(name).GetProperty("pairs").EnumerateArray()))
        {
            contrast.Contrast.ShouldBe(row.GetProperty("contrast").GetString());
            Near(contrast.Estimate, row, "estimate", 1e-5);
            Near(contrast.StandardError, row, "se", 1e-3);
            Near(contrast.Lower, row, "lower", 3e-3);
            Near(contrast.Upper, row, "upper", 3e-3);

            // An error e of a standard error moves the logarithm of a tail by z²e, and e is 3e-4 at most; R's ptukey has no digits below 1e-9.
            var z = contrast.Statistic;
            contrast.PValue.ShouldBe(row.GetProperty("p").GetDouble(), ((2e-3 + (3e-4 * z * z)) * contrast.PValue) + 1e-9);
        }
    }

    [Fact]
    public void Pairwise_AveragedScale_IsTheDifferenceOfTheMeans()
    {
        var means = cbpp.Value.MarginalMeans(["period"], options: new() { Scale = MeanScale.Averaged });
        var contrasts = means.Pairwise(Adjustment.None);
        contrasts.Kind.ShouldBe(ContrastKind.Difference);
        contrasts[0].Contrast.ShouldBe("period1 - period2");
        contrasts[0].Estimate.ShouldBe(means[0].Estimate - means[1].Estimate, 1e-14);
        contrasts[0].StandardError.ShouldBeLessThan(means[0].StandardError + means[1].StandardError);
    }

    [Fact]
    public void MarginalMeans_AveragedOverAnotherFactor_AverageTheRowsOfTheGrid()
    {
        // The average over the grid is taken of responses, not of predictors: it is the mean of the rows' own averages.
        var fit = Fit("r2 ~ btype + mode + (1 | id)", Family.Binomial(), "VerbAgg");
        var over = fit.MarginalMeans(["btype"], options: new() { Scale = MeanScale.Averaged });
        var both = fit.MarginalMeans(["btype", "mode"], options: new() { Scale = MeanScale.Averaged });
        foreach (var mean in over)
            mean.Estimate.ShouldBe(both.Where(row => row.Levels["btype"] == mean.Levels["btype"]).Average(row => row.Estimate), 1e-12);
    }

    [Fact]
    public void MarginalMeans_AveragedWithRandomSlopes_AreThoseOfSimulatedGroups()
    {
        // 400,000 groups drawn by another route: the fixed part, b = T·normals, the inverse link, an average; its standard error is 4e-4.
        var fit = Fit("r2 ~ mode + (1 + mode | id)", Family.Binomial(), "VerbAgg");
        var means = fit.MarginalMeans(["mode"], options: new() { Scale = MeanScale.Averaged });
        var G = fit.RandomTerms[0].Covariance;
        double[] beta = [.. fit.Coefficients().Select(row => row.Estimate)];
        var random = new MixedModels.Execution.RandomStream(3, 0);
        var sums = new double[2];
        const int groups = 400_000;
        for (var k = 0; k < groups; k++)
        {
            var (u, v) = (random.NextNormal(), random.NextNormal());
            var intercept = Math.Sqrt(G[0, 0]) * u;
            var slope = (G[1, 0] / Math.Sqrt(G[0, 0]) * u) + (Math.Sqrt(Math.Max(0, G[1, 1] - (G[1, 0] * G[1, 0] / G[0, 0]))) * v);
            sums[0] += 1 / (1 + Math.Exp(-(beta[0] + intercept)));
            sums[1] += 1 / (1 + Math.Exp(-(beta[0] + beta[1] + intercept + slope)));
        }

        for (var i = 0; i < 2; i++) means[i].Estimate.ShouldBe(sums[i] / groups, 1.5e-3);
    }

    [Fact]
    public void MarginalMeans_WithoutRandomVariance_AreTheSameOnAllResponseScales()
    {
        // A Poisson model without random effects: nothing to integrate.
        var fit = Fit("TICKS ~ factor(YEAR)", Family.Poisson(), "grouseticks");
        var response = fit.MarginalMeans(["YEAR"], options: new() { Scale = MeanScale.Response });
        foreach (var scale in new[] { MeanScale.BiasAdjusted, MeanScale.Averaged })
        {
            foreach (var (mean, expected) in fit.MarginalMeans(["YEAR"], options: new() { Scale = scale, VarianceUncertainty = true }).Zip(response))
            {
                mean.Estimate.ShouldBe(expected.Estimate, 1e-12);
                mean.StandardError.ShouldBe(expected.StandardError, 1e-12);
                mean.Upper.ShouldBe(expected.Upper, 1e-10);
            }
        }
    }

    [Fact]
    public void MarginalMeans_ScalesThatDoNotApply_AreRefusedWithTheReason()
    {
        Should.Throw<InferenceException>(() => cbpp.Value.MarginalMeans([], options: new() { Scale = MeanScale.Response, Trend = "period" })).Message.ShouldContain("period");
        Should.Throw<InferenceException>(() => ticks.Value.MarginalMeans([], options: new() { Scale = MeanScale.Response, Trend = "HEIGHT" })).Message.ShouldContain("slope of HEIGHT");
        var gamma = Fit("Reaction ~ factor(Days) + (1 | Subject)", Family.Gamma(), "sleepstudy");
        Should.Throw<InferenceException>(() => gamma.MarginalMeans(["Days"], options: new() { Scale = MeanScale.Averaged })).Message.ShouldContain("infinite at a predictor of 0");
        var varying = Fit("r2 ~ btype + (0 + mode | id)", Family.Binomial(), "VerbAgg");
        Should.Throw<InferenceException>(() => varying.MarginalMeans(["btype"], options: new() { Scale = MeanScale.Averaged })).Message.ShouldContain("'mode'");
    }

    [Fact]
    public void MarginalMeans_LinearModel_HasOneScale()
    {
        var fit = FittedExamples.Of("score ~ Machine + (1 | Worker)", "Machines");
        var link = fit.MarginalMeans("Machine");
        foreach (var (mean, expected) in fit.MarginalMeans("Machine", options: new() { Scale = MeanScale.Averaged }).Zip(link)) mean.Upper.ShouldBe(expected.Upper);
    }

    private static void Near(double actual, JsonElement row, string property, double share) =>
        actual.ShouldBe(row.GetProperty(property).GetDouble(), share * Math.Abs(row.GetProperty(property).GetDouble()));

    private static string Over(string name) => name == "grouseticks" ? "YEAR" : "period";

    private static GeneralizedMixedModelFit Of(string name) => name switch { "cbpp" => cbpp.Value, "grouseticks" => ticks.Value, _ => Cbpp(Family.Binomial(Link.Probit)) };

    private static GeneralizedMixedModelFit Cbpp(Family family) => Fit("cbind(incidence, size - incidence) ~ period + (1 | herd)", family, "cbpp");

    private static GeneralizedMixedModelFit Fit(string formula, Family family, string example) =>
        new GeneralizedMixedModel(formula, family).Fit(DataTable.Example(example), TestContext.Current.CancellationToken);
}

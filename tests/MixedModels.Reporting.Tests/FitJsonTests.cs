using System.Text.Json;

namespace MixedModels.Reporting.Tests;

public class FitJsonTests
{
    private static readonly string[] keys =
    [
        "schema", "formula", "family", "link", "method", "observations", "dropped", "converged", "singular", "messages", "logLik", "deviance",
        "parameters", "aic", "bic", "sigma", "fixed", "dfMethod", "aliased", "vcov", "random", "r2", "icc", "residual", "dispersion", "zi", "thresholds",
        "familyParameters", "optimizer", "seconds", "version",
    ];

    [Fact]
    public void Json_OfEveryFit_HasEveryKeyOfTheSchemaOnce()
    {
        foreach (var fit in new[] { SampleFits.SleepStudy(), SampleFits.Awkward(), SampleFits.WithoutRandomEffects(), SampleFits.WithoutFixedEffects() })
        {
            using var json = Parse(new FitReport(fit));
            json.RootElement.EnumerateObject().Select(member => member.Name).ShouldBe(keys);
        }
    }

    [Fact]
    public void Json_OfSleepStudy_HoldsTheFit()
    {
        using var json = Parse(new FitReport(SampleFits.SleepStudy(), new(0.25, null, 0.5, 1)));
        var root = json.RootElement;
        root.GetProperty("schema").GetString().ShouldBe("mixed/fit/1");
        root.GetProperty("formula").GetString().ShouldBe("Reaction ~ 1 + Days + (1 + Days | Subject)");
        root.GetProperty("method").GetString().ShouldBe("REML");
        root.GetProperty("observations").GetInt32().ShouldBe(180);
        root.GetProperty("converged").GetBoolean().ShouldBeTrue();
        root.GetProperty("deviance").GetDouble().ShouldBe(1743.6282, 1e-9);
        root.GetProperty("bic").GetDouble().ShouldBe(1743.6282 + (6 * Math.Log(180)), 1e-6);
        root.GetProperty("vcov")[0][1].GetDouble().ShouldBe(-1.4511);
        var random = root.GetProperty("random")[0];
        random.EnumerateObject().Select(member => member.Name)
            .ShouldBe(["component", "group", "structure", "levels", "names", "sd", "cor", "parameters"]);
        random.GetProperty("component").GetString().ShouldBe("conditional");
        random.GetProperty("sd")[1].GetDouble().ShouldBe(5.9221);
        random.GetProperty("cor")[0][1].GetDouble().ShouldBe(0.0656);
        var days = root.GetProperty("fixed")[1];
        days.EnumerateObject().Select(member => member.Name).ShouldBe(["name", "estimate", "se", "df", "statistic", "p"]);
        days.GetProperty("estimate").GetDouble().ShouldBe(10.4673);
        days.GetProperty("df").GetDouble().ShouldBe(17);
        root.GetProperty("optimizer").GetProperty("minimumConeEigenvalue").GetDouble().ShouldBe(-3.3e-9);
        using var linear = Parse(new FitReport(SampleFits.WithoutRandomEffects()));
        linear.RootElement.GetProperty("optimizer").GetProperty("minimumConeEigenvalue").ValueKind.ShouldBe(JsonValueKind.Null);
        root.GetProperty("seconds").GetProperty("read").GetDouble().ShouldBe(0.25);
        root.GetProperty("seconds").GetProperty("design").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void Json_OfNumbers_ReadsBackToTheSameBits()
    {
        double[] values = [1.0 / 3, Math.PI * 1e-300, double.Epsilon, 123456789.123456789, -1e22];
        var rows = values.Select(value => new Coefficient("x", value, value, value)).ToArray();
        using var json = Parse(new CoefficientsReport(SampleFits.WithCoefficients(rows)));
        json.RootElement.EnumerateArray().Select(row => row.GetProperty("estimate").GetDouble()).ShouldBe(values);
    }

    [Fact]
    public void Json_OfUndefinedAndInfiniteNumbers_IsNull()
    {
        using var json = Parse(new FitReport(SampleFits.WithCoefficients([new("x", double.NaN, double.PositiveInfinity, double.NegativeInfinity)])));
        var row = json.RootElement.GetProperty("fixed")[0];
        foreach (var key in new[] { "estimate", "se", "statistic" })
            row.GetProperty(key).ValueKind.ShouldBe(JsonValueKind.Null);
        using var awkward = Parse(new FitReport(SampleFits.Awkward()));
        awkward.RootElement.GetProperty("random")[0].GetProperty("cor")[0][1].ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void Json_OfFindings_HoldsWhatWasFound()
    {
        using var json = Parse(new FitReport(SampleFits.Awkward()));
        json.RootElement.GetProperty("messages").EnumerateArray().Select(message => message.GetString()).ShouldBe(
            ["The random slope 'covariate' of 'site' has an estimated variance of 0.", "1 column of the fixed part was left out."]);
        json.RootElement.GetProperty("method").GetString().ShouldBe("ML");
        json.RootElement.GetProperty("aliased")[0].GetString().ShouldBe("treatmentB");
    }

    [Fact]
    public void Json_OfFormula_IsReadable() =>
        new FitReport(SampleFits.SleepStudy()).ToString(ReportFormat.Json).ShouldContain("\"Reaction ~ 1 + Days + (1 + Days | Subject)\"");

    private static JsonDocument Parse(Report report) => JsonDocument.Parse(report.ToString(ReportFormat.Json));
}

using System.Text.Json;
using MixedModels.Data;
using MixedModels.Families;
using MixedModels.Numerics;

namespace MixedModels.Tests;

/// <summary>
/// Models on which references differ (validation/generalized). glmmTMB's optima are good to about 1e-7 in the log-likelihood, so to √(2·1e-7) = 5e-4 of a standard
/// error in an estimate.
/// </summary>
public sealed class GeneralizedReferenceTests
{
    private static readonly string folder = Path.Combine(AppContext.BaseDirectory, "validation", "generalized");
    private static readonly Lazy<Dictionary<string, JsonElement>> all = new(ReadAll);

    public static TheoryData<string> Ids => [.. all.Value.Keys];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Fit_ByLaplace_IsMaximumLikelihoodWithTheObservedHessian(string id)
    {
        var (fit, expected) = (Fit(id, 1), all.Value[id].GetProperty("ml"));
        fit.Convergence.Verdict.ShouldBe(ConvergenceVerdict.Converged);
        fit.LogLikelihood.ShouldBe(expected.GetProperty("logLik").GetDouble(), 2e-7);
        fit.LogLikelihood.ShouldBeGreaterThan(expected.GetProperty("logLik").GetDouble() - 1e-9, "no worse an optimum than the reference's");
        fit.RandomTerms[0].StandardDeviations[0].ShouldBe(expected.GetProperty("sd").GetDouble(), 1e-4);
        var beta = Numbers(expected.GetProperty("beta"));
        for (var j = 0; j < beta.Length; j++) fit.Coefficients()[j].Estimate.ShouldBe(beta[j], 1e-3 * fit.Coefficients()[j].StandardError);
        if (expected.TryGetProperty("parameter", out var parameter)) fit.FamilyParameters[0].ShouldBe(parameter.GetDouble(), 1e-5 * parameter.GetDouble());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Fit_ByQuadrature_IsLikelierThanThatOfLme4(string id)
    {
        // By 25 points, where a second computation is known, and by as many as the skewest integrand, that of the inverse Gaussian, takes for 1e-6.
        var (fit, reference) = (Fit(id, 60), all.Value[id]);
        if (reference.GetProperty("ml").TryGetProperty("logLik25", out var known)) Fit(id, 25).LogLikelihood.ShouldBe(known.GetDouble(), 1e-7);
        var beta = fit.Coefficients().Select(row => row.Estimate).ToArray();
        var ours = IntegratedLikelihood(fit, beta, fit.RandomTerms[0].StandardDeviations[0], fit.FamilyParameters.Count == 0 ? 0 : fit.FamilyParameters[0]);
        fit.LogLikelihood.ShouldBe(ours, 1e-6);
        var lme4 = reference.GetProperty("lme4");
        var parameter = lme4.GetProperty("parameter");
        var theirs = IntegratedLikelihood(
            fit, Numbers(lme4.GetProperty("beta")), lme4.GetProperty("sd").GetDouble(), parameter.ValueKind == JsonValueKind.Null ? 0 : parameter.GetDouble());
        theirs.ShouldBeLessThan(ours - 1e-6);
    }

    /// <summary>The log-likelihood of a model with one random intercept by the trapezoidal rule, which is exact here to all digits.</summary>
    private static double IntegratedLikelihood(GeneralizedMixedModelFit fit, double[] beta, double sd, double parameter)
    {
        const double step = 0.02;
        const int half = 450;
        var (n, term) = (fit.Observations, fit.Design.RandomTerms[0]);
        var sums = new double[term.Levels.Count, (2 * half) + 1];
        for (var i = 0; i < n; i++)
        {
            var eta = 0.0;
            for (var j = 0; j < beta.Length; j++) eta += beta[j] * fit.Design.Fixed.X.Span[i + (j * n)];
            var (y, trials) = (fit.Design.Response.Span[i], fit.Design.Trials.IsEmpty ? 1 : fit.Design.Trials.Span[i]);
            for (var k = 0; k <= 2 * half; k++)
                sums[term.LevelOfRow.Span[i], k] += LogDensity(fit.Family.Name, fit.Family.Link.Name, y, trials, eta + (sd * step * (k - half)), parameter);
        }

        var total = 0.0;
        for (var l = 0; l < term.Levels.Count; l++)
        {
            var logs = Enumerable.Range(0, (2 * half) + 1).Select(k => sums[l, k] - (0.5 * Math.Pow(step * (k - half), 2))).ToArray();
            var largest = logs.Max();
            total += largest + Math.Log(step * logs.Sum(log => Math.Exp(log - largest)) / Math.Sqrt(2 * Math.PI));
        }

        return total;
    }

    /// <summary>The full log-densities, written down apart from those of the library.</summary>
    private static double LogDensity(string family, string link, double y, double trials, double eta, double parameter)
    {
        var mu = Math.Exp(eta);
        switch (family)
        {
            case "nbinom2":
                var rising = 0.0;
                for (var k = 0; k < y; k++) rising += Math.Log((parameter + k) / (k + 1));
                return rising + (parameter * Math.Log(parameter / (parameter + mu))) + (y * Math.Log(mu / (parameter + mu)));
            case "Gamma":
                return (parameter * Math.Log(parameter * y / mu)) - (parameter * y / mu) - Math.Log(y) - GammaFunctions.Log(parameter);
            case "inverse.gaussian":
                return (-(y - mu) * (y - mu) / (2 * parameter * mu * mu * y)) - (0.5 * Math.Log(2 * Math.PI * parameter * y * y * y));
            default:
                var choices = 0.0;
                for (var k = 0; k < y; k++) choices += Math.Log((trials - k) / (k + 1));
                var (failure, success) = link == "cloglog" ? (Math.Exp(-mu), -Math.Exp(-mu) + 1) : (NormalDistribution.Lower(-eta), NormalDistribution.Lower(eta));
                return choices + (y > 0 ? y * Math.Log(success) : 0) + (y < trials ? (trials - y) * Math.Log(failure) : 0);
        }
    }

    private static GeneralizedMixedModelFit Fit(string id, int points)
    {
        var reference = all.Value[id];
        var factors = reference.GetProperty("factors").EnumerateArray().Select(name => name.GetString()!).ToArray();
        var levels = reference.TryGetProperty("levels", out var own)
            ? own.EnumerateObject().ToDictionary(pair => pair.Name, pair => (IReadOnlyList<string>)[.. pair.Value.EnumerateArray().Select(level => level.GetString()!)], StringComparer.Ordinal)
            : [];
        var table = DataTable.ReadCsv(
            Path.Combine(folder, "data", reference.GetProperty("data").GetString()!), new DelimitedOptions { Factors = factors, Levels = levels });
        var family = FamilyCatalogue.Create(reference.GetProperty("family").GetString()!, Link.Find(reference.GetProperty("link").GetString()!));
        return new GeneralizedMixedModel(reference.GetProperty("formula").GetString()!, family!, new() { Quadrature = points })
            .Fit(table, TestContext.Current.CancellationToken);
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];

    private static Dictionary<string, JsonElement> ReadAll()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "reference.json")));
        return document.RootElement.Clone().EnumerateArray().ToDictionary(entry => entry.GetProperty("id").GetString()!, StringComparer.Ordinal);
    }
}

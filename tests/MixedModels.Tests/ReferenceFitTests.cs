using System.Text.RegularExpressions;

namespace MixedModels.Tests;

/// <summary>
/// Whole fits against lme4 on published data. Its optima are good to 1e-6 in the log-likelihood, so that a parameter of curvature h
/// is good to about sqrt(2e-6/h): the tolerances below are shares of standard errors and standard deviations for that reason.
/// Near a boundary lme4 stops where a variance is small, ours at zero: singular fits are compared more loosely.
/// </summary>
public sealed partial class ReferenceFitTests
{
    public static TheoryData<string> Ids => [.. ReferenceFit.Ids];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Fit_ReferenceData_HasTheCriteriaOfTheReference(string id)
    {
        var expected = ReferenceFit.Of(id);
        var fit = expected.Fit;
        var tolerance = expected.IsSingular ? 2e-5 : 2e-6;
        fit.Observations.ShouldBe((int)expected.Number("n"));
        fit.ParameterCount.ShouldBe((int)expected.Number("parameters"));
        fit.LogLikelihood.ShouldBe(expected.Number("logLik"), tolerance);
        fit.Deviance.ShouldBe(expected.Number("criterionValue"), 2 * tolerance);
        fit.Aic.ShouldBe(expected.Number("aic"), 2 * tolerance);
        fit.Bic.ShouldBe(expected.Number("bic"), 2 * tolerance);
        fit.Sigma.ShouldBe(expected.Sigma, 2e-4 * expected.Sigma);
        fit.IsSingular.ShouldBe(expected.IsSingular);
        fit.Convergence.Converged.ShouldBeTrue();
        fit.LogLikelihood.ShouldBeGreaterThan(expected.Number("logLik") - 1e-8, "a better optimum than the reference's is allowed, a worse one is not");
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Fit_ReferenceData_HasTheFixedEffectsOfTheReference(string id)
    {
        var expected = ReferenceFit.Of(id);
        var rows = expected.List("fixed").ToArray();
        var coefficients = expected.Fit.Coefficients();
        coefficients.Select(row => row.Name).ShouldBe(rows.Select(row => row.GetProperty("name").GetString()!));
        for (var j = 0; j < rows.Length; j++)
        {
            var error = rows[j].GetProperty("se").GetDouble();
            coefficients[j].Estimate.ShouldBe(rows[j].GetProperty("estimate").GetDouble(), 1e-5 * error, coefficients[j].Name);
            coefficients[j].StandardError.ShouldBe(error, 1e-4 * error, coefficients[j].Name);
            coefficients[j].Statistic.ShouldBe(coefficients[j].Estimate / coefficients[j].StandardError, 1e-12 * Math.Abs(coefficients[j].Statistic));
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Fit_ReferenceData_HasTheVariancesOfTheReference(string id)
    {
        var expected = ReferenceFit.Of(id);
        foreach (var row in expected.List("random"))
        {
            var (first, second) = (row.GetProperty("var1").GetString()!, row.GetProperty("var2").GetString());
            var group = CopyNumber().Replace(row.GetProperty("group").GetString()!, "");
            var term = expected.Fit.RandomTerms.Single(term => ReferenceFit.IsSameGroup(term.Group, group) && term.ColumnNames.Contains(first, StringComparer.Ordinal));
            var (i, j) = (Index(term, first), second is null ? -1 : Index(term, second));
            var value = row.GetProperty("value").GetDouble();
            var tolerance = expected.IsSingular ? 2e-3 * Math.Max(expected.Sigma, 1) : Math.Max(1e-4, 2e-4 * Math.Abs(value));
            (second is null ? term.StandardDeviations[i] : term.Correlations[i, j]).ShouldBe(value, tolerance, $"{group} {first} {second}");
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Fit_ReferenceData_HasTheFittedValuesOfTheReference(string id)
    {
        var expected = ReferenceFit.Of(id);
        var tolerance = (expected.IsSingular ? 1e-3 : 1e-5) * expected.Sigma;
        Compare([.. expected.Fit.FittedValues.Span], "fitted");
        Compare([.. expected.Fit.Residuals().Span], "residuals");

        void Compare(double[] ours, string property)
        {
            var theirs = expected.List(property).Select(value => value.GetDouble()).ToArray();
            for (var r = 0; r < theirs.Length; r++) ours[r].ShouldBe(theirs[r], tolerance, $"{property} of row {r}");
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Fit_ReferenceData_HasTheConditionalModesOfTheReference(string id)
    {
        var expected = ReferenceFit.Of(id);
        var terms = expected.Fit.ConditionalModes();
        foreach (var row in expected.List("modes"))
        {
            var (group, effect, label) = (row.GetProperty("group").GetString()!, row.GetProperty("term").GetString()!, row.GetProperty("level").GetString()!);
            var term = terms.Single(term => ReferenceFit.IsSameGroup(term.Group, group) && term.ColumnNames.Contains(effect, StringComparer.Ordinal));
            var level = term.Levels.ToList().IndexOf(ReferenceFit.LevelName(term.Group, group, label));
            level.ShouldBeGreaterThanOrEqualTo(0, label);
            var j = term.ColumnNames.ToList().IndexOf(effect);
            var (mode, deviation) = (row.GetProperty("condval").GetDouble(), row.GetProperty("condsd").GetDouble());
            term.Modes[level, j].ShouldBe(mode, (expected.IsSingular ? 2e-3 : 1e-4) * expected.Sigma, $"{group} {label} {effect}");
            if (expected.IsSingular) term.StandardDeviations[level, j].ShouldBe(deviation, 2e-3 * expected.Sigma, $"{group} {label} {effect}");
            else term.StandardDeviations[level, j].ShouldBe(deviation, 1e-3 * deviation, $"{group} {label} {effect}");
        }
    }

    [GeneratedRegex(@"\.\d+$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CopyNumber();

    private static int Index(RandomTermEstimate term, string name) => term.ColumnNames.ToList().IndexOf(name);
}

using System.Globalization;
using MixedModels.Data;
using MixedModels.Estimation.Linear;
using MixedModels.Tests.Estimation.Linear;
using MixedModels.Tests.Estimation.Marginal;

namespace MixedModels.Tests.Inference.Profile;

/// <summary>Profiles of parameters of covariance structures: against dense likelihoods, and against each other where models coincide.</summary>
public sealed class StructureProfileTests
{
    private static readonly DataTable sleepstudy = DataTable.Example("sleepstudy");

    /// <summary>How names of parameters in (−1, 1) begin, near whose ends third derivatives are large.</summary>
    private static readonly string[] bounded = ["rho", "cor", "phi", "theta"];

    /// <summary>Formula, residual structure, variance function, whether by REML.</summary>
    public static TheoryData<string, string?, string?, bool> Models => new()
    {
        { "Reaction ~ Days", "ar1(Days | Subject)", null, true },
        { "Reaction ~ Days + (1 | Subject)", "ar1(Days | Subject)", "exp(Days)", false },
        { "Reaction ~ Days + (1 | Subject)", "sp_exp(Days | Subject, nugget = TRUE)", null, true },
        { "Reaction ~ Days", "us(Phase | Subject:Week)", null, true },
        { "Reaction ~ Days", "arma(Days | Subject, p = 1, q = 1)", null, true },
        { "Reaction ~ Days + ar1(0 + factor(Days) | Subject)", null, null, true },
        { "Reaction ~ Days + hetar1(0 + Week | Subject)", null, null, false },
        { "Reaction ~ Days + homtoep(0 + factor(Phase) | Subject)", null, null, true },
    };

    /// <summary>A random structure without a residual, and the residual structure that is the same model.</summary>
    [Theory]
    [InlineData("us", "us", true)]
    [InlineData("us", "us", false)]
    [InlineData("cs", "csh", true)]
    [InlineData("homcs", "cs", false)]
    [InlineData("ar1", "ar1", true)]
    [InlineData("hetar1", "ar1h", false)]
    [InlineData("toep", "toeph", true)]
    [InlineData("homtoep", "toep", false)]
    public void Of_NoResidualVariance_IsTheProfileOfTheResidualStructure(string random, string residual, bool reml)
    {
        var table = DataTable.Example("Orthodont");
        var criterion = reml ? EstimationCriterion.Reml : EstimationCriterion.MaximumLikelihood;
        var without = new LinearMixedModel($"distance ~ age + {random}(0 + factor(age) | Subject)", new() { Criterion = criterion, HasResidual = false }).FitTo(table);
        var marginal = new LinearMixedModel("distance ~ age", new() { Criterion = criterion, Residual = Residual.Parse($"{residual}(factor(age) | Subject)") }).FitTo(table);
        var (first, second) = (LikelihoodProfile.Of(without, new() { Criterion = criterion }), LikelihoodProfile.Of(marginal, new() { Criterion = criterion }));
        first.Deviance.ShouldBe(second.Deviance, 1e-7);

        // The standard deviation of the first visit is called sigma on the residual side, where it stands last.
        var own = first.Intervals().Where(interval => reml || interval.Parameter is not ("(Intercept)" or "age")).ToArray();
        var other = second.Intervals().Where(interval => reml || interval.Parameter is not ("(Intercept)" or "age")).ToList();
        own.Length.ShouldBe(other.Count);
        ConfidenceInterval[] ordered = [other[^1], .. other.Where(interval => interval.Parameter.StartsWith("sd", StringComparison.Ordinal)), .. other.SkipLast(1).Where(interval => !interval.Parameter.StartsWith("sd", StringComparison.Ordinal))];
        for (var k = 0; k < own.Length; k++)
        {
            var (a, b) = (own[k], ordered[k]);
            a.Estimate.ShouldBe(b.Estimate, 1e-5 * (1 + Math.Abs(b.Estimate)), $"{a.Parameter} and {b.Parameter}");
            a.Lower.ShouldBe(b.Lower, 2e-5 * (1 + Math.Abs(b.Lower)), $"{a.Parameter} and {b.Parameter}");
            a.Upper.ShouldBe(b.Upper, 2e-5 * (1 + Math.Abs(b.Upper)), $"{a.Parameter} and {b.Parameter}");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Of_EveryPoint_IsAnOptimumOfTheDenseLikelihood(string formula, string? residual, string? variance, bool reml)
    {
        var table = TenSubjects();
        var fit = Fit(formula, residual, variance, table, reml);
        var profile = LikelihoodProfile.Of(fit, new() { Criterion = fit.Criterion });
        profile.Deviance.ShouldBe(fit.Deviance, 1e-8);
        profile.Findings.Where(finding => finding.Severity != FindingSeverity.Note).Select(finding => finding.What).ShouldBeEmpty();
        var names = profile.ParameterNames;
        foreach (var parameter in profile.Parameters)
        {
            var held = names.ToList().IndexOf(parameter.Name);
            foreach (var point in parameter.Points.Where((_, i) => i % 4 == 0))
            {
                // The held parameter is read off the state again, by another way than it was put in.
                point.Parameters[held].ShouldBe(point.Value, 1e-8 * (1 + Math.Abs(point.Value)), parameter.Name);
                double[] values = [.. point.Parameters];
                var deviance = Dense(fit, names, values, reml);
                deviance.ShouldBe(profile.Deviance + (point.Zeta * point.Zeta), 1e-6, $"{parameter.Name} at {point.Value}");
                for (var k = reml ? 2 : 0; k < values.Length; k++)
                {
                    if (k == held || IsAtBound(names[k], values[k])) continue;
                    var step = 1e-3 * Math.Max(0.1, Math.Abs(values[k])) * (bounded.Any(start => names[k].StartsWith(start, StringComparison.Ordinal)) ? 0.1 : 1);
                    var (up, down) = (Dense(fit, names, Moved(values, k, step), reml), Dense(fit, names, Moved(values, k, -step), reml));
                    Math.Abs(up - down).ShouldBeLessThan((2e-3 * (up + down - (2 * deviance))) + 1e-5, $"{parameter.Name} at {point.Value}: {names[k]}");
                }
            }
        }
    }

    [Theory]
    [InlineData("car1(Days | Subject)", "phi[residual].car1", "sp_exp(Days | Subject)", "range[residual].sp_exp")]
    public void Of_TheSameModelInAnotherParameter_IsTheTransformedInterval(string first, string firstName, string second, string secondName)
    {
        var phi = Interval(Fit("Reaction ~ Days", first, null, sleepstudy, reml: true), firstName);
        var range = Interval(Fit("Reaction ~ Days", second, null, sleepstudy, reml: true), secondName);
        var rho = Interval(Fit("Reaction ~ Days", "ar1(Days | Subject)", null, sleepstudy, reml: true), "rho[residual].ar1");
        phi.Lower.ShouldBe(Math.Exp(-1 / range.Lower), 1e-6);
        phi.Upper.ShouldBe(Math.Exp(-1 / range.Upper), 1e-6);
        phi.Lower.ShouldBe(rho.Lower, 1e-6);
        phi.Upper.ShouldBe(rho.Upper, 1e-6);
    }

    [Fact]
    public void Of_RandomStructuresThatCoincide_HaveTransformedIntervals()
    {
        var rho = Interval(Fit("Reaction ~ Days + ar1(0 + factor(Days) | Subject)", null, null, sleepstudy, reml: true), "rho[Subject].ar1");
        var rate = Interval(Fit("Reaction ~ Days + ou(0 + Days | Subject)", null, null, sleepstudy, reml: true), "rate[Subject].ou");
        var range = Interval(Fit("Reaction ~ Days + exp(0 + Days | Subject)", null, null, sleepstudy, reml: true), "range[Subject].exp");
        rho.Lower.ShouldBe(Math.Exp(-rate.Upper), 1e-6);
        rho.Upper.ShouldBe(Math.Exp(-rate.Lower), 1e-6);
        range.Lower.ShouldBe(1 / rate.Upper, 1e-6 * range.Upper);
        range.Upper.ShouldBe(1 / rate.Lower, 1e-6 * range.Upper);
    }

    [Fact]
    public void Of_ResidualCompoundSymmetry_IsThatOfARandomIntercept()
    {
        // sd² + sigma² and rho are sigma² and rho of the other: fixed effects have the same profiles.
        var (residual, random) = (Fit("Reaction ~ Days", "cs(Days | Subject)", null, sleepstudy, reml: false), Fit("Reaction ~ Days + (1 | Subject)", null, null, sleepstudy, reml: false));
        foreach (var name in new[] { "(Intercept)", "Days" })
        {
            Interval(residual, name).Lower.ShouldBe(Interval(random, name).Lower, 1e-5);
            Interval(residual, name).Upper.ShouldBe(Interval(random, name).Upper, 1e-5);
        }
    }

    [Fact]
    public void Of_UnstructuredResiduals_CorrelationsDoNotDependOnTheOrderOfVisits()
    {
        var table = Phases();
        var reversed = table.WithColumn(new NumericColumn("Phase", [.. ((NumericColumn)table["Phase"]).Values.ToArray().Select(phase => 10 - phase)]));
        var first = Interval(Fit("Reaction ~ Days", "us(Phase | Subject:Week)", null, table, reml: true), "cor[residual].1.5");
        var second = Interval(Fit("Reaction ~ Days", "us(Phase | Subject:Week)", null, reversed, reml: true), "cor[residual].5.9");
        second.Lower.ShouldBe(first.Lower, 1e-6);
        second.Upper.ShouldBe(first.Upper, 1e-6);
    }

    [Fact]
    public void Of_ANuggetThatMayBeZero_EndsAtTheModelWithoutOne()
    {
        var with = Fit("Reaction ~ Days", "sp_exp(Days | Subject, nugget = TRUE)", null, sleepstudy, reml: true);
        var without = Fit("Reaction ~ Days", "sp_exp(Days | Subject)", null, sleepstudy, reml: true);
        var profile = LikelihoodProfile.Of(with, new() { Criterion = EstimationCriterion.Reml, Parameters = ["nugget[residual].sp_exp"] }).Parameters.Single();
        if (without.Deviance - with.Deviance < 1.9 * 1.9)
        {
            profile.Interval().Lower.ShouldBe(0);
            (profile.Points[0].Zeta * profile.Points[0].Zeta).ShouldBe(without.Deviance - with.Deviance, 1e-4);
        }
        else
        {
            profile.Interval().Lower.ShouldBeGreaterThan(0);
        }
    }

    [Theory]
    [InlineData("ar1h(visit | arm/id)")]
    [InlineData("toeph(visit | id)")]
    [InlineData("adh(visit | id)")]
    [InlineData("corus(visit | id)")]
    [InlineData("sp_gau(time | id)")]
    public void Of_AnyResidualStructure_IntervalsHoldTheirEstimates(string residual)
    {
        var fit = new LinearMixedModel("y ~ x", new() { Residual = Residual.Parse(residual) }).Fit(MarginalDevianceTests.Table());
        var profile = LikelihoodProfile.Of(fit, new() { Criterion = EstimationCriterion.Reml });
        foreach (var (parameter, interval) in profile.Parameters.Zip(profile.Intervals()))
        {
            interval.Lower.ShouldBeLessThan(interval.Estimate, parameter.Name);
            interval.Upper.ShouldBeGreaterThan(interval.Estimate, parameter.Name);
            parameter.Points.Select(point => point.Zeta).ShouldBeInOrder(SortDirection.Ascending);
        }
    }

    private static ConfidenceInterval Interval(LinearMixedModelFit fit, string name) =>
        LikelihoodProfile.Of(fit, new() { Criterion = fit.Criterion, Parameters = [name] }).Intervals().Single();

    private static LinearMixedModelFit Fit(string formula, string? residual, string? variance, DataTable table, bool reml) => new LinearMixedModel(formula, new()
    {
        Criterion = reml ? EstimationCriterion.Reml : EstimationCriterion.MaximumLikelihood,
        Residual = residual is null ? null : Residual.Parse(residual),
        Variance = variance is null ? null : VarianceFunctions.Parse(variance),
    }).Fit(table);

    /// <summary>The first subjects' ten rows each.</summary>
    private static DataTable TenSubjects()
    {
        var table = Phases();
        var reaction = ((NumericColumn)table["Reaction"]).Values.ToArray();
        return table.WithColumn(new NumericColumn("Reaction", [.. reaction.Select((value, r) => r < 100 ? value : double.NaN)]));
    }

    /// <summary>Ten days as five phases of two weeks each, so that structures have repeats.</summary>
    private static DataTable Phases()
    {
        var days = ((NumericColumn)sleepstudy["Days"]).Values.ToArray();
        return sleepstudy
            .WithColumn(new NumericColumn("Phase", [.. days.Select(day => 1 + (day % 5) + (day % 5 > 2 ? 1 : 0) + (day % 5 > 3 ? 4 : 0))]))
            .WithColumn(new FactorColumn("Week", ["a", "b"], [.. days.Select(day => day < 5 ? 0 : 1)], false));
    }

    /// <summary>A nugget of 0, no residual, and Toeplitz correlations, which bound one another.</summary>
    private static bool IsAtBound(string name, double value) =>
        (name.StartsWith("nugget", StringComparison.Ordinal) && value < 1e-3) || (name == "sigma" && value < 1) || name.EndsWith("homtoep", StringComparison.Ordinal);

    private static double[] Moved(double[] values, int k, double by)
    {
        var moved = (double[])values.Clone();
        moved[k] += by;
        return moved;
    }

    /// <summary>The deviance from named parameters alone: V row by row, then as literally as possible.</summary>
    private static double Dense(LinearMixedModelFit fit, IReadOnlyList<string> names, double[] values, bool reml)
    {
        var own = names.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        var (data, n) = (LinearData.From(fit.Design), fit.Observations);
        var V = new double[n, n];
        for (var a = 0; a < n; a++)
        {
            for (var b = 0; b < n; b++)
            {
                if (a / 10 != b / 10) continue;
                if (fit.Design.Residual is { } design && design.SubjectOfRow[a] == design.SubjectOfRow[b])
                    V[a, b] += OfResiduals(design.Clause.Structure, design.SiteNames[design.SiteOfRow[a]], design.SiteNames[design.SiteOfRow[b]], own);
                if (fit.Design.Residual is null && a == b) V[a, b] += own["sigma"] * own["sigma"];
                foreach (var term in fit.Design.RandomTerms.Where(term => term.LevelOfRow.Span[a] == term.LevelOfRow.Span[b])) V[a, b] += Effects(term, a, b, own, n);
            }
        }

        return DenseLikelihood.Deviance(data, V, values[..data.p], reml);
    }

    private static double OfResiduals(string structure, string first, string second, Dictionary<string, double> own)
    {
        var sigma = own["sigma"];
        if (structure == "us")
        {
            double Sd(string visit) => own.TryGetValue($"sd[residual].{visit}", out var sd) ? sd : sigma;
            var correlation = first == second ? 1 : own.TryGetValue($"cor[residual].{first}.{second}", out var rho) ? rho : own[$"cor[residual].{second}.{first}"];
            return Sd(first) * Sd(second) * correlation;
        }

        var (x, z) = (double.Parse(first, CultureInfo.InvariantCulture), double.Parse(second, CultureInfo.InvariantCulture));
        var scale = own.TryGetValue("expon[variance]", out var rate) ? Math.Exp(rate * (x + z)) : 1;
        if (x == z) return sigma * sigma * scale;
        return sigma * sigma * scale * structure switch
        {
            "ar1" => Math.Pow(own["rho[residual].ar1"], Math.Abs(x - z)),
            "arma" => MixedCorrelation(own["phi1[residual].arma"], own["theta1[residual].arma"], Math.Abs(x - z)),
            _ => (1 - own["nugget[residual].sp_exp"]) * Math.Exp(-Math.Abs(x - z) / own["range[residual].sp_exp"]),
        };
    }

    /// <summary>The autocorrelation of ARMA(1, 1) at a lag above 0 (Box, Jenkins and Reinsel 1994, equation 3.4.8).</summary>
    private static double MixedCorrelation(double phi, double theta, double lag) =>
        (1 + (phi * theta)) * (phi + theta) / (1 + (theta * theta) + (2 * phi * theta)) * Math.Pow(phi, lag - 1);

    private static double Effects(MixedModels.Design.RandomTermDesign term, int a, int b, Dictionary<string, double> own, int n)
    {
        var sum = 0.0;
        for (var i = 0; i < term.ColumnNames.Count; i++)
        {
            for (var j = 0; j < term.ColumnNames.Count; j++)
            {
                double Sd(int effect) => own[own.ContainsKey($"sd[{term.Group}].{term.Structure}") ? $"sd[{term.Group}].{term.Structure}" : $"sd[{term.Group}].{term.ColumnNames[effect]}"];
                var lag = Math.Abs(i - j);
                var correlation = lag == 0 ? 1 : term.Structure == "homtoep" ? own[$"rho{lag}[{term.Group}].homtoep"] : Math.Pow(own[$"rho[{term.Group}].{term.Structure}"], lag);
                sum += term.Z.Span[a + (i * n)] * Sd(i) * Sd(j) * correlation * term.Z.Span[b + (j * n)];
            }
        }

        return sum;
    }
}

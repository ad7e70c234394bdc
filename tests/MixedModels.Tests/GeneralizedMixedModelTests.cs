using MixedModels.Data;
using MixedModels.Families;
using MixedModels.Formula;

namespace MixedModels.Tests;

public class GeneralizedMixedModelTests
{
    private const string Cbpp = "cbind(incidence, size - incidence) ~ period + (1 | herd)";

    private static readonly DataTable herds = DataTable.Example("cbpp");

    [Fact]
    public void Fit_Cbpp_IsThatOfLme4()
    {
        // lme4 1.1-31 with its optimum polished, and glmmTMB 1.1.5, which agree in all digits shown.
        var fit = new GeneralizedMixedModel(Cbpp, Family.Binomial()).Fit(herds, TestContext.Current.CancellationToken);
        fit.LogLikelihood.ShouldBe(-92.02628186, 1e-7);
        fit.Convergence.Verdict.ShouldBe(ConvergenceVerdict.Converged);
        fit.ParameterCount.ShouldBe(5);
        fit.RandomTerms[0].StandardDeviations[0].ShouldBe(0.6423, 1e-4);
        var rows = fit.Coefficients();
        rows.Method.ShouldBe(DegreesOfFreedom.None);
        rows[0].Estimate.ShouldBe(-1.3985, 1e-4);
        rows[1].StandardError.ShouldBe(0.3066, 1e-4);
        rows[1].DegreesOfFreedom.ShouldBeNull();
        fit.Method.ShouldBe("Laplace");
    }

    [Fact]
    public void Fit_CbppByNinePoints_IsThatOfLme4()
    {
        // lme4 drops the saturated constant beyond one point; its value with the full density is the one below.
        var fit = new GeneralizedMixedModel(Cbpp, Family.Binomial(), new() { Quadrature = 9 }).Fit(herds, TestContext.Current.CancellationToken);
        fit.Method.ShouldBe("AGQ(9)");
        fit.LogLikelihood.ShouldBe(-91.98337180, 1e-6);
        fit.Convergence.Converged.ShouldBeTrue();
        fit.RandomTerms[0].StandardDeviations[0].ShouldBe(0.6475177, 1e-4);
    }

    [Fact]
    public void Fit_QuadratureOfCrossedTerms_IsRefusedAndSaysWhereItApplies()
    {
        var model = new GeneralizedMixedModel("cbind(incidence, size - incidence) ~ 1 + (1 | herd) + (1 | period)", Family.Binomial(), new() { Quadrature = 5 });
        Should.Throw<InferenceException>(() => model.Fit(herds, TestContext.Current.CancellationToken)).Message.ShouldContain("share one grouping factor");
        Should.Throw<InferenceException>(() => new GeneralizedMixedModel(Cbpp, Family.Binomial(), new() { Quadrature = 101 }));
    }

    [Fact]
    public void Fit_FormsOfTheSameResponse_AreTheSameFit()
    {
        var table = Extended();
        var reference = new GeneralizedMixedModel(Cbpp, Family.Binomial()).Fit(table, TestContext.Current.CancellationToken).LogLikelihood;
        new GeneralizedMixedModel("incidence ~ period + (1 | herd)", Family.Binomial(), new() { Trials = "size" }).Fit(table, TestContext.Current.CancellationToken)
            .LogLikelihood.ShouldBe(reference, 1e-9);
        new GeneralizedMixedModel("share ~ period + (1 | herd)", Family.Binomial(), new() { Weights = "size" }).Fit(table, TestContext.Current.CancellationToken)
            .LogLikelihood.ShouldBe(reference, 1e-9);
    }

    [Fact]
    public void Fit_TwoLevelFactorAndNumbers_AreTheSameFit()
    {
        var words = new GeneralizedMixedModel("ill ~ size + (1 | herd)", Family.Binomial()).Fit(Extended(), TestContext.Current.CancellationToken);
        var numbers = new GeneralizedMixedModel("any ~ size + (1 | herd)", Family.Binomial()).Fit(Extended(), TestContext.Current.CancellationToken);
        words.Deviance.ShouldBe(numbers.Deviance, 1e-10);
        words.Coefficients()[1].Estimate.ShouldBe(numbers.Coefficients()[1].Estimate, 1e-10);
    }

    [Fact]
    public void Fit_GaussianIdentity_IsTheLinearEngine()
    {
        const string formula = "Reaction ~ Days + (Days | Subject)";
        var table = DataTable.Example("sleepstudy");
        var linear = new LinearMixedModel(formula, new() { Criterion = EstimationCriterion.MaximumLikelihood }).Fit(table, TestContext.Current.CancellationToken);
        var generalized = new GeneralizedMixedModel(formula, Family.Gaussian()).Fit(table, TestContext.Current.CancellationToken);
        generalized.Deviance.ShouldBe(linear.Deviance, 1e-7);
        generalized.FamilyParameters[0].ShouldBe(linear.Sigma, 1e-4);
        generalized.ParameterCount.ShouldBe(linear.ParameterCount);
        for (var j = 0; j < 2; j++)
        {
            generalized.Coefficients()[j].Estimate.ShouldBe(linear.Coefficients()[j].Estimate, 1e-5);
            generalized.RandomTerms[0].StandardDeviations[j].ShouldBe(linear.RandomTerms[0].StandardDeviations[j], 1e-3);
        }

        generalized.ConditionalModes()[0].Modes[3, 1].ShouldBe(linear.ConditionalModes()[0].Modes[3, 1], 1e-3);
        generalized.ConditionalModes()[0].StandardDeviations[3, 1].ShouldBe(linear.ConditionalModes()[0].StandardDeviations[3, 1], 1e-3);
    }

    [Fact]
    public void Fit_ReducedRank_IsThatOfGlmmTMB()
    {
        // glmmTMB 1.1.5. A start with each latent variable on an effect of its own leads to another optimum, at 2233.19.
        var model = new GeneralizedMixedModel("TICKS ~ cHEIGHT + YEAR + rr(0 + YEAR | LOCATION, d = 2)", Family.Poisson());
        var fit = model.Fit(DataTable.Example("grouseticks"), TestContext.Current.CancellationToken);
        fit.Deviance.ShouldBe(2223.87137, 1e-4);
        fit.Convergence.Verdict.ShouldBe(ConvergenceVerdict.Converged);
    }

    [Fact]
    public void Fit_WithoutVariance_IsSingularAndProved()
    {
        // Fixed effects of the herds leave nothing for their variance.
        var fit = new GeneralizedMixedModel("cbind(size - incidence, incidence) ~ block + (1 | block)", Family.Binomial()).Fit(Extended(), TestContext.Current.CancellationToken);
        fit.IsSingular.ShouldBeTrue();
        fit.Convergence.Verdict.ShouldBe(ConvergenceVerdict.Boundary);
        fit.Convergence.MinimumConeEigenvalue!.Value.ShouldBeGreaterThan(-1e-6);
        fit.RandomTerms[0].StandardDeviations[0].ShouldBe(0);
        fit.Findings.ShouldContain(finding => finding.Rule == "singular");
    }

    [Fact]
    public void Save_AndLoad_GiveTheSameBits()
    {
        var path = Path.Combine(Path.GetTempPath(), $"cbpp-{Guid.NewGuid():N}.fit");
        try
        {
            var fit = new GeneralizedMixedModel(Cbpp, Family.Binomial()).Fit(herds, TestContext.Current.CancellationToken);
            fit.Save(path);
            var loaded = GeneralizedMixedModelFit.Load(path);
            loaded.Coefficients()[2].StandardError.ShouldBe(fit.Coefficients()[2].StandardError);
            loaded.ConditionalModes()[0].Modes[4, 0].ShouldBe(fit.ConditionalModes()[0].Modes[4, 0], 1e-9);
            loaded.Family.ToString().ShouldBe("binomial(logit)");
            Should.Throw<DataException>(() => LinearMixedModelFit.Load(path)).Message.ShouldContain("generalized");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void TestTerms_OfPeriod_IsWaldsChiSquare()
    {
        var fit = new GeneralizedMixedModel(Cbpp, Family.Binomial()).Fit(herds, TestContext.Current.CancellationToken);
        var tests = fit.TestTerms();
        tests.Statistic.ShouldBe(TestStatistic.ChiSquared);
        tests.Count.ShouldBe(1);

        // The same from the three coefficients and their covariance; and car::Anova of the glmmTMB fit.
        tests[0].Statistic.ShouldBe(fit.Test(["period2 = 0", "period3 = 0", "period4 = 0"]).Joint.Statistic * 3, 1e-8);
        tests[0].Statistic.ShouldBe(24.94856701, 1e-4);
        Should.Throw<InferenceException>(() => fit.Coefficients(DegreesOfFreedom.Satterthwaite)).Message.ShouldContain("z tests");
    }

    [Theory]
    [InlineData("herd ~ period + (1 | period)", "two")]
    [InlineData("cbind(incidence, size - incidence - 20) ~ period + (1 | herd)", "failures in row")]
    [InlineData("cbind(incidence - 1, size) ~ period + (1 | herd)", "row")]
    [InlineData("cbind(0 * incidence, size) ~ period + (1 | herd)", "0 in all")]
    [InlineData("cbind(size, 0 * incidence) ~ period + (1 | herd)", "no failure")]
    [InlineData("share ~ period + (1 | herd)", "whole")]
    public void Fit_ResponsesThatAreNone_AreNamed(string formula, string message)
    {
        var failure = Should.Throw<Exception>(() => new GeneralizedMixedModel(formula, Family.Binomial()).Fit(Extended(), TestContext.Current.CancellationToken));
        (failure is DataException or FormulaException).ShouldBeTrue();
        failure.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("poisson", "share ~ 1 + (1 | herd)", "whole")]
    [InlineData("poisson", "I(incidence - 1) ~ 1 + (1 | herd)", "negative")]
    [InlineData("Gamma", "incidence ~ 1 + (1 | herd)", "positive")]
    [InlineData("inverse.gaussian", "incidence ~ 1 + (1 | herd)", "positive")]
    [InlineData("nbinom2", "share ~ 1 + (1 | herd)", "whole")]
    public void Fit_OutsideTheSupport_NamesRowAndValue(string family, string formula, string message)
    {
        var failure = Should.Throw<DataException>(() => new GeneralizedMixedModel(formula, FamilyCatalogue.Create(family)!).Fit(Extended(), TestContext.Current.CancellationToken));
        failure.Message.ShouldContain(message);
        failure.Message.ShouldContain("row");
    }

    [Fact]
    public void Constructor_LinkNotOfTheFamily_NamesThoseThatAre() =>
        Should.Throw<InferenceException>(() => new GeneralizedMixedModel("y ~ 1 + (1 | g)", Family.Poisson(Link.Probit))).Message.ShouldContain("log, identity, sqrt");

    [Fact]
    public void Fit_CompleteSeparation_IsAFindingThatNamesTheCoefficient()
    {
        // Every row of period 4 without a case.
        var table = Extended();
        var fit = new GeneralizedMixedModel("cbind(early, size - early) ~ late + (1 | herd)", Family.Binomial()).Fit(table, TestContext.Current.CancellationToken);
        var finding = fit.Findings.ShouldHaveSingleItem();
        finding.Rule.ShouldBe("separated");
        finding.What.ShouldContain("late");
    }

    [Fact]
    public void Predict_Link_IsThatOfLme4()
    {
        // lme4 1.1-31, predict(type = "link"), first rows; with re.form = NA the population's.
        var fit = new GeneralizedMixedModel(Cbpp, Family.Binomial()).Fit(herds, TestContext.Current.CancellationToken);
        var link = fit.Predict(new PredictionOptions { Scale = PredictionScale.Link });
        double[] expected = [-0.808512114954173, -1.80084482284826, -1.93718419018513, -2.38882593938168];
        for (var i = 0; i < expected.Length; i++) link[i].Fit.ShouldBe(expected[i], 1e-5);
        var population = fit.Predict(herds, new() { Target = PredictionTarget.Population, Scale = PredictionScale.Link });
        population[0].Fit.ShouldBe(fit.Coefficients()[0].Estimate, 1e-12);
        fit.Predict(herds)[5].Fit.ShouldBe(fit.FittedValues.Span[5], 1e-12);
    }

    [Fact]
    public void Predict_Intervals_AreThoseOfTheLinkCarriedOver()
    {
        var fit = new GeneralizedMixedModel(Cbpp, Family.Binomial()).Fit(herds, TestContext.Current.CancellationToken);
        var options = new PredictionOptions { Target = PredictionTarget.Population, Interval = 0.95, Scale = PredictionScale.Link };
        var (link, response) = (fit.Predict(herds, options)[0], fit.Predict(herds, options with { Scale = PredictionScale.Response })[0]);
        link.StandardError!.Value.ShouldBe(fit.Coefficients()[0].StandardError, 1e-9);
        link.Upper!.Value.ShouldBe(link.Fit + (1.959963984540054 * link.StandardError.Value), 1e-9);
        response.Upper!.Value.ShouldBe(1 / (1 + Math.Exp(-link.Upper.Value)), 1e-12);
        response.StandardError!.Value.ShouldBe(response.Fit * (1 - response.Fit) * link.StandardError.Value, 1e-12);
        var conditional = fit.Predict(herds, options with { Target = PredictionTarget.Conditional })[0].StandardError!.Value;
        conditional.ShouldBeGreaterThan(0.1);
        var unseen = herds.Columns.Where(column => column.Name != "herd").Append(new FactorColumn("herd", ["new"], new int[herds.RowCount]));
        var outside = fit.Predict(new DataTable([.. unseen]), options with { Target = PredictionTarget.Conditional, NewLevels = NewLevels.Population })[0];
        outside.StandardError!.Value.ShouldBe(Math.Sqrt(Math.Pow(link.StandardError.Value, 2) + fit.RandomTerms[0].Covariance[0, 0]), 1e-9);
        Should.Throw<InferenceException>(() => fit.Predict(herds, options with { Uncertainty = PredictionUncertainty.Observation })).Message.ShouldContain("all random terms");
    }

    [Fact]
    public void Predict_GaussianIdentity_HasTheStandardErrorsOfTheLinearEngine()
    {
        const string formula = "Reaction ~ Days + (Days | Subject)";
        var table = DataTable.Example("sleepstudy");
        var linear = new LinearMixedModel(formula, new() { Criterion = EstimationCriterion.MaximumLikelihood, DegreesOfFreedom = DegreesOfFreedom.None }).Fit(table, TestContext.Current.CancellationToken);
        var generalized = new GeneralizedMixedModel(formula, Family.Gaussian()).Fit(table, TestContext.Current.CancellationToken);
        var options = new PredictionOptions { StandardErrors = true };
        var (one, other) = (linear.Predict(table, options), generalized.Predict(table, options));
        for (var i = 0; i < one.Count; i += 17) other[i].StandardError!.Value.ShouldBe(one[i].StandardError!.Value, 2e-3);
    }

    [Fact]
    public void Residuals_OfEveryKind_AreWhatTheySay()
    {
        var fit = new GeneralizedMixedModel(Cbpp, Family.Binomial()).Fit(herds, TestContext.Current.CancellationToken);
        var (y, m) = (fit.Design.Response.Span[3], fit.Design.Trials.Span[3]);
        var mu = fit.FittedValues.Span[3];
        fit.Residuals(GeneralizedResidualKind.Response).Span[3].ShouldBe((y / m) - mu, 1e-12);
        fit.Residuals(GeneralizedResidualKind.Pearson).Span[3].ShouldBe((y - (m * mu)) / Math.Sqrt(m * mu * (1 - mu)), 1e-12);
        double Term(double a, double b) => a > 0 ? a * Math.Log(a / b) : 0;
        var deviance = 2 * (Term(y, m * mu) + Term(m - y, m * (1 - mu)));
        fit.Residuals().Span[3].ShouldBe(Math.Sign(y - (m * mu)) * Math.Sqrt(deviance), 1e-12);
        fit.Residuals(GeneralizedResidualKind.RandomizedQuantile, 7).ToArray().ShouldBe(fit.Residuals(GeneralizedResidualKind.RandomizedQuantile, 7).ToArray());
    }

    [Fact]
    public void Residuals_RandomizedQuantileOfARightModel_AreStandardNormal()
    {
        var table = Simulated(600, 30);
        var fit = new GeneralizedMixedModel("y ~ x + (1 | g)", Family.Poisson()).Fit(table, TestContext.Current.CancellationToken);
        var residuals = fit.Residuals(GeneralizedResidualKind.RandomizedQuantile).ToArray();
        residuals.Average().ShouldBe(0, 0.12);
        residuals.Select(value => value * value).Average().ShouldBe(1, 0.15);
    }

    [Fact]
    public void Simulate_FromAFit_GivesTheParametersBack()
    {
        var fit = new GeneralizedMixedModel("y ~ x + (1 | g)", Family.Poisson()).Fit(Simulated(1500, 100), TestContext.Current.CancellationToken);
        fit.Coefficients()[0].Estimate.ShouldBe(0.8, 4 * fit.Coefficients()[0].StandardError);
        fit.Coefficients()[1].Estimate.ShouldBe(0.3, 4 * fit.Coefficients()[1].StandardError);
        fit.RandomTerms[0].StandardDeviations[0].ShouldBe(0.5, 0.15);
        var drawn = fit.Simulate(3, 9);
        fit.Simulate(2, 9)[17, 1].ShouldBe(drawn[17, 1]);
        fit.Simulate(1, 9, new() { Conditional = true })[17, 0].ShouldBeGreaterThanOrEqualTo(0);
        var columns = fit.Design.Data.Columns.Where(column => column.Name != "y").Append(new NumericColumn("y", [.. Enumerable.Range(0, 1500).Select(i => drawn[i, 2])]));
        var again = new GeneralizedMixedModel("y ~ x + (1 | g)", Family.Poisson()).Fit(new DataTable([.. columns]), TestContext.Current.CancellationToken);
        again.Coefficients()[1].Estimate.ShouldBe(fit.Coefficients()[1].Estimate, 4 * fit.Coefficients()[1].StandardError);
    }

    [Fact]
    public void Comparison_OfNestedFits_IsTheLikelihoodRatio()
    {
        var large = new GeneralizedMixedModel(Cbpp, Family.Binomial()).Fit(herds, TestContext.Current.CancellationToken);
        var small = new GeneralizedMixedModel("cbind(incidence, size - incidence) ~ 1 + (1 | herd)", Family.Binomial()).Fit(herds, TestContext.Current.CancellationToken);
        var comparison = ModelComparison.Of([large, small]);
        comparison.Models[1].ChiSquare!.Value.ShouldBe(small.Deviance - large.Deviance, 1e-12);
        comparison.Models[1].DegreesOfFreedom.ShouldBe(3);
        var probit = new GeneralizedMixedModel(Cbpp, Family.Binomial(Link.Probit)).Fit(herds, TestContext.Current.CancellationToken);
        var others = ModelComparison.Of([small, probit]);
        others.Models[1].ChiSquare.ShouldBeNull();
        others.Findings.ShouldContain(finding => finding.Rule == "other-family");
        var nine = new GeneralizedMixedModel(Cbpp, Family.Binomial(), new() { Quadrature = 9 }).Fit(herds, TestContext.Current.CancellationToken);
        Should.Throw<InferenceException>(() => ModelComparison.Of([small, nine])).Message.ShouldContain("AGQ(9)");
    }

    /// <summary>Poisson counts with log mean 0.8 + 0.3 x + b, b of SD 0.5 over some groups, from a fixed seed.</summary>
    private static DataTable Simulated(int n, int groups)
    {
        var random = new MixedModels.Execution.RandomStream(77, 0);
        var effects = Enumerable.Range(0, groups).Select(_ => 0.5 * random.NextNormal()).ToArray();
        var (x, y, g) = (new double[n], new double[n], new int[n]);
        for (var i = 0; i < n; i++)
        {
            (x[i], g[i]) = (random.NextNormal(), i % groups);
            y[i] = Family.Poisson().Draw(random, 1, 1, Math.Exp(0.8 + (0.3 * x[i]) + effects[g[i]]), []);
        }

        return new([new NumericColumn("x", x), new FactorColumn("g", [.. Enumerable.Range(0, groups).Select(k => $"g{k}")], g), new NumericColumn("y", y)]);
    }

    private static DataTable Extended()
    {
        var incidence = ((NumericColumn)herds["incidence"]).Values.ToArray();
        var size = ((NumericColumn)herds["size"]).Values.ToArray();
        var period = (FactorColumn)herds["period"];
        double[] late = [.. period.Codes.ToArray().Select(code => code == 3 ? 1.0 : 0)];
        return new([
            .. herds.Columns,
            new NumericColumn("share", [.. incidence.Zip(size, (a, b) => a / b)]),
            new NumericColumn("any", [.. incidence.Select(value => value > 0 ? 1.0 : 0)]),
            new FactorColumn("ill", ["no", "yes"], [.. incidence.Select(value => value > 0 ? 1 : 0)]),
            new FactorColumn("block", ["a", "b", "c", "d"], [.. incidence.Select((_, i) => i % 4)]),
            new NumericColumn("late", late),
            new NumericColumn("early", [.. incidence.Zip(late, (a, b) => b > 0 ? 0 : a)]),
        ]);
    }
}

using MixedModels.Data;
using MixedModels.Formula;
using MixedModels.LinearAlgebra;

namespace MixedModels.Tests;

/// <summary>Fits with residual structures and variance functions: identities, what a fit says, and refusals.</summary>
public sealed class ResidualFitTests
{
    private static readonly DataTable sleep = DataTable.Example("sleepstudy");

    private static LinearMixedModelFit Fit(string formula, string? residual, string? variance = null, bool reml = true) => new LinearMixedModel(formula, new()
    {
        Criterion = reml ? EstimationCriterion.Reml : EstimationCriterion.MaximumLikelihood,
        Residual = residual is null ? null : Residual.Parse(residual),
        Variance = variance is null ? null : VarianceFunctions.Parse(variance),
    }).Fit(sleep);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fit_CompoundSymmetry_IsTheRandomIntercept(bool reml)
    {
        var (marginal, conditional) = (Fit("Reaction ~ Days", "cs(1 | Subject)", reml: reml), Fit("Reaction ~ Days + (1 | Subject)", null, reml: reml));
        marginal.Deviance.ShouldBe(conditional.Deviance, 1e-7);
        var variance = conditional.RandomTerms[0].Covariance[0, 0];
        marginal.Sigma.ShouldBe(Math.Sqrt(variance + (conditional.Sigma * conditional.Sigma)), 1e-5);
        marginal.Residual!.Parameters.Single().Value.ShouldBe(variance / (marginal.Sigma * marginal.Sigma), 1e-6);
        var (first, second) = (marginal.Coefficients(), conditional.Coefficients());
        for (var j = 0; j < first.Count; j++)
        {
            first[j].StandardError.ShouldBe(second[j].StandardError, 1e-6 * second[j].StandardError);
            first[j].DegreesOfFreedom!.Value.ShouldBe(second[j].DegreesOfFreedom!.Value, 1e-3 * second[j].DegreesOfFreedom!.Value);
        }
    }

    [Fact]
    public void Fit_TextAndTyped_AreOneModel()
    {
        var typed = new LinearMixedModel("Reaction ~ Days", new() { Residual = Residual.Ar1(order: "Days", within: "Subject"), Variance = VarianceFunctions.Exponential("Days") }).Fit(sleep);
        typed.Deviance.ShouldBe(Fit("Reaction ~ Days", "ar1(Days | Subject)", "exp(Days)").Deviance);
        typed.ParameterCount.ShouldBe(5);
    }

    [Fact]
    public void Fit_RowsInAnotherOrder_IsTheSame()
    {
        var reversed = new DataTable([.. sleep.Columns.Select(Reversed)]);
        var options = new LinearMixedModelOptions { Residual = "ar1h(Days | Subject)" };
        new LinearMixedModel("Reaction ~ Days", options).Fit(reversed).Deviance.ShouldBe(new LinearMixedModel("Reaction ~ Days", options).Fit(sleep).Deviance, 1e-7);
    }

    [Fact]
    public void Fit_StructureThatHoldsAnother_IsNoWorse()
    {
        var ar1 = Fit("Reaction ~ Days", "ar1(Days | Subject)").Deviance;
        var toep = Fit("Reaction ~ Days", "toep(Days | Subject)").Deviance;
        var corus = Fit("Reaction ~ Days", "corus(Days | Subject)").Deviance;
        var us = Fit("Reaction ~ Days", "us(Days | Subject)").Deviance;
        toep.ShouldBeLessThan(ar1);
        corus.ShouldBeLessThan(toep);
        us.ShouldBeLessThan(corus);
        Fit("Reaction ~ Days", "car1(Days | Subject)").Deviance.ShouldBe(ar1, 1e-7, "the correlation is positive");
        Fit("Reaction ~ Days", "arma(Days | Subject, p = 1, q = 0)").Deviance.ShouldBe(ar1, 1e-7);
    }

    [Fact]
    public void Fit_HeldParameter_StaysAndIsNotCounted()
    {
        var free = Fit("Reaction ~ Days", null, "exp(Days)");
        var rate = free.Residual!.Variance.Single().Value;
        var held = Fit("Reaction ~ Days", null, FormattableString.Invariant($"exp(Days, expon = {rate:R})"));
        held.Deviance.ShouldBe(free.Deviance, 1e-8);
        held.ParameterCount.ShouldBe(free.ParameterCount - 1);
        held.Sigma.ShouldBe(free.Sigma, 1e-8 * free.Sigma);
        held.Residual!.Variance.Single().Value.ShouldBe(rate, 1e-12);
    }

    [Theory]
    [InlineData(28, 0.15, 0.95, 0.0, 0.05, "csh(t | id)")]
    [InlineData(45, 0.0, 0.4, 2.0, 0.0, "csh(t | id)")]
    public void Fit_VisitWithoutResidualVariance_IsALimitWithNumbers(int seed, double missing, double rho, double between, double noise, string residual)
    {
        // The random intercept takes all of one visit's variance: its residual standard deviation runs to zero, where R⁻¹ has no digit left.
        var table = FewSubjects(seed, missing, rho, between, noise);
        LinearMixedModelFit FitWith(string formula) => new LinearMixedModel(formula, new() { Residual = Residual.Parse(residual) }).FitTo(table);
        var (fit, without) = (FitWith("y ~ x + (1 | id)"), FitWith("y ~ x"));
        fit.Convergence.Verdict.ShouldBe(ConvergenceVerdict.NotIdentified);
        fit.Findings.ShouldContain(finding => finding.Rule == "residual-not-identified");
        fit.Deviance.ShouldBe(fit.Optimum.Value, 2e-3);
        fit.Deviance.ShouldBeLessThan(without.Deviance - 0.5);
        fit.Sigma.ShouldBeGreaterThan(0);
        fit.Residual!.Groups.Single().StandardDeviations.Min().ShouldBeLessThan(1e-3);
        fit.Coefficients(DegreesOfFreedom.None).ShouldAllBe(row => double.IsFinite(row.Estimate) && row.StandardError > 0);
        fit.MarginalCovariance("id", "s00").Values.Values.ToArray().ShouldAllBe(value => double.IsFinite(value));
    }

    private static DataTable FewSubjects(int seed, double missing, double rho, double between, double noise)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var (subjects, visits) = (8 + random.Next(20), 3 + random.Next(3));
        for (var skipped = 0; skipped < 5; skipped++) random.Next(2);
        var rows = new List<(double Y, double T, double X, string Id)>();
        for (var s = 0; s < subjects; s++)
        {
            var (own, e) = (between * Normal(), Normal());
            for (var t = 0; t < visits; t++)
            {
                if (t > 0) e = (rho * e) + (Math.Sqrt(1 - (rho * rho)) * Normal());
                var x = Normal();
                var y = 1 + (0.5 * x) + own + e + (noise * Normal());
                if (!(random.NextDouble() < missing)) rows.Add((y, t, x, FormattableString.Invariant($"s{s:00}")));
            }
        }

        return new DataTableBuilder().Add("y", [.. rows.Select(row => row.Y)]).Add("t", [.. rows.Select(row => row.T)])
            .Add("x", [.. rows.Select(row => row.X)]).Add("id", [.. rows.Select(row => row.Id)]).Build();
    }

    [Fact]
    public void Fit_Normalised_ResidualsAreWhite()
    {
        var fit = Fit("Reaction ~ Days", "us(Days | Subject)", reml: false);
        var e = fit.Residuals(ResidualKind.Normalized).ToArray();
        (Vectors.SumOfSquares(e) / e.Length).ShouldBe(1, 1e-9);
        var scaled = fit.Residuals(ResidualKind.Scaled).ToArray();
        var visits = fit.Residual!.Groups.Single();
        var raw = fit.Residuals().ToArray();
        for (var r = 0; r < 10; r++) scaled[r].ShouldBe(raw[r] / visits.StandardDeviations[r], 1e-10);
    }

    [Fact]
    public void MarginalCovariance_OfASubject_IsRandomPlusResidual()
    {
        var fit = Fit("Reaction ~ Days + (1 | Subject)", "ar1(Days | Subject)", "exp(Days)");
        var (V, R) = (fit.MarginalCovariance("Subject", "308"), fit.ResidualCovariance("Subject", "308"));
        var (rho, rate) = (fit.Residual!.Parameters.Single().Value, fit.Residual.Variance.Single().Value);
        var random = fit.RandomTerms[0].Covariance[0, 0];
        for (var i = 0; i < 10; i++)
        {
            for (var j = 0; j < 10; j++)
            {
                var expected = fit.Sigma * fit.Sigma * Math.Exp(rate * (i + j)) * Math.Pow(rho, Math.Abs(i - j));
                R.Values[i, j].ShouldBe(expected, 1e-8 * Math.Abs(expected));
                V.Values[i, j].ShouldBe(expected + random, 1e-8 * (expected + random));
            }
        }

        R.Correlations[1, 0].ShouldBe(rho, 1e-10);
        Fit("Reaction ~ Days", "ar1(Days | Subject)").ResidualCovariance("Subject", "308").Values.Rows.ShouldBe(10);
    }

    [Fact]
    public void Simulate_ManyReplicates_HaveTheMarginalCovariance()
    {
        var fit = Fit("Reaction ~ Days + (1 | Subject)", "ar1(Days | Subject)", "exp(Days)");
        var draws = fit.Simulate(4000, seed: 3);
        var V = fit.MarginalCovariance("Subject", "308").Values;
        var mean = fit.Predict(new() { Target = PredictionTarget.Population });
        for (var i = 0; i < 10; i += 3)
        {
            var sum = 0.0;
            for (var k = 0; k < 4000; k++) sum += (draws[i, k] - mean[i].Fit) * (draws[9, k] - mean[9].Fit);
            var error = Math.Sqrt(((V[i, i] * V[9, 9]) + (V[i, 9] * V[i, 9])) / 4000);
            (sum / 4000).ShouldBe(V[i, 9], 4 * error);
        }
    }

    [Theory]
    [InlineData("Reaction ~ Days + (Days | Subject)", "ar1(Days | Subject)", "exp(Days)")]
    [InlineData("Reaction ~ Days", "us(Days | Subject)", null)]
    [InlineData("Reaction ~ Days + (1 | Subject)", null, "power(fitted)")]
    public void Save_AndLoad_GivesTheSameFit(string formula, string? residual, string? variance)
    {
        var fit = Fit(formula, residual, variance);
        var path = Path.GetTempFileName();
        try
        {
            fit.Save(path);
            var loaded = LinearMixedModelFit.Load(path);
            loaded.Deviance.ShouldBe(fit.Deviance, 1e-9);
            loaded.Sigma.ShouldBe(fit.Sigma);
            loaded.Coefficients()[1].DegreesOfFreedom.ShouldBe(fit.Coefficients()[1].DegreesOfFreedom);
            loaded.Residual!.Variance.ShouldBe(fit.Residual!.Variance);
            loaded.Model.Options.Residual?.Text.ShouldBe(residual);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Fit_FromAnotherFit_StartsThere()
    {
        var model = new LinearMixedModel("Reaction ~ Days + (Days | Subject)", new() { Residual = "ar1(Days | Subject)", Variance = "exp(Days)" });
        var fit = model.Fit(sleep);
        var again = model.Fit(fit.Design, fit);
        again.Deviance.ShouldBe(fit.Deviance, 1e-8);
        again.Convergence.Evaluations.ShouldBeLessThan(fit.Convergence.Evaluations);
        Should.Throw<DataException>(() => new LinearMixedModel("Reaction ~ Days + (Days | Subject)", new() { Residual = "cs(Days | Subject)" }).Fit(fit.Design, fit))
            .Message.ShouldContain("ar1(Days | Subject)");
    }

    [Fact]
    public void Fit_RangeBeyondTheData_IsNotIdentified()
    {
        // One series that is a straight line and noise: two variance functions of the same covariate do the same.
        var fit = Fit("Reaction ~ Days", null, "exp(Days) + exp(Days)");
        fit.Convergence.Verdict.ShouldBe(ConvergenceVerdict.NotIdentified);
        fit.Findings.ShouldContain(finding => finding.Rule == "residual-not-identified");
    }

    [Theory]
    [InlineData("ar1(Reaction | Subject)", "Reaction is 249.56 in row 1; ar1 takes visits")]
    [InlineData("us(Days | 1)", "Rows 1 and 11 are of one subject at one time (Days = 0)")]
    [InlineData("ad(1 | 1)", "ad(1 | 1) has 179 parameters beside sigma and 2 fixed effects, for 180 rows")]
    [InlineData("ar1h(1 | 1)", "has 180 parameters")]
    public void Fit_DataThatDoNotFit_AreRefused(string residual, string message) =>
        Should.Throw<DataException>(() => Fit("Reaction ~ Days", residual)).Message.ShouldContain(message);

    [Theory]
    [InlineData("ar2(Days | Subject)", "Unknown residual structure 'ar2'")]
    [InlineData("ar1(Days)", "ar1() without 'time | subject'")]
    [InlineData("sp_exp(1 | Subject)", "File order with coordinates")]
    [InlineData("ar1(Days | Subject, rho = 1)", "An argument of ar1() that it does not have")]
    [InlineData("arma(Days | Subject, p = 0.5)", "p = 0.5")]
    [InlineData("sp_lin(Days + Reaction | Subject)", "2 coordinates")]
    [InlineData("ar1(Days | a/b/c)", "More than one '/'")]
    [InlineData("car1(Days | Subject, nugget = 2)", "nugget = 2")]
    public void Residual_WrongText_IsRefused(string text, string message) =>
        Should.Throw<FormulaException>(() => Fit("Reaction ~ Days", text)).Message.ShouldContain(message);

    [Theory]
    [InlineData("power(Days)", "Days is 0 in row 1; power(Days) needs a value other than zero")]
    [InlineData("fixed(Days)", "Days is 0 in row 1; fixed(Days) needs a positive value")]
    public void Variance_NotDefinedAtAValue_IsRefused(string text, string message) =>
        Should.Throw<DataException>(() => Fit("Reaction ~ Days", null, text)).Message.ShouldContain(message);

    [Theory]
    [InlineData("power(Subject)", "The factor 'Subject' in power()")]
    [InlineData("Days", "No variance function")]
    [InlineData("constpower(Days, const = 0)", "the constant of constpower is positive")]
    [InlineData("ident(Subject, power = 1)", "An argument of ident()")]
    public void Variance_WrongText_IsRefused(string text, string message)
    {
        var table = sleep.WithColumn(sleep["Subject"].ToFactor());
        Should.Throw<FormulaException>(() => new LinearMixedModel("Reaction ~ Days", new() { Variance = text }).Fit(table)).Message.ShouldContain(message);
    }

    [Fact]
    public void Work_OfIndependentResidualsOnly_IsRefusedByName()
    {
        var fit = Fit("Reaction ~ Days + (1 | Subject)", "ar1(Days | Subject)");
        Should.Throw<InferenceException>(() => HendersonEquations.Create(fit.Design, fit.Parameters.Covariances, fit.Sigma)).Message.ShouldContain("Ask for those of a fit");
        Should.Throw<InferenceException>(() => LinearMixedModel.Simulate(fit.Design, fit.Parameters, 1, 1)).Message.ShouldContain("Simulate from a fit");
        Should.Throw<InferenceException>(() => new LinearMixedModel("Reaction ~ Days", new() { Residual = "ar1(Days | Subject)", Optimizer = OptimizationMethod.DerivativeFree }).Fit(sleep))
            .Message.ShouldContain("newton");
    }

    private static Column Reversed(Column column) => column switch
    {
        NumericColumn numeric => new NumericColumn(numeric.Name, numeric.Values.ToArray().Reverse().ToArray()),
        FactorColumn factor => new FactorColumn(factor.Name, factor.Levels, factor.Codes.ToArray().Reverse().ToArray(), factor.IsOrdered),
        _ => throw new InvalidOperationException(),
    };
}

using System.Globalization;
using MixedModels.Data;
using MixedModels.Formula;
using MixedModels.Tests.Design;
using MixedModels.Tests.Estimation.Linear;

namespace MixedModels.Tests;

/// <summary>Whole fits with covariance structures of random effects: reference values, models that coincide, bounds, and what is refused.</summary>
public sealed class RandomStructureFitTests
{
    private static readonly LinearMixedModelOptions byMaximumLikelihood = new() { Criterion = EstimationCriterion.MaximumLikelihood };

    /// <summary>glmmTMB 1.1.5 and nlme 3.1.162, see validation/structures.md.</summary>
    public static TheoryData<string, string, string, double, int, double> References
    {
        get
        {
            var data = new TheoryData<string, string, string, double, int, double>();
            foreach (var line in File.ReadLines(Path.Combine(RepositoryFolder.Path, "validation", "structures", "reference.tsv")).Skip(1))
            {
                var cells = line.Split('\t');
                data.Add(cells[0], cells[1], cells[2], Number(cells[3]), int.Parse(cells[4], CultureInfo.InvariantCulture), Number(cells[5]));
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(References))]
    public void Fit_PublishedModel_AgreesWithTheReference(string formula, string file, string method, double logLikelihood, int parameters, double firstDeviation)
    {
        var fit = Fit(formula, Read(file), new()
        {
            Criterion = method.StartsWith("REML", StringComparison.Ordinal) ? EstimationCriterion.Reml : EstimationCriterion.MaximumLikelihood,
            HasResidual = !method.EndsWith("~0", StringComparison.Ordinal),
        });
        fit.Convergence.Converged.ShouldBeTrue();
        fit.LogLikelihood.ShouldBe(logLikelihood, 1e-5);
        fit.ParameterCount.ShouldBe(parameters);

        // The references stop at gradients of about 1e-4.
        fit.RandomTerms[0].StandardDeviations[0].ShouldBe(firstDeviation, 1e-3 * firstDeviation);
    }

    /// <summary>An intercept and independent effects of variety have one covariance between any two, and another variance.</summary>
    [Fact]
    public void Homcs_IsAnInterceptAndHomdiag()
    {
        var table = DataTable.Example("Oats");
        var homcs = Fit("yield ~ nitro + homcs(0 + Variety | Block)", table);
        var parts = Fit("yield ~ nitro + (1 | Block) + homdiag(0 + Variety | Block)", table);
        homcs.Deviance.ShouldBe(parts.Deviance, 1e-7);

        // A search ends at a decrement of 1e-10, some 1e-5 of a standard error, here about 200.
        var (between, own) = (parts.RandomTerms[0].Covariance[0, 0], parts.RandomTerms[1].Covariance[0, 0]);
        homcs.RandomTerms[0].Covariance[0, 0].ShouldBe(between + own, 1e-2);
        homcs.RandomTerms[0].Covariance[1, 0].ShouldBe(between, 1e-2);
        homcs.RandomTerms[0].Parameters[0].Value.ShouldBe(between / (between + own), 1e-5);
    }

    [Fact]
    public void Homdiag_OfAFactor_IsTheInteractionAsAGroup()
    {
        var table = DataTable.Example("Oats");
        Fit("yield ~ nitro + homdiag(0 + Variety | Block)", table).Deviance.ShouldBe(Fit("yield ~ nitro + (1 | Block:Variety)", table).Deviance, 1e-7);
    }

    [Fact]
    public void ReducedRank_OfFullRank_IsUnstructured()
    {
        var table = DataTable.Example("sleepstudy");
        var (us, rr) = (Fit("Reaction ~ Days + (Days | Subject)", table), Fit("Reaction ~ Days + rr(Days | Subject, d = 2)", table));
        rr.Deviance.ShouldBe(us.Deviance, 1e-7);
        rr.ParameterCount.ShouldBe(us.ParameterCount);
        rr.IsSingular.ShouldBeFalse();
    }

    [Fact]
    public void ReducedRank_BelowFullRank_IsNoAlarm()
    {
        var fit = Fit("yield ~ nitro + rr(0 + Variety | Block, d = 1)", DataTable.Example("Oats"));
        fit.Convergence.Verdict.ShouldBe(ConvergenceVerdict.Converged);
        fit.IsSingular.ShouldBeFalse();
        fit.RandomTerms[0].Correlations[1, 0].ShouldBe(1, 1e-9);
    }

    [Fact]
    public void Ou_AtEqualSteps_IsAr1()
    {
        var table = Read("simlong.csv");
        var ou = Fit("y ~ x + ou(0 + t | id)", table, byMaximumLikelihood);
        var ar1 = Fit("y ~ x + ar1(0 + factor(t) | id)", table, byMaximumLikelihood);
        ou.Deviance.ShouldBe(ar1.Deviance, 1e-7);
        Math.Exp(-ou.RandomTerms[0].Parameters[0].Value).ShouldBe(ar1.RandomTerms[0].Parameters[0].Value, 1e-5);
    }

    /// <summary>With a mean a visit and complete data, the unstructured ML covariance is the sample's, divided by the number of persons.</summary>
    [Fact]
    public void Us_WithoutResidual_IsTheSampleCovariance()
    {
        var table = Read("simlong.csv");
        var fit = Fit("y ~ 0 + factor(t) + us(0 + factor(t) | id)", table, byMaximumLikelihood with { HasResidual = false });
        var y = ((NumericColumn)table["y"]).Values.ToArray();
        var visit = ((NumericColumn)table["t"]).Values.ToArray();
        var means = Enumerable.Range(1, 8).Select(t => y.Where((_, r) => visit[r] == t).Average()).ToArray();
        var persons = ((FactorColumn)table["id"]).Codes.ToArray();
        for (var a = 0; a < 8; a++)
        {
            fit.Coefficients()[a].Estimate.ShouldBe(means[a], 1e-6);
            for (var b = 0; b <= a; b++)
            {
                var sum = 0.0;
                foreach (var person in persons.Distinct()) sum += Value(person, a) * Value(person, b);
                fit.RandomTerms[0].Covariance[a, b].ShouldBe(sum / 40, 1e-5);
            }
        }

        fit.Sigma.ShouldBe(0);
        fit.ParameterCount.ShouldBe(8 + 36);

        double Value(int person, int t) => y.Where((_, r) => persons[r] == person && visit[r] == t + 1).Single() - means[t];
    }

    [Fact]
    public void Cs_WhoseResidualVanishes_EndsOnTheBoundOfTheResidual()
    {
        var table = Read("simlong.csv");
        var fit = Fit("y ~ x + cs(0 + factor(t) | id)", table, byMaximumLikelihood);
        fit.Sigma.ShouldBe(0);
        fit.Convergence.Verdict.ShouldBe(ConvergenceVerdict.Boundary);
        fit.Findings.ShouldContain(finding => finding.Rule == "residual-of-zero");
        var without = Fit("y ~ x + cs(0 + factor(t) | id)", table, byMaximumLikelihood with { HasResidual = false });
        fit.Deviance.ShouldBe(without.Deviance, 1e-7);
        fit.ParameterCount.ShouldBe(without.ParameterCount + 1);

        // glmmTMB 1.1.5.
        fit.LogLikelihood.ShouldBe(-425.812537785926, 1e-5);
        fit.RandomTerms[0].Parameters[0].Value.ShouldBe(0.251782223616693, 1e-4);
    }

    [Theory]
    [InlineData("y ~ x + cs(0 + factor(t) | id)", true)]
    [InlineData("y ~ x + ar1(0 + factor(t) | id)", true)]
    [InlineData("y ~ x + us(0 + factor(t) | id)", false)]
    public void Load_OfASavedFit_GivesTheSameNumbers(string formula, bool hasResidual)
    {
        var fit = Fit(formula, Read("simlong.csv"), byMaximumLikelihood with { HasResidual = hasResidual });
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            fit.Save(path);
            var loaded = LinearMixedModelFit.Load(path);
            loaded.Deviance.ShouldBe(fit.Deviance);
            loaded.Sigma.ShouldBe(fit.Sigma);
            loaded.RandomTerms[0].Covariance[2, 1].ShouldBe(fit.RandomTerms[0].Covariance[2, 1]);
            loaded.Coefficients()[1].DegreesOfFreedom.ShouldBe(fit.Coefficients()[1].DegreesOfFreedom);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Simulate_FromAr1_HasItsCovariance()
    {
        var fit = Fit("y ~ x + ar1(0 + factor(t) | id)", Read("simlong.csv"), byMaximumLikelihood);
        var drawn = fit.Simulate(4000, 5);
        var mean = fit.Predict(new() { Target = PredictionTarget.Population }).Select(value => value.Fit).ToArray();

        // Rows 0 and 1 are neighbouring visits of one person.
        var covariance = Enumerable.Range(0, 4000).Average(k => (drawn[0, k] - mean[0]) * (drawn[1, k] - mean[1]));
        covariance.ShouldBe(fit.RandomTerms[0].Covariance[1, 0], 0.08);
        fit.MarginalCovariance("id", "s01").Values[1, 0].ShouldBe(fit.RandomTerms[0].Covariance[1, 0], 1e-12);
    }

    /// <summary>A drawn series with correlation 0.6 between neighbours, beside a nugget: the bootstrap's interval of rho has it.</summary>
    [Fact]
    public void Bootstrap_OfAr1_NamesItsParameters()
    {
        var fit = Fit("y ~ x + ar1(0 + factor(t) | id)", Read("simlong.csv"), byMaximumLikelihood);
        var bootstrap = ParametricBootstrap.Run(fit, new() { Replicates = 20, Seed = 3 }, cancellationToken: TestContext.Current.CancellationToken);
        bootstrap.ParameterNames.ShouldBe(["(Intercept)", "x", "sd[id].ar1", "rho[id].ar1", "sigma"]);
        bootstrap.Estimates[3].ShouldBe(fit.RandomTerms[0].Parameters[0].Value, 1e-8);
    }

    /// <summary>A response without any covariance between blocks ends at a variance of zero, or with a correlation at a bound: proved, not an alarm.</summary>
    [Theory]
    [InlineData("homcs")]
    [InlineData("ar1")]
    [InlineData("cs")]
    [InlineData("hetar1")]
    [InlineData("homdiag")]
    public void Fit_WithoutCovariance_IsProvedOnTheBoundary(string structure)
    {
        var singular = 0;
        for (var seed = 0; seed < 6; seed++)
        {
            var random = new Random(seed);
            var table = Tables.Of(
                Tables.Numbers("y", [.. Enumerable.Range(0, 96).Select(_ => RandomProblem.Normal(random))]),
                Tables.Factor("g", [.. Enumerable.Range(0, 96).Select(r => FormattableString.Invariant($"g{r / 12}"))]),
                Tables.Factor("t", [.. Enumerable.Range(0, 96).Select(r => FormattableString.Invariant($"t{r % 3}"))]));
            var fit = Fit($"y ~ 1 + {structure}(0 + t | g)", table);
            fit.Convergence.Verdict.ShouldBeOneOf(ConvergenceVerdict.Converged, ConvergenceVerdict.Boundary);
            fit.Deviance.ShouldBeLessThanOrEqualTo(Fit("y ~ 1", table).Deviance + 1e-8);
            if (!fit.IsSingular) continue;
            singular++;
            fit.Findings.ShouldContain(finding => finding.Rule == "singular");
        }

        singular.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void EmOfAStructure_IsRefusedByName()
    {
        var table = DataTable.Example("Oats");
        var fit = Fit("yield ~ nitro + homcs(0 + Variety | Block)", table);
        Should.Throw<FormulaException>(() => Fit(
            "yield ~ nitro + homcs(0 + Variety | Block)", table, new() { Optimizer = OptimizationMethod.ExpectationMaximization })).Message.ShouldContain("'homcs' with EM");
        fit.Coefficients()[1].DegreesOfFreedom!.Value.ShouldBeGreaterThan(1);
    }

    [Theory]
    [InlineData("yield ~ nitro + (1 | Block)", "Without a residual variance the random effects must give every row variance of its own")]
    [InlineData("yield ~ nitro", "neither a residual variance nor a random term")]
    public void Fit_WithoutResidualOverTooFewEffects_IsRefused(string formula, string message) =>
        Should.Throw<DataException>(() => Fit(formula, DataTable.Example("Oats"), new() { HasResidual = false })).Message.ShouldContain(message);

    private static LinearMixedModelFit Fit(string formula, DataTable table, LinearMixedModelOptions? options = null) =>
        new LinearMixedModel(formula, options).Fit(table, TestContext.Current.CancellationToken);

    private static DataTable Read(string file) => file.Contains('.', StringComparison.Ordinal)
        ? DataTable.ReadCsv(Path.Combine(RepositoryFolder.Path, "validation", "structures", file))
        : DataTable.Example(file);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

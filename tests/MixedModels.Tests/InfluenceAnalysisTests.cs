using MixedModels.Data;
using MixedModels.Diagnostics.Influence;
using MixedModels.Families;

namespace MixedModels.Tests;

/// <summary>Deletions by updating against generalized least squares on the rows that are left, with V written out.</summary>
public class InfluenceAnalysisTests
{
    [Theory]
    [InlineData("Reaction ~ Days + (Days | Subject)", "sleepstudy", "Subject")]
    [InlineData("Reaction ~ Days + (Days || Subject)", "sleepstudy", null)]
    [InlineData("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin", "plate")]
    [InlineData("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin", "sample")]
    [InlineData("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin", null)]
    [InlineData("strength ~ 1 + (1 | batch/cask)", "Pastes", "batch")]
    [InlineData("strength ~ 1 + (1 | batch/cask)", "Pastes", "batch:cask")]
    [InlineData("Yield ~ 1 + (1 | Batch)", "Dyestuff2", "Batch")]
    [InlineData("score ~ Machine + (Machine | Worker)", "Machines", "Worker")]
    public void Influence_OfEveryLevel_EqualsRefittingTheFixedEffects(string formula, string example, string? group) => CheckInfluence(FittedExamples.Of(formula, example), group);

    [Theory]
    [InlineData("Reaction ~ Days", "us(Days | Subject)", null, "Subject")]
    [InlineData("Reaction ~ Days", "ar1(Days | Subject)", "exp(Days)", null)]
    [InlineData("Reaction ~ Days + (Days | Subject)", "ar1(Days | Subject)", null, "Subject")]
    [InlineData("Reaction ~ Days + (1 | Subject)", null, "ident(Subject)", null)]
    public void Influence_BesideResidualStructures_EqualsRefittingTheFixedEffects(string formula, string? residual, string? variance, string? group) =>
        CheckInfluence(ResidualFit(formula, residual, variance), group);

    [Fact]
    public void Leverages_BesideResidualStructures_AreThoseOfTheFixedEffectsAlone()
    {
        // Without random effects y − fitted is (I − H)y, H the projection along V on X: of trace p.
        var fit = ResidualFit("Reaction ~ Days", "ar1(Days | Subject)", "exp(Days)");
        var leverages = fit.Leverages().ToArray();
        leverages.Sum().ShouldBe(2, 1e-9);
        var mixed = ResidualFit("Reaction ~ Days + (1 | Subject)", "cs(Days | Subject)", null);

        // A random intercept beside cs: its modes are zero where cs takes all, so that the sum lies between p and p + levels.
        mixed.Leverages().ToArray().Sum().ShouldBeInRange(2 - 1e-6, 20);
    }

    private static LinearMixedModelFit ResidualFit(string formula, string? residual, string? variance) => new LinearMixedModel(formula, new()
    {
        Residual = residual is null ? null : Residual.Parse(residual),
        Variance = variance is null ? null : VarianceFunctions.Parse(variance),
    }).FitTo(DataTable.Example("sleepstudy"));

    private static void CheckInfluence(LinearMixedModelFit fit, string? group)
    {
        var table = fit.Influence(group, TestContext.Current.CancellationToken);
        var V = fit.MarginalCovariance();
        var full = GeneralizedLeastSquares(fit, V, _ => true);
        for (var k = 0; k < table.Count; k++)
        {
            var level = k;
            var without = GeneralizedLeastSquares(fit, V, row => group is null ? row != level : LevelOf(fit, group, row) != level);
            var p = full.Length;
            for (var j = 0; j < p; j++)
            {
                var standardError = Math.Sqrt(fit.CoefficientCovariance[j, j]);
                table[k].Dfbetas[j].ShouldBe((without[j] - full[j]) / standardError, 1e-7, $"{table[k].Name}, {table.CoefficientNames[j]}");
                table[k].Changes[j].ShouldBe(table[k].Dfbetas[j] * standardError, 1e-9 * standardError);
            }

            table[k].CookDistance.ShouldBe(Distance(fit, [.. without.Zip(full, (a, b) => a - b)]), 1e-6 * (1 + table[k].CookDistance));
        }
    }

    [Theory]
    [InlineData("cbind(incidence, size - incidence) ~ period + (1 | herd)", "cbpp", "binomial", "herd", 1, 2)]
    [InlineData("cbind(incidence, size - incidence) ~ period + (1 | herd)", "cbpp", "binomial", "herd", 5, 2)]
    [InlineData("TICKS ~ YEAR + cHEIGHT + (1 | BROOD) + (1 | LOCATION)", "grouseticks", "poisson", "LOCATION", 1, 2)]
    [InlineData("TICKS ~ YEAR + cHEIGHT + (1 | BROOD) + (1 | LOCATION)", "grouseticks", "poisson", "BROOD", 1, 2)]
    [InlineData("Reaction ~ Days + (Days | Subject)", "sleepstudy", "gaussian", "Subject", 1, 1)] // four variances from 18 subjects: the step in them is a long one
    public void Influence_OfGeneralizedFits_IsThatOfRefitsToFirstOrder(string formula, string example, string family, string group, int quadrature, double order)
    {
        var table = DataTable.Example(example);
        var model = new GeneralizedMixedModel(formula, FamilyCatalogue.Create(family)!, new() { Quadrature = quadrature });
        var fit = model.Fit(table);
        var own = RowGroup.Of(fit).First(candidate => candidate.Name == group);
        var influence = fit.Influence(group, TestContext.Current.CancellationToken);
        influence.Count.ShouldBe(own.Levels.Count);
        double[] errors = [.. Enumerable.Range(0, fit.Coefficients().Count).Select(j => Math.Sqrt(fit.CoefficientCovariance[j, j]))];

        // A Newton step from the optimum leaves an error of the order of its square; refits of the six levels that move most are the strictest of all.
        foreach (var level in Enumerable.Range(0, own.Levels.Count).OrderByDescending(level => influence[level].CookDistance).Take(6))
        {
            var without = model.Fit(table.SelectRows([.. Enumerable.Range(0, fit.Observations).Where(r => own.LevelOfRow.Span[r] != level).Select(r => fit.Design.Rows.Span[r])]));
            for (var j = 0; j < errors.Length; j++)
            {
                var change = (without.Coefficients()[j].Estimate - fit.Coefficients()[j].Estimate) / errors[j];
                influence[level].Dfbetas[j].ShouldBe(change, 0.02 + (0.5 * Math.Pow(Math.Abs(change), order)), $"{own.Levels[level]}, {fit.Design.Fixed.ColumnNames[j]}");
                influence[level].Changes[j].ShouldBe(influence[level].Dfbetas[j] * errors[j], 1e-12);
            }
        }
    }

    [Fact]
    public void Influence_OfRowsOfAGeneralizedFit_AddsUpOverAGroupToFirstOrder()
    {
        var fit = new GeneralizedMixedModel("cbind(incidence, size - incidence) ~ period + (1 | herd)", Family.Binomial()).Fit(DataTable.Example("cbpp"));
        var rows = fit.Influence(cancellationToken: TestContext.Current.CancellationToken);
        var herds = fit.Influence("herd", TestContext.Current.CancellationToken);
        rows.Count.ShouldBe(fit.Observations);
        rows.ShouldAllBe(row => double.IsFinite(row.CookDistance) && row.RowCount == 1);

        // The scores of a herd's rows add up to the herd's nearly, its random effect shared: least so where the herd is influential.
        var quiet = Enumerable.Range(0, herds.Count).MinBy(level => herds[level].CookDistance);
        var own = RowGroup.Of(fit)[0];
        for (var j = 0; j < 4; j++)
            Enumerable.Range(0, rows.Count).Where(r => own.LevelOfRow.Span[r] == quiet).Sum(r => rows[r].Dfbetas[j]).ShouldBe(herds[quiet].Dfbetas[j], 0.1);
    }

    [Fact]
    public void Influence_WhereFixedEffectsAreInTheInnerLoop_IsRefused()
    {
        var fit = new GeneralizedMixedModel("cbind(incidence, size - incidence) ~ period + (1 | herd)", Family.Binomial(), new() { Quadrature = 0 }).Fit(DataTable.Example("cbpp"));
        Should.Throw<InferenceException>(() => fit.Influence("herd", TestContext.Current.CancellationToken)).Message.ShouldStartWith("Leaving rows out needs fixed effects and variances as parameters of one likelihood");
        Should.Throw<InferenceException>(() => fit.Inspect().Influence("herds", TestContext.Current.CancellationToken));
    }

    [Fact]
    public void IndependentParts_OfNestedAndCrossedGroups_AreTheirComponents()
    {
        IndependentParts.Of(FittedExamples.Of("strength ~ 1 + (1 | batch/cask)", "Pastes").Design).Max().ShouldBe(9);
        IndependentParts.Of(FittedExamples.Of("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin").Design).Max().ShouldBe(0);
    }

    [Fact]
    public void Influence_WithWeights_EqualsRefittingTheFixedEffects()
    {
        var table = DataTable.Example("sleepstudy");
        var weighted = table.WithColumn(new NumericColumn("w", [.. Enumerable.Range(0, table.RowCount).Select(i => 1.0 + (i % 4))]));
        var fit = new LinearMixedModel("Reaction ~ Days + (1 | Subject)", new() { Weights = "w" }).FitTo(weighted);
        var V = fit.MarginalCovariance();
        var full = GeneralizedLeastSquares(fit, V, _ => true);
        var without = GeneralizedLeastSquares(fit, V, row => LevelOf(fit, "Subject", row) != 3);
        fit.Influence("Subject", TestContext.Current.CancellationToken)[3].Changes[1].ShouldBe(without[1] - full[1], 1e-8);
    }

    [Fact]
    public void Influence_OfALevelThatAloneDeterminesAnEffect_IsNotANumber()
    {
        var y = new NumericColumn("y", [1, 2, 4, 3, 5, 4, 6, 8]);
        var only = new NumericColumn("only", [1, 1, 0, 0, 0, 0, 0, 0]);
        var g = new FactorColumn("g", ["a", "b", "c", "d"], [0, 0, 1, 1, 2, 2, 3, 3]);
        var table = new LinearMixedModel("y ~ only + (1 | g)").FitTo(new DataTable([y, only, g])).Influence("g", TestContext.Current.CancellationToken);
        table[0].CookDistance.ShouldBe(double.NaN);
        table[1].CookDistance.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Leverages_SumToTheEffectiveParameters_AndAreThoseOfPrediction()
    {
        var fit = FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy");
        var leverages = fit.Leverages().ToArray();
        var predicted = fit.Predict(new PredictionOptions { StandardErrors = true });

        // The variance of X beta + Z b given the parameters is sigma² times the leverage.
        for (var r = 0; r < leverages.Length; r++)
            leverages[r].ShouldBe(Math.Pow(predicted[r].StandardError!.Value / fit.Sigma, 2), 1e-10);
        leverages.Sum().ShouldBeInRange(2, 38);
    }

    [Fact]
    public void Innovations_OfAllRows_AreWhite()
    {
        // With one set of all rows the quadratic form is exact only for those before rank is lost; per subject it is close to n − p.
        var fit = FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy");
        var term = fit.Design.RandomTerms[0];
        var white = InfluenceAnalysis.Innovations(fit, InfluenceAnalysis.RowsByLevel(term.LevelOfRow.Span, term.Levels.Count));
        white.ShouldAllBe(set => set != null && set.Length == 10);
        (white.Sum(set => set!.Sum(value => value * value)) / 180).ShouldBe(1, 0.03);
    }

    [Fact]
    public void Influence_OfAGroupThatIsNotThere_ListsTheGroups() =>
        Should.Throw<InferenceException>(() => FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy").Influence("School", TestContext.Current.CancellationToken))
            .Message.ShouldBe("The model has no group 'School'; its groups are Subject.");

    private static int LevelOf(LinearMixedModelFit fit, string group, int row) =>
        fit.Design.RandomTerms.FirstOrDefault(term => term.Group == group)?.LevelOfRow.Span[row] ?? fit.Design.Residual!.SubjectOfRow[row];

    private static double Distance(LinearMixedModelFit fit, double[] change)
    {
        var p = change.Length;
        var covariance = new double[p, p];
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < p; j++) covariance[i, j] = fit.CoefficientCovariance[i, j];
        }

        return change.Zip(Solve(covariance, change), (a, b) => a * b).Sum() / p;
    }

    private static double[] GeneralizedLeastSquares(LinearMixedModelFit fit, MarginalCovariance V, Func<int, bool> isKept)
    {
        int[] rows = [.. Enumerable.Range(0, fit.Observations).Where(isKept)];
        var (m, p, n) = (rows.Length, fit.Design.Fixed.ColumnNames.Count, fit.Observations);
        var kept = new double[m, m];
        for (var a = 0; a < m; a++)
        {
            for (var b = 0; b < m; b++) kept[a, b] = V.Values[rows[a], rows[b]];
        }

        double[] Column(int j) => [.. rows.Select(r => fit.Design.Fixed.X.Span[r + (j * n)])];
        double[] y = [.. rows.Select(r => fit.Design.Response.Span[r])];
        var solved = Enumerable.Range(0, p).Select(j => Solve(kept, Column(j))).ToArray();
        var (normal, right) = (new double[p, p], new double[p]);
        for (var i = 0; i < p; i++)
        {
            right[i] = solved[i].Zip(y, (a, b) => a * b).Sum();
            for (var j = 0; j < p; j++) normal[i, j] = solved[i].Zip(Column(j), (a, b) => a * b).Sum();
        }

        return Solve(normal, right);
    }

    /// <summary>Gaussian elimination with partial pivoting.</summary>
    private static double[] Solve(double[,] matrix, double[] right)
    {
        var (A, b, n) = ((double[,])matrix.Clone(), (double[])right.Clone(), right.Length);
        for (var k = 0; k < n; k++)
        {
            var pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(A[i, k]));
            for (var j = 0; j < n; j++) (A[k, j], A[pivot, j]) = (A[pivot, j], A[k, j]);
            (b[k], b[pivot]) = (b[pivot], b[k]);
            for (var i = k + 1; i < n; i++)
            {
                var factor = A[i, k] / A[k, k];
                if (factor == 0) continue;
                for (var j = k; j < n; j++) A[i, j] -= factor * A[k, j];
                b[i] -= factor * b[k];
            }
        }

        for (var k = n - 1; k >= 0; k--)
        {
            for (var j = k + 1; j < n; j++) b[k] -= A[k, j] * b[j];
            b[k] /= A[k, k];
        }

        return b;
    }
}

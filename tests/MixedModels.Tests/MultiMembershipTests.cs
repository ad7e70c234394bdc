using MixedModels.Data;
using MixedModels.Tests.Design;
using MixedModels.Tests.Estimation.Linear;

namespace MixedModels.Tests;

/// <summary>Rows that belong to several levels of one factor, from formula to prediction, against dense matrices and against models that are the same.</summary>
public sealed class MultiMembershipTests
{
    private const int Rows = 60;

    [Theory]
    [InlineData("y ~ x + (1 | mm(g, h))", "y ~ x + (1 | g)")]
    [InlineData("y ~ x + (x | mm(g, h))", "y ~ x + (x | g)")]
    [InlineData("y ~ x + (x || mm(g, h)) + (1 | site)", "y ~ x + (x || g) + (1 | site)")]
    public void Fit_SameGroupTwice_IsTheOrdinaryModel(string formula, string ordinary)
    {
        var table = Table(new Random(1)).WithColumn(Column("h", r => Doctor(r)));
        var (several, one) = (new LinearMixedModel(formula).Fit(table), new LinearMixedModel(ordinary).Fit(table));
        several.Deviance.ShouldBe(one.Deviance, 1e-8 * Math.Abs(one.Deviance));
        several.Sigma.ShouldBe(one.Sigma, 1e-5 * one.Sigma);
        several.ConditionalModes()[0].Levels.ShouldBe(one.ConditionalModes()[0].Levels);
        for (var r = 0; r < Rows; r++) several.FittedValues.Span[r].ShouldBe(one.FittedValues.Span[r], 1e-4);
        for (var j = 0; j < 2; j++) several.Coefficients()[j].StandardError.ShouldBe(one.Coefficients()[j].StandardError, 1e-5);
    }

    [Fact]
    public void Fit_SecondGroupMissingEverywhere_IsTheOrdinaryModel()
    {
        var table = Table(new Random(2)).WithColumn(Column("h", _ => ""));
        var (several, one) = (new LinearMixedModel("y ~ x + (1 | mm(g, h))").Fit(table), new LinearMixedModel("y ~ x + (1 | g)").Fit(table));
        several.Observations.ShouldBe(Rows);
        several.Deviance.ShouldBe(one.Deviance, 1e-9 * Math.Abs(one.Deviance));
    }

    [Theory]
    [InlineData("y ~ x + (1 | mm(g, h))", false, EstimationCriterion.Reml)]
    [InlineData("y ~ x + (1 | mm(g, h, weights = cbind(u, v)))", true, EstimationCriterion.MaximumLikelihood)]
    public void Fit_AgainstDenseMatrices_IsTheMaximum(string formula, bool hasWeights, EstimationCriterion criterion)
    {
        var table = Table(new Random(3)).WithColumn(Column("h", r => r % 4 == 0 ? "" : Doctor((7 * r) + 3)));
        var fit = new LinearMixedModel(formula, new() { Criterion = criterion }).Fit(table);
        fit.Observations.ShouldBe(Rows);
        var levels = fit.Design.RandomTerms[0].Levels;
        var W = Incidence(table, levels, hasWeights);
        var variance = Math.Pow(fit.RandomTerms[0].StandardDeviations[0] / fit.Sigma, 2);
        var reml = criterion == EstimationCriterion.Reml;
        var at = Deviance(table, W, variance, reml);
        fit.Deviance.ShouldBe(at, 1e-8 * Math.Abs(at));
        variance.ShouldBeGreaterThan(0.05);
        foreach (var factor in new[] { 0.9, 1.1 }) Deviance(table, W, factor * variance, reml).ShouldBeGreaterThan(at + 1e-5);
        ModesShouldBeTheirDefinition(fit, table, W);
    }

    [Fact]
    public void Predict_NewAndKnownLevels_AddsTheWeightedModes()
    {
        var table = Table(new Random(4)).WithColumn(Column("h", r => r % 3 == 0 ? "" : Doctor((5 * r) + 1)));
        var fit = new LinearMixedModel("y ~ x + (1 | mm(g, h))").Fit(table);
        var modes = fit.ConditionalModes()[0];
        double Mode(string level) => modes.Modes[modes.Levels.ToList().IndexOf(level), 0];
        var rows = Tables.Of(Tables.Numbers("x", 1, 1, 1), Tables.Factor("g", ["d1", "d2", "new"]), Tables.Factor("h", ["d2", "", "d3"]));
        var mean = fit.Coefficients()[0].Estimate + fit.Coefficients()[1].Estimate;
        var predicted = fit.Predict(rows, new() { NewLevels = NewLevels.Population, StandardErrors = true });
        predicted[0].Fit.ShouldBe(mean + (0.5 * (Mode("d1") + Mode("d2"))), 1e-10);
        predicted[1].Fit.ShouldBe(mean + Mode("d2"), 1e-10);
        predicted[2].Fit.ShouldBe(mean + (0.5 * Mode("d3")), 1e-10);
        Should.Throw<DataException>(() => fit.Predict(rows)).Message.ShouldContain("has the level 'new' in row 3");
    }

    [Fact]
    public void Predict_StandardErrors_AreThoseOfHendersonsEquations()
    {
        var table = Table(new Random(4)).WithColumn(Column("h", r => r % 3 == 0 ? "" : Doctor((5 * r) + 1)));
        var fit = new LinearMixedModel("y ~ x + (1 | mm(g, h)) + (1 | site)").Fit(table);
        var equations = HendersonEquations.Create(fit.Design, fit.Parameters.Covariances, fit.Sigma);
        var modes = fit.ConditionalModes();
        equations.Solution.Span[1].ShouldBe(fit.Coefficients()[1].Estimate, 1e-7);
        for (var l = 0; l < modes[0].Levels.Count; l++) equations.Solution.Span[2 + l].ShouldBe(modes[0].Modes[l, 0], 1e-7);
        var predicted = fit.Predict(new PredictionOptions { StandardErrors = true });
        var order = equations.Solution.Length;
        for (var r = 0; r < Rows; r++)
        {
            var k = new double[order];
            (k[0], k[1]) = (1, ((NumericColumn)table["x"]).Values.Span[r]);
            var memberships = fit.Design.RandomTerms[0].Memberships!;
            for (var e = memberships.RowStart.Span[r]; e < memberships.RowStart.Span[r + 1]; e++) k[2 + memberships.Levels.Span[e]] += memberships.Weights.Span[e];
            k[2 + modes[0].Levels.Count + fit.Design.RandomTerms[1].LevelOfRow.Span[r]] = 1;
            var variance = Enumerable.Range(0, order).Sum(i => Enumerable.Range(0, order).Sum(j => k[i] * equations.Inverse[i, j] * k[j]));
            predicted[r].StandardError!.Value.ShouldBe(Math.Sqrt(variance), 1e-6);
        }
    }

    [Fact]
    public void SaveAndLoad_KeepsRowsWithAMissingMembership()
    {
        var table = Table(new Random(5)).WithColumn(Column("h", r => r % 4 == 0 ? "" : Doctor((7 * r) + 3)));
        var fit = new LinearMixedModel("y ~ x + (1 | mm(g, h))").Fit(table);
        var path = Path.GetTempFileName();
        fit.Save(path);
        var loaded = LinearMixedModelFit.Load(path);
        File.Delete(path);
        loaded.Deviance.ShouldBe(fit.Deviance);
        loaded.FittedValues.ToArray().ShouldBe(fit.FittedValues.ToArray());
    }

    [Fact]
    public void Create_RowsWithoutAnyGroup_AreLeftOut()
    {
        var table = Tables.Of(
            Tables.Numbers("y", 1, 2, 4, 3, 5, 7), Tables.Factor("g", ["a", "", "", "b", "a", "b"]), Tables.Factor("h", ["b", "a", "", "", "a", "c"]));
        var term = Design("y ~ (1 | mm(g, h))", table);
        term.Levels.ShouldBe(["a", "b", "c"]);
        term.Memberships.ShouldNotBeNull();
        term.Memberships.RowStart.ToArray().ShouldBe([0, 2, 3, 4, 5, 7]);
        term.Memberships.Levels.ToArray().ShouldBe([0, 1, 0, 1, 0, 1, 2]);
        term.Memberships.Weights.ToArray().ShouldBe([0.5, 0.5, 1, 1, 1, 0.5, 0.5]);
    }

    [Theory]
    [InlineData("y ~ (1 | mm(g))", "mm() of one column")]
    [InlineData("y ~ (1 | mm())", "mm() of no column")]
    [InlineData("y ~ (1 | mm(g, h, weights = u))", "wanted a column for each group")]
    [InlineData("y ~ (1 | mm(g, h, weights = cbind(u)))", "1 weights for 2 groups of mm()")]
    [InlineData("y ~ (1 | mm(g, h, scale = TRUE))", "The argument scale of mm()")]
    [InlineData("y ~ (1 | mm(g, 1))", "'1' in mm()")]
    [InlineData("y ~ (1 | mm(g, z))", "Unknown column 'z'")]
    [InlineData("y ~ (1 | mm(g, h, weights = cbind(u, site)))", "it has levels; wanted numbers")]
    public void Create_WrongCall_IsAFormulaError(string formula, string message)
    {
        var table = Table(new Random(6)).WithColumn(Column("h", Doctor));
        Should.Throw<MixedModels.Formula.FormulaException>(() => Design(formula, table)).Message.ShouldContain(message);
    }

    [Fact]
    public void Create_UnusableMemberships_IsADataError()
    {
        var table = Table(new Random(6)).WithColumn(Column("h", Doctor));
        var negative = table.WithColumn(new NumericColumn("w", [.. Enumerable.Range(0, Rows).Select(r => r == 2 ? -1.0 : 1)]));
        Should.Throw<DataException>(() => Design("y ~ (1 | mm(g, h, weights = cbind(w, u)))", negative)).Message.ShouldContain("The weight w of mm(g, h, weights = cbind(w, u)) is -1 in row 3");
        var empty = Tables.Of(Tables.Numbers("y", 1, 2, 3), Tables.Factor("g", ["", "", ""], ["a"]), Tables.Factor("h", ["", "", ""], ["a"]));
        Should.Throw<DataException>(() => Design("y ~ (1 | mm(g, h))", empty)).Message.ShouldContain("None of the 3 rows is complete");
    }

    private static MixedModels.Design.RandomTermDesign Design(string formula, DataTable table) =>
        MixedModels.Design.ModelDesign.Create(MixedModels.Formula.ModelFormula.Parse(formula), table).RandomTerms[0];

    private static int Site(int r) => ((r * r) + (r / 7)) % 4;

    private static string Doctor(int r) => $"d{(r * 5 % 9) + 1}";

    private static FactorColumn Column(string name, Func<int, string> level) => Tables.Factor(name, [.. Enumerable.Range(0, Rows).Select(level)], [.. Enumerable.Range(1, 9).Select(d => $"d{d}")]);

    /// <summary>60 patients of nine doctors, in four sites; half of what a patient's second doctor does shows too.</summary>
    private static DataTable Table(Random random)
    {
        double[] effects = [.. Enumerable.Range(0, 9).Select(_ => 2 * RandomProblem.Normal(random))];
        double[] slopes = [.. Enumerable.Range(0, 9).Select(_ => RandomProblem.Normal(random))];
        double[] x = [.. Enumerable.Range(0, Rows).Select(_ => RandomProblem.Normal(random))];
        double[] y = [.. Enumerable.Range(0, Rows).Select(r => 5 + x[r] + effects[r * 5 % 9] + (slopes[r * 5 % 9] * x[r]) + effects[((7 * r) + 3) * 5 % 9] + (1.5 * Site(r)) + RandomProblem.Normal(random))];
        return Tables.Of(
            Tables.Numbers("y", y),
            Tables.Numbers("x", x),
            Tables.Numbers("u", [.. Enumerable.Range(0, Rows).Select(_ => 0.2 + random.NextDouble())]),
            Tables.Numbers("v", [.. Enumerable.Range(0, Rows).Select(_ => 0.2 + random.NextDouble())]),
            Column("g", Doctor),
            Tables.Factor("site", [.. Enumerable.Range(0, Rows).Select(r => $"s{Site(r)}")]));
    }

    /// <summary>The weights of every row on every level, from the table itself.</summary>
    private static double[,] Incidence(DataTable table, IReadOnlyList<string> levels, bool hasWeights)
    {
        var W = new double[Rows, levels.Count];
        for (var r = 0; r < Rows; r++)
        {
            var given = new List<(string Level, double Weight)>();
            foreach (var (group, weight) in new[] { ("g", "u"), ("h", "v") })
            {
                var column = (FactorColumn)table[group];
                if (column.Codes.Span[r] >= 0) given.Add((column.Levels[column.Codes.Span[r]], ((NumericColumn)table[weight]).Values.Span[r]));
            }

            foreach (var (level, weight) in given) W[r, levels.ToList().IndexOf(level)] += hasWeights ? weight : 1.0 / given.Count;
        }

        return W;
    }

    private static (double[,] V, double[,] X, double[] y) Dense(DataTable table, double[,] W, double variance)
    {
        var V = DenseAlgebra.Times(W, DenseAlgebra.Transpose(W));
        var X = new double[Rows, 2];
        for (var r = 0; r < Rows; r++)
        {
            for (var s = 0; s < Rows; s++) V[r, s] = (variance * V[r, s]) + (r == s ? 1 : 0);
            (X[r, 0], X[r, 1]) = (1, ((NumericColumn)table["x"]).Values.Span[r]);
        }

        return (V, X, ((NumericColumn)table["y"]).Values.ToArray());
    }

    private static double Deviance(DataTable table, double[,] W, double variance, bool reml)
    {
        var (V, X, y) = Dense(table, W, variance);
        var inverse = DenseAlgebra.Inverse(V);
        var XtV = DenseAlgebra.Times(DenseAlgebra.Transpose(X), inverse);
        var gram = DenseAlgebra.Times(XtV, X);
        var Y = new double[Rows, 1];
        for (var r = 0; r < Rows; r++) Y[r, 0] = y[r];
        var beta = DenseAlgebra.Times(DenseAlgebra.Inverse(gram), DenseAlgebra.Times(XtV, Y));
        var residual = DenseAlgebra.Minus(Y, DenseAlgebra.Times(X, beta));
        var r2 = DenseAlgebra.Times(DenseAlgebra.Times(DenseAlgebra.Transpose(residual), inverse), residual)[0, 0];
        var nu = reml ? Rows - 2 : Rows;
        return DenseAlgebra.LogDeterminant(DenseAlgebra.Cholesky(V)) + (reml ? DenseAlgebra.LogDeterminant(DenseAlgebra.Cholesky(gram)) : 0)
            + (nu * (1 + Math.Log(2 * Math.PI * r2 / nu)));
    }

    /// <summary>b-hat = g W'V⁻¹(y − X beta), with the fit's own beta.</summary>
    private static void ModesShouldBeTheirDefinition(LinearMixedModelFit fit, DataTable table, double[,] W)
    {
        var variance = Math.Pow(fit.RandomTerms[0].StandardDeviations[0] / fit.Sigma, 2);
        var (V, X, y) = Dense(table, W, variance);
        var residual = new double[Rows, 1];
        for (var r = 0; r < Rows; r++) residual[r, 0] = y[r] - (X[r, 0] * fit.Coefficients()[0].Estimate) - (X[r, 1] * fit.Coefficients()[1].Estimate);
        var modes = DenseAlgebra.Times(DenseAlgebra.Times(DenseAlgebra.Transpose(W), DenseAlgebra.Inverse(V)), residual);
        var own = fit.ConditionalModes()[0];
        for (var l = 0; l < own.Levels.Count; l++) own.Modes[l, 0].ShouldBe(variance * modes[l, 0], 1e-8 * (1 + Math.Abs(modes[l, 0])));
        var marginal = fit.MarginalCovariance().Values;
        for (var r = 0; r < Rows; r++) marginal[r, 0].ShouldBe(fit.Sigma * fit.Sigma * V[r, 0], 1e-9 * fit.Sigma * fit.Sigma * V[0, 0]);
    }
}

using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Tests.Estimation.Linear;
using Numbers = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using NumberVector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace MixedModels.Tests.Inference;

public sealed class TermTestsTests
{
    private const string Drugs =
        "42 44 36 13 19 22|33 . 26 . 33 21|31 -3 . 25 25 24|28 . 23 34 42 13|. 34 33 31 . 36|3 26 28 32 4 16|. . 1 29 . 19|. 11 9 7 1 -6|21 1 . 9 3 .|24 . 9 22 -2 15|27 12 12 -5 16 15|22 7 25 5 12 .";

    /// <summary>Kutner 1974, The American Statistician 28, 98–100; sums of squares as in SAS/STAT, PROC GLM, "Unbalanced ANOVA for two-way design with interaction".</summary>
    [Theory]
    [InlineData(AnovaType.I, 3133.238506, 418.833741)]
    [InlineData(AnovaType.II, 3063.432863, 418.833741)]
    [InlineData(AnovaType.III, 2997.471860, 415.873046)]
    public void TestTerms_DrugsAndDiseases_HaveSassSumsOfSquares(AnovaType type, double drug, double disease)
    {
        const double Residual = 5080.816667 / 46;
        var tests = new LinearMixedModel("y ~ drug * disease").FitTo(DrugTable()).TestTerms(type);
        tests.Select(row => row.NumeratorDf).ShouldBe([3, 2, 6]);
        tests[0].Statistic.ShouldBe(drug / 3 / Residual, 1e-8);
        tests[1].Statistic.ShouldBe(disease / 2 / Residual, 1e-8);
        tests[2].Statistic.ShouldBe(707.266259 / 6 / Residual, 1e-8);
        tests.ShouldAllBe(row => Math.Abs(row.DenominatorDf!.Value - 46) < 1e-6);
        tests.Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(AnovaType.I)]
    [InlineData(AnovaType.II)]
    [InlineData(AnovaType.III)]
    public void TestTerms_AnyCoding_AreTheSame(AnovaType type)
    {
        foreach (var emptyCell in new[] { false, true })
        {
            var table = Unbalanced(emptyCell);
            var expected = Fit(table, ContrastCoding.Treatment, ContrastCoding.Treatment).TestTerms(type);
            expected.Findings.Count.ShouldBe(emptyCell && type != AnovaType.I ? 1 : 0);
            foreach (var (a, b) in new[] { (ContrastCoding.Sum, ContrastCoding.Sum), (ContrastCoding.Helmert, ContrastCoding.Treatment), (ContrastCoding.Sas, ContrastCoding.Polynomial) })
            {
                var actual = Fit(table, a, b).TestTerms(type);
                for (var t = 0; t < expected.Count; t++)
                {
                    actual[t].NumeratorDf.ShouldBe(expected[t].NumeratorDf);
                    actual[t].Statistic.ShouldBe(expected[t].Statistic, 1e-6 * expected[t].Statistic, expected[t].Term);
                    actual[t].DenominatorDf!.Value.ShouldBe(expected[t].DenominatorDf!.Value, 1e-4 * expected[t].DenominatorDf!.Value, expected[t].Term);
                }
            }
        }
    }

    /// <summary>
    /// With an empty cell, from the definition: of all rows of the indicator matrix's row space, those without weight outside the term and
    /// what contains it, orthogonal to those that what contains it has alone.
    /// </summary>
    [Fact]
    public void TypeThree_EmptyCell_IsThatOfTheDefinition()
    {
        var table = Unbalanced(emptyCell: true);
        var fit = new LinearMixedModel("y ~ a * b").FitTo(table);
        var (a, b) = (Codes(table, "a"), Codes(table, "b"));
        var (n, y) = (a.Length, ((NumericColumn)table["y"]).Values.ToArray());
        var X = Numbers.Build.Dense(n, 1 + 3 + 4 + 12, (r, j) => j switch
        {
            0 => 1,
            < 4 => a[r] == j - 1 ? 1 : 0,
            < 8 => b[r] == j - 4 ? 1 : 0,
            _ => (a[r] * 4) + b[r] == j - 8 ? 1 : 0,
        });
        int[] interaction = [.. Enumerable.Range(8, 12)];
        var inner = Restricted(X, interaction);
        var tests = fit.TestTerms(AnovaType.III);
        Statistic(X, y, inner).ShouldBe(tests[2].Statistic, 1e-7);
        inner.ColumnCount.ShouldBe(tests[2].NumeratorDf);
        foreach (var (term, own) in new[] { (0, Enumerable.Range(1, 3)), (1, Enumerable.Range(4, 4)) })
        {
            var outer = Restricted(X, [.. own, .. interaction]);
            var weights = Kernel(inner.Transpose() * outer);
            tests[term].NumeratorDf.ShouldBe(weights.ColumnCount);
            Statistic(X, y, outer * weights).ShouldBe(tests[term].Statistic, 1e-7);
        }
    }

    [Fact]
    public void TestTerms_OneDegreeOfFreedom_IsTheSquareOfT()
    {
        var fit = FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy");
        foreach (var method in new[] { DegreesOfFreedom.Satterthwaite, DegreesOfFreedom.KenwardRoger, DegreesOfFreedom.None })
        {
            var (test, row) = (fit.TestTerms(AnovaType.II, method: method)[0], fit.Coefficients(method)[1]);
            test.Statistic.ShouldBe(row.Statistic * row.Statistic, 1e-9);
            test.PValue.ShouldBe(row.PValue!.Value, 1e-11 * test.PValue);
            test.DenominatorDf.HasValue.ShouldBe(row.DegreesOfFreedom.HasValue);
        }

        var wald = fit.TestTerms(statistic: TestStatistic.ChiSquared)[0];
        wald.DenominatorDf.ShouldBeNull();
        wald.Statistic.ShouldBe(Math.Pow(fit.Coefficients(DegreesOfFreedom.None)[1].Statistic, 2), 1e-9);
    }

    [Fact]
    public void TestTerms_CovariateFarFromZero_KeepsItsDigits()
    {
        var table = Unbalanced(emptyCell: false);
        var near = new LinearMixedModel("y ~ a * x + (1 | g)").FitTo(table).TestTerms(AnovaType.II);
        var far = new LinearMixedModel("y ~ a * I(1e5 * x + 2e6) + (1 | g)").FitTo(table).TestTerms(AnovaType.II);

        // The test of a is about x = 0, which is elsewhere now.
        for (var t = 1; t < near.Count; t++) far[t].Statistic.ShouldBe(near[t].Statistic, 1e-6 * near[t].Statistic);
    }

    [Fact]
    public void TestTerms_TermWithoutAColumnLeft_IsNotTested()
    {
        var table = Unbalanced(emptyCell: false);
        var tests = new LinearMixedModel("y ~ b + I(2 * x) + x + (1 | g)").FitTo(table).TestTerms();
        tests[2].NumeratorDf.ShouldBe(0);
        double.IsNaN(tests[2].PValue).ShouldBeTrue();
        tests[1].NumeratorDf.ShouldBe(1);
        FittedExamples.Of("Yield ~ 1 + (1 | Batch)", "Dyestuff").TestTerms().ShouldBeEmpty();
    }

    private static LinearMixedModelFit Fit(DataTable table, ContrastCoding a, ContrastCoding b) =>
        new LinearMixedModel("y ~ a * b + x + a:x + (1 | g)", new() { Contrasts = new Dictionary<string, ContrastCoding>(StringComparer.Ordinal) { ["a"] = a, ["b"] = b } }).FitTo(table);

    private static DataTable Unbalanced(bool emptyCell)
    {
        var random = new Random(12);
        List<(string A, string B, string G)> rows = [];
        while (rows.Count < 90)
        {
            var (i, j) = ((int)(3 * Math.Sqrt(random.NextDouble())), (int)(4 * Math.Pow(random.NextDouble(), 0.8)));
            if (!(emptyCell && i == 1 && j == 2)) rows.Add(($"a{i}", $"b{j}", $"g{random.Next(9)}"));
        }

        double[] x = [.. rows.Select(_ => RandomProblem.Normal(random))];
        double[] y = [.. rows.Select((row, r) => (0.3 * (row.A[1] - '0')) + (0.4 * x[r]) + ((row.G[1] - '4') * 0.4) + RandomProblem.Normal(random))];
        return new DataTable([
            Factors.Of("a", rows.Select(row => row.A)), Factors.Of("b", rows.Select(row => row.B)),
            Factors.Of("g", rows.Select(row => row.G)), new NumericColumn("x", x), new NumericColumn("y", y)]);
    }

    private static DataTable DrugTable()
    {
        List<(string Drug, string Disease, double Y)> rows = [];
        var cells = Drugs.Split('|');
        for (var cell = 0; cell < cells.Length; cell++)
        {
            foreach (var value in cells[cell].Split(' '))
            {
                if (value != ".") rows.Add(($"{cell / 3}", $"{cell % 3}", double.Parse(value, System.Globalization.CultureInfo.InvariantCulture)));
            }
        }

        return new DataTable([
            Factors.Of("drug", rows.Select(row => row.Drug)), Factors.Of("disease", rows.Select(row => row.Disease)),
            new NumericColumn("y", [.. rows.Select(row => row.Y)])]);
    }

    private static int[] Codes(DataTable table, string name) => ((FactorColumn)table[name]).Codes.ToArray();

    /// <summary>A basis of the row space's members without weight outside the given columns.</summary>
    private static Numbers Restricted(Numbers X, int[] columns)
    {
        var svd = X.Svd();
        var rank = svd.S.Count(value => value > 1e-9 * svd.S[0]);
        var rowSpace = svd.VT.SubMatrix(0, rank, 0, X.ColumnCount).Transpose();
        int[] outside = [.. Enumerable.Range(0, X.ColumnCount).Except(columns)];
        var rowsOutside = Numbers.Build.DenseOfRows(outside.Select(j => rowSpace.Row(j)));
        return rowSpace * Kernel(rowsOutside);
    }

    private static Numbers Kernel(Numbers A)
    {
        var svd = A.Svd();
        var rank = svd.S.Count(value => value > 1e-9);
        return svd.VT.SubMatrix(rank, A.ColumnCount - rank, 0, A.ColumnCount).Transpose();
    }

    /// <summary>F of L'beta = 0 in the ordinary linear model, beta by the pseudo-inverse.</summary>
    private static double Statistic(Numbers X, double[] y, Numbers L)
    {
        var inverse = (X.Transpose() * X).PseudoInverse();
        var response = NumberVector.Build.Dense(y);
        var beta = inverse * X.Transpose() * response;
        var residual = response - (X * beta);
        var s2 = residual.DotProduct(residual) / (X.RowCount - X.Rank());
        var estimate = L.Transpose() * beta;
        return estimate.DotProduct((L.Transpose() * inverse * L).Solve(estimate)) / L.ColumnCount / s2;
    }
}

using MixedModels.Data;
using MixedModels.LinearAlgebra;

namespace MixedModels.Tests;

public sealed class HendersonEquationsTests
{
    /// <summary>Three groups of two; means 2, 6, 4; between variance 1, within 2: shrinkage n/(n + 2/1) = 1/2.</summary>
    [Fact]
    public void Create_BalancedOneWay_IsTheHandCase()
    {
        var table = new DataTableBuilder().Add("y", [1.0, 3, 5, 7, 3, 5]).Add("g", ["a", "a", "b", "b", "c", "c"]).Build();
        var equations = HendersonEquations.Create(new LinearMixedModel("y ~ 1 + (1 | g)").Prepare(table), [Matrix.FromRows([[1]])], Math.Sqrt(2));
        equations.Names.ShouldBe(["(Intercept)", "g[a].(Intercept)", "g[b].(Intercept)", "g[c].(Intercept)"]);
        equations.FixedCount.ShouldBe(1);
        Values(equations.CoefficientMatrix).ShouldBe([3, 1, 1, 1, 1, 2, 0, 0, 1, 0, 2, 0, 1, 0, 0, 2], 1e-14);
        equations.RightHandSide.ToArray().ShouldBe([12, 2, 6, 4], 1e-13);
        equations.Solution.ToArray().ShouldBe([4, -1, 1, 0], 1e-13);

        // Var(mean) = (1 + 2/2)/3. Eliminating the mean leaves 2I − J/3 for the groups, whose inverse is I/2 + J/6.
        equations.Inverse[0, 0].ShouldBe(2.0 / 3, 1e-14);
        equations.Inverse[1, 0].ShouldBe(-1.0 / 3, 1e-14);
        equations.Inverse[1, 1].ShouldBe(2.0 / 3, 1e-14);
        equations.Inverse[2, 1].ShouldBe(1.0 / 6, 1e-14);
    }

    /// <summary>
    /// A randomised complete block design, two treatments in three blocks: BLUE is the treatment means (5 and 7), BLUP the block mean less
    /// the grand mean (−2, 0, 2) times 2·3/(2·3 + 2) = 3/4.
    /// </summary>
    [Fact]
    public void Create_CompleteBlocks_IsTheHandCase()
    {
        var equations = HendersonEquations.Create(Blocks().Design, [Matrix.FromRows([[3]])], Math.Sqrt(2));
        equations.Names.Take(2).ShouldBe(["(Intercept)", "tB"]);
        equations.Solution.ToArray().ShouldBe([5, 2, -1.5, 0, 1.5], 1e-13);

        // The difference of two treatments does not depend on blocks: 2 sigma²/3.
        equations.Inverse[1, 1].ShouldBe(2 * 2.0 / 3, 1e-13);
    }

    [Theory]
    [InlineData("Reaction ~ Days + (Days | Subject)", "sleepstudy")]
    [InlineData("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin")]
    [InlineData("score ~ Machine + (Machine | Worker)", "Machines")]
    [InlineData("score ~ Machine", "Machines")]
    public void Create_AtAFitsEstimates_GivesItsCoefficientsModesAndCovariances(string formula, string example)
    {
        var fit = FittedExamples.Of(formula, example);
        var equations = HendersonEquations.Create(fit.Design, fit.Parameters.Covariances, fit.Sigma);
        var solution = equations.Solution.ToArray();
        var p = equations.FixedCount;
        var modes = fit.ConditionalModes().SelectMany(term => Enumerable.Range(0, term.Levels.Count).SelectMany(
            level => Enumerable.Range(0, term.ColumnNames.Count).Select(effect => term.Modes[level, effect])));
        solution[..p].ShouldBe([.. fit.Coefficients().Select(row => row.Estimate)], 1e-8 * fit.Sigma);
        solution[p..].ShouldBe(modes, 1e-8 * fit.Sigma);
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < p; j++)
                equations.Inverse[i, j].ShouldBe(fit.CoefficientCovariance[i, j], 1e-8 * Math.Abs(fit.CoefficientCovariance[i, i]));
        }
    }

    [Fact]
    public void ConditionalModes_Covariances_InvertTheRandomBlockOfTheEquations()
    {
        var fit = FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy");
        var modes = fit.ConditionalModes()[0];
        var C = HendersonEquations.Create(fit.Design, fit.Parameters.Covariances, fit.Sigma).CoefficientMatrix;
        modes.Covariances.Count.ShouldBe(18);
        for (var level = 0; level < 18; level++)
        {
            // Given beta, subjects are independent: the block of one is 2×2 and its inverse is written down.
            var first = 2 + (2 * level);
            var (a, b, d) = (C[first, first], C[first + 1, first], C[first + 1, first + 1]);
            var determinant = (a * d) - (b * b);
            Values(modes.Covariances[level]).ShouldBe([d / determinant, -b / determinant, -b / determinant, a / determinant], 1e-8);
            modes.StandardDeviations[level, 1].ShouldBe(Math.Sqrt(a / determinant), 1e-9);
        }
    }

    [Fact]
    public void Create_WeightsAndOffset_EnterAsRInverseAndLessOffset()
    {
        var table = Blocks().Table.WithColumn(new NumericColumn("w", [1, 2, 1, 2, 1, 2])).WithColumn(new NumericColumn("o", [1, 1, 1, 0, 0, 0]));
        var design = new LinearMixedModel("y ~ 0 + t + (1 | b)", new() { Weights = "w", Offsets = ["o"] }).Prepare(table);
        var equations = HendersonEquations.Create(design, [Matrix.FromRows([[3]])], 0.5);

        // Weights 1 for treatment A, 2 for B, over sigma² = 1/4.
        equations.CoefficientMatrix[0, 0].ShouldBe(3 * 4, 1e-13);
        equations.CoefficientMatrix[1, 1].ShouldBe(3 * 8, 1e-13);
        equations.CoefficientMatrix[2, 2].ShouldBe(4 + 8 + (1.0 / 3), 1e-13);
        equations.RightHandSide.Span[0].ShouldBe(4 * (3 - 1 + (4 - 1) + 8.0), 1e-12);
    }

    [Fact]
    public void Create_SingularCovariance_IsRefusedWithTheReason()
    {
        var design = new LinearMixedModel("Reaction ~ Days + (Days | Subject)").Prepare(DataTable.Example("sleepstudy"));
        Refused([Matrix.FromRows([[4, -2], [-2, 1]])], "The covariance of (Days | Subject) has no inverse: 'Days' has no variance left once (Intercept) is known, and these equations contain G⁻¹.");
        Refused([Matrix.FromRows([[0, 0], [0, 1]])], "'(Intercept)' has no variance left, and");
        Refused([Matrix.FromRows([[1, 2], [2, 1]])], "has no inverse");
        Refused([], "0 covariance matrices are given for 1 random terms");

        void Refused(Matrix[] covariances, string message) =>
            Should.Throw<ArgumentException>(() => HendersonEquations.Create(design, covariances, 1)).Message.ShouldContain(message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void Create_SigmaNotPositive_IsAWrongCall(double sigma) =>
        Should.Throw<ArgumentOutOfRangeException>(() => HendersonEquations.Create(Blocks().Design, [Matrix.FromRows([[1]])], sigma));

    [Fact]
    public void Create_MoreUnknownsThanTheLimit_IsRefused()
    {
        double[] y = [.. Enumerable.Range(0, 10_004).Select(row => (double)(row % 7))];
        string[] g = [.. Enumerable.Range(0, y.Length).Select(row => "g" + (row / 2))];
        var design = new LinearMixedModel("y ~ 1 + (1 | g)").Prepare(new DataTableBuilder().Add("y", y).Add("g", g).Build());
        Should.Throw<DataException>(() => HendersonEquations.Create(design, [Matrix.FromRows([[1]])], 1)).Message
            .ShouldStartWith("The mixed model equations have 5003 unknowns (1 fixed, 5002 random effects)");
    }

    private static (DataTable Table, MixedModels.Design.ModelDesign Design) Blocks()
    {
        var table = new DataTableBuilder()
            .Add("y", [3.0, 5, 4, 8, 8, 8]).Add("t", ["A", "B", "A", "B", "A", "B"]).Add("b", ["1", "1", "2", "2", "3", "3"]).Build();
        return (table, new LinearMixedModel("y ~ t + (1 | b)").Prepare(table));
    }

    private static double[] Values(Matrix matrix) => matrix.Values.ToArray();
}

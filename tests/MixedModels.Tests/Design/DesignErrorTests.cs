using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Formula;

namespace MixedModels.Tests.Design;

public sealed class DesignErrorTests
{
    private const double NaN = double.NaN;

    private static readonly DataTable table = Tables.Of(
        Tables.Numbers("y", 1, 2, 4, 3, 7, 5),
        Tables.Numbers("Days", 0, 1, 2, 3, 4, 5),
        Tables.Numbers("constant", 2, 2, 2, 2, 2, 2),
        Tables.Numbers("neg", -1, 1, 2, 3, 4, 5),
        Tables.Numbers("inf", 1, 2, double.PositiveInfinity, 3, 4, 5),
        Tables.Numbers("gone", NaN, NaN, NaN, NaN, NaN, NaN),
        Tables.Numbers("half", 1, NaN, 3, NaN, NaN, NaN),
        Tables.Factor("f", "a a b b a b"),
        Tables.Factor("g", "u v w u v w"),
        Tables.Factor("one", "k k k k k k"),
        Tables.Factor("arm", ["p", "q", "p", "q", "q", "q"]),
        Tables.Numbers("zeros", 0, 0, 0, 0, 1, 2));

    [Theory]
    [InlineData("y ~ Dasy", 4, "Unknown column 'Dasy' at column 5: the data have no such column")]
    [InlineData("y ~ Dasy", 4, "'Days'")]
    [InlineData("z ~ Days", 0, "Unknown column 'z'")]
    [InlineData("y ~ log(f)", 8, "Factor 'f' at column 9: it has levels and this needs numbers")]
    [InlineData("y ~ f^2 + I(f + 1)", 12, "Factor 'f'")]
    [InlineData("y ~ I(poly(Days, 2) + 1)", 6, "poly() inside an expression")]
    [InlineData("y ~ log(factor(f))", 8, "factor() inside arithmetic")]
    [InlineData("y ~ relevel(f, ref = \"z\")", 21, "The level 'z'")]
    [InlineData("y ~ I(f == \"z\")", 11, "The level 'z'")]
    [InlineData("y ~ factor(f, levels = c(\"a\", \"a\"))", 23, "A level given twice")]
    [InlineData("y ~ log(Days, base = 1)", 21, "The base 1")]
    [InlineData("y ~ bs(Days, df = 2)", 18, "df = 2 at column 19: wanted at least 3")]
    [InlineData("y ~ ns(Days, knots = c(2, 9))", 21, "wanted them between 0 and 5")]
    [InlineData("y ~ ns(Days, Boundary.knots = c(5, 0))", 30, "two numbers in ascending order")]
    [InlineData("y ~ offset(f)", 11, "The offset f")]
    [InlineData("y ~ offset(poly(Days, 2))", 11, "it has several columns")]
    [InlineData("poly(y, 2) ~ Days", 0, "it has several columns")]
    [InlineData("f ~ Days", 0, "it is a factor with 2 levels ('a', 'b') and a Gaussian model needs numbers; two levels are the response of a binomial model")]
    [InlineData("g ~ Days", 0, "cumulative model")]
    [InlineData("cbind(y, Days) ~ f", 0, "a Gaussian model needs one number a row")]
    public void Create_FormulaThatDoesNotSuitTheTable_SaysWhatAndWhere(string formula, int position, string message)
    {
        var error = Should.Throw<FormulaException>(() => Make(formula));
        error.Message.ShouldContain(message);
        error.Position.ShouldBe(position);
    }

    [Theory]
    [InlineData("y ~ log(Days)", "log(Days) is -Inf in row 1 (Days = 0); a model needs finite numbers")]
    [InlineData("y ~ sqrt(neg)", "sqrt(neg) is not a number in row 1 (neg = -1)")]
    [InlineData("log(neg) ~ Days", "log(neg) is not a number in row 1")]
    [InlineData("y ~ inf", "inf is Inf in row 3;")]
    [InlineData("y ~ poly(inf, 2)", "inf is Inf in row 3, so nothing can be learnt from it")]
    [InlineData("y ~ gone", "None of the 6 rows is complete in the columns the model uses; missing values: 'gone' 6.")]
    [InlineData("y ~ center(gone)", "gone has no value in any of the 6 rows")]
    [InlineData("y ~ one", "Factor 'one' has 1 level; a fixed or random effect needs 2")]
    [InlineData("y ~ arm + half", "Factor 'arm' has 1 level once 4 incomplete rows are dropped")]
    [InlineData("y ~ I(Days > 9)", "Factor 'I(Days > 9)' has 1 level")]
    [InlineData("constant ~ Days", "The response constant is 2 in all 6 rows used")]
    [InlineData("y ~ scale(constant)", "does not vary")]
    [InlineData("y ~ poly(Days, 6)", "poly(Days, 6) needs more than 6 distinct values of Days, which has 6")]
    [InlineData("y ~ ns(zeros, df = 3)", "cannot place its knots")]
    [InlineData("y ~ ns(constant, df = 1)", "cannot place its knots")]
    [InlineData("y ~ poly(Days, 5)", "The formula has 6 independent fixed effects for 6 complete rows")]
    public void Create_ValuesThatDoNotAllowTheModel_SaysWhatAndWhere(string formula, string message) =>
        Should.Throw<DataException>(() => Make(formula)).Message.ShouldContain(message);

    [Fact]
    public void Create_InfiniteValueInADroppedRow_DoesNotMatter()
    {
        var data = Tables.Of(Tables.Numbers("y", 1, 2, 4, NaN), Tables.Numbers("x", 1, 2, 3, 0));
        ModelDesign.Create(ModelFormula.Parse("y ~ log(x)"), data).Observations.ShouldBe(3);
    }

    [Theory]
    [InlineData("zeros", "The weight zeros is 0 in row 1; weights must be positive")]
    [InlineData("neg", "The weight neg is -1 in row 1")]
    [InlineData("inf", "inf is Inf in row 3")]
    [InlineData("f", "Column 'f' is a factor")]
    [InlineData("wieght", "The data have no column 'wieght'")]
    public void Create_Weights_MustBePositiveNumbers(string weights, string message) =>
        Should.Throw<DataException>(() => ModelDesign.Create(ModelFormula.Parse("y ~ Days"), table, new() { Weights = weights })).Message.ShouldContain(message);

    [Theory]
    [InlineData("foo")]
    [InlineData("Days")]
    public void Create_ContrastsOfNoFactor_AreRefused(string name)
    {
        var options = new DesignOptions { Contrasts = new Dictionary<string, ContrastCoding>(StringComparer.Ordinal) { [name] = ContrastCoding.Sum } };
        Should.Throw<DataException>(() => ModelDesign.Create(ModelFormula.Parse("y ~ f"), table, options)).Message.ShouldContain($"Contrasts are given for '{name}'");
    }

    [Fact]
    public void Create_OffsetOptionThatCannotBeRead_IsMarkedInItsOwnText()
    {
        var error = Should.Throw<FormulaException>(() => ModelDesign.Create(ModelFormula.Parse("y ~ Days"), table, new() { Offsets = ["log(Dayz)"] }));
        error.Position.ShouldBe(4);
        error.Message.ShouldContain("  log(Dayz)");
    }

    [Fact]
    public void Create_EmptyTable_IsRefused() =>
        Should.Throw<DataException>(() => ModelDesign.Create(ModelFormula.Parse("y ~ 1"), Tables.Of(Tables.Numbers("y")))).Message.ShouldBe("The data have no rows.");

    [Fact]
    public void Create_OrderedFactorOfManyLevels_IsRefused()
    {
        var rows = Enumerable.Range(0, 200).Select(i => $"{i % 100}").ToArray();
        var data = Tables.Of(Tables.Numbers("y", [.. Enumerable.Range(0, 200).Select(i => (double)i)]), Tables.Factor("o", rows, isOrdered: true));
        Should.Throw<DataException>(() => ModelDesign.Create(ModelFormula.Parse("y ~ o"), data)).Message.ShouldContain("polynomial contrasts go to 95");
    }

    [Fact]
    public void Create_Null_IsAWrongCall()
    {
        Should.Throw<ArgumentNullException>(() => ModelDesign.Create(null!, table));
        Should.Throw<ArgumentNullException>(() => ModelDesign.Create(ModelFormula.Parse("y ~ 1"), null!));
    }

    private static ModelDesign Make(string formula) => ModelDesign.Create(ModelFormula.Parse(formula), table);
}

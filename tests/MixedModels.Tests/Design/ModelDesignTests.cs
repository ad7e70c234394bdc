using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Formula;
using MixedModels.Numerics;

namespace MixedModels.Tests.Design;

public sealed class ModelDesignTests
{
    private const double NaN = double.NaN;

    private static readonly DataTable table = Tables.Of(
        Tables.Numbers("y", 1, 2, 4, 3, 7, 5),
        Tables.Numbers("x", 0, 1, 2, 3, 4, 5),
        Tables.Numbers("x with space", 1, 1, 2, 2, 3, 3),
        Tables.Factor("f", ["a", "b", "a", "c", "c", "b"], ["a", "b", "c", "unused"]),
        Tables.Factor("o", ["lo", "mid", "hi", "lo", "mid", "hi"], ["lo", "mid", "hi"], isOrdered: true),
        Tables.Factor("t", ["TRUE", "FALSE", "TRUE", "FALSE", "FALSE", "TRUE"], ["FALSE", "TRUE"]),
        Tables.Numbers("w", 1, 2, 3, 4, 5, 6),
        Tables.Numbers("holes", 1, NaN, 3, 4, 8, NaN));

    [Fact]
    public void Create_SleepstudyModel_HasEverything()
    {
        var factors = new Dictionary<string, (string[], bool)>(StringComparer.Ordinal)
        {
            ["Subject"] = (["308", "309", "310", "330", "331", "332", "333", "334", "335", "337", "349", "350", "351", "352", "369", "370", "371", "372"], false),
        };
        var sleep = Tables.ReadCsv(Path.Combine(AppContext.BaseDirectory, "validation", "design", "sleepstudy.csv"), factors);
        var design = ModelDesign.Create(ModelFormula.Parse("Reaction ~ Days + (Days | Subject)"), sleep);
        design.Observations.ShouldBe(180);
        design.DroppedRows.ShouldBe(0);
        design.ResponseName.ShouldBe("Reaction");
        design.Response.Span[1].ShouldBe(258.7047);
        design.Weights.IsEmpty.ShouldBeTrue();
        design.Offset.IsEmpty.ShouldBeTrue();
        design.Fixed.ColumnNames.ShouldBe(["(Intercept)", "Days"]);
        design.Fixed.HasIntercept.ShouldBeTrue();
        var term = design.RandomTerms.ShouldHaveSingleItem();
        term.Levels.Count.ShouldBe(18);
        term.LevelOfRow.Span[179].ShouldBe(17);
        term.Z.Length.ShouldBe(360);
    }

    [Theory]
    [InlineData("y ~ f", "(Intercept) fb fc")]
    [InlineData("y ~ 0 + f", "fa fb fc")]
    [InlineData("y ~ o", "(Intercept) o.L o.Q")]
    [InlineData("y ~ ordered(f)", "(Intercept) ordered(f).L ordered(f).Q")]
    [InlineData("y ~ factor(o)", "(Intercept) factor(o).L factor(o).Q")]
    [InlineData("y ~ t", "(Intercept) tTRUE")]
    [InlineData("y ~ I(t)", "(Intercept) I(t)TRUE")]
    [InlineData("y ~ `x with space`", "(Intercept) `x with space`")]
    [InlineData("y ~ factor(`x with space`)", "(Intercept) factor(`x with space`)2 factor(`x with space`)3")]
    [InlineData("y ~ poly(x, 1)", "(Intercept) poly(x, 1)")]
    [InlineData("y ~ I(f == \"a\")", "(Intercept) I(f == \"a\")TRUE")]
    [InlineData("y ~ (x > 2)", "(Intercept) x > 2TRUE")]
    [InlineData("y ~ C(f, SAS)", "(Intercept) C(f, SAS)1 C(f, SAS)2")]
    [InlineData("y ~ C(f, \"contr.sum\")", "(Intercept) C(f, \"contr.sum\")1 C(f, \"contr.sum\")2")]
    [InlineData("y ~ factor(f, levels = c(\"c\", \"b\", \"a\"))", "(Intercept) factor(f, levels = c(\"c\", \"b\", \"a\"))b factor(f, levels = c(\"c\", \"b\", \"a\"))a")]
    [InlineData("y ~ center(x) + scale(x, scale = FALSE)", "(Intercept) center(x)")]
    [InlineData("y ~ x + I(2 * x) + w", "(Intercept) x")]
    public void Create_Columns_AreNamedAsInR(string formula, string names) => string.Join(' ', Make(formula).Fixed.ColumnNames).ShouldBe(names);

    [Theory]
    [InlineData("y ~ log(x + 1)", new[] { 0, 0.6931471805599453, 1.0986122886681098, 1.3862943611198906, 1.6094379124341003, 1.791759469228055 })]
    [InlineData("y ~ log(x + 1, base = 2)", new[] { 0, 1, 1.5849625007211562, 2, 2.321928094887362, 2.584962500721156 })]
    [InlineData("y ~ I(-x^2/2 + 1)", new[] { 1, 0.5, -1, -3.5, -7, -11.5 })]
    [InlineData("y ~ I((x > 2) * x)", new[] { 0.0, 0, 0, 3, 4, 5 })]
    [InlineData("y ~ I(t * x)", new[] { 0.0, 0, 2, 0, 0, 5 })]
    [InlineData("y ~ sqrt(abs(x - 4))", new[] { 2, 1.7320508075688772, 1.4142135623730951, 1, 0, 1 })]
    [InlineData("y ~ center(x)", new[] { -2.5, -1.5, -0.5, 0.5, 1.5, 2.5 })]
    [InlineData("y ~ scale(x, center = FALSE)", new[] { 0, 0.30151134457776363, 0.60302268915552726, 0.90453403373329089, 1.2060453783110545, 1.5075567228888182 })]
    [InlineData("y ~ cos(pi * x)", new[] { 1.0, -1, 1, -1, 1, -1 })]
    [InlineData("y ~ log2(2^x)", new[] { 0.0, 1, 2, 3, 4, 5 })]
    [InlineData("y ~ log10(10^x)", new[] { 0.0, 1, 2, 3, 4, 5 })]
    [InlineData("y ~ I((x^3^2)^(1/9))", new[] { 0.0, 1, 2, 3, 4, 5 })]
    [InlineData("y ~ expm1(log1p(x))", new[] { 0.0, 1, 2, 3, 4, 5 })]
    [InlineData("y ~ exp(log(x + 1)) + tan(x) - tan(x)", new[] { 1.0, 2, 3, 4, 5, 6 })]
    public void Create_Transforms_AreComputed(string formula, double[] expected)
    {
        var design = Make(formula);
        design.Fixed.X.Span[6..12].ToArray().ShouldBe(expected, 1e-14);
    }

    [Theory]
    [InlineData(1e-17, 1e-17)]
    [InlineData(-1, double.NegativeInfinity)]
    [InlineData(1e-9, 9.999999995e-10)]
    [InlineData(1e300, 690.7755278982137)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    public void Log1P_SmallAndLarge_LosesNoDigits(double x, double expected)
    {
        var value = NearZero.LogOnePlus(x);
        (value == expected || Math.Abs(value - expected) <= 1e-15 * Math.Abs(expected)).ShouldBeTrue($"log1p({x}) = {value}");
    }

    [Theory]
    [InlineData(1e-17, 1e-17)]
    [InlineData(1e-9, 1.0000000005e-9)]
    [InlineData(1, 1.718281828459045)]
    [InlineData(-50, -1)]
    [InlineData(800, double.PositiveInfinity)]
    public void ExpM1_SmallAndLarge_LosesNoDigits(double x, double expected)
    {
        var value = NearZero.ExpMinusOne(x);
        (value == expected || Math.Abs(value - expected) <= 2e-15 * Math.Abs(expected)).ShouldBeTrue($"expm1({x}) = {value}");
    }

    [Fact]
    public void Create_MissingValues_DropTheRowsOfUsedColumnsOnly()
    {
        var design = Make("y ~ holes + w");
        design.Rows.ToArray().ShouldBe([0, 2, 3, 4]);
        (design.Observations, design.DroppedRows).ShouldBe((4, 2));
        design.Response.ToArray().ShouldBe([1, 4, 3, 7]);
        Tables.Rows(design.Fixed.X, 4).ShouldBe([[1, 1, 1], [1, 3, 3], [1, 4, 4], [1, 8, 5]]);
        Make("y ~ x").DroppedRows.ShouldBe(0);
        Make("y ~ x*holes - x:holes - holes").DroppedRows.ShouldBe(0);
    }

    [Fact]
    public void Create_LearntTransform_UsesEveryPresentValueAsR()
    {
        // The rows where y is missing are dropped, but R has centred x over all of its own values by then: mean 2.5, not 2.
        var gaps = Tables.Of(Tables.Numbers("y", 1, 2, 4, NaN), Tables.Numbers("x", 1, 2, 3, 4));
        ModelDesign.Create(ModelFormula.Parse("y ~ center(x)"), gaps).Fixed.X.ToArray().ShouldBe([1, 1, 1, -1.5, -0.5, 0.5]);
    }

    [Fact]
    public void Create_LevelsLeftOutByFactor_DropTheirRows()
    {
        var design = Make("y ~ factor(f, levels = c(\"a\", \"c\"))");
        design.Rows.ToArray().ShouldBe([0, 2, 3, 4]);
        design.Fixed.X.Span[4..].ToArray().ShouldBe([0, 0, 1, 1]);
    }

    [Fact]
    public void Create_Offsets_AreSummedAndStayOutOfTheMatrix()
    {
        var design = ModelDesign.Create(ModelFormula.Parse("y ~ x + offset(2 * x) + offset(w)"), table, new() { Offsets = ["w", "log1p(0 * x)"] });
        design.Offset.ToArray().ShouldBe([2, 6, 10, 14, 18, 22]);
        design.Fixed.ColumnNames.ShouldBe(["(Intercept)", "x"]);
        design.Response.ToArray().ShouldBe([1, 2, 4, 3, 7, 5]);
    }

    [Fact]
    public void Create_Weights_AreTakenAndMissingOnesDropRows()
    {
        ModelDesign.Create(ModelFormula.Parse("y ~ x"), table, new() { Weights = "w" }).Weights.ToArray().ShouldBe([1, 2, 3, 4, 5, 6]);
        ModelDesign.Create(ModelFormula.Parse("y ~ x"), table, new() { Weights = "holes" }).Weights.ToArray().ShouldBe([1, 3, 4, 8]);
    }

    [Fact]
    public void Create_Dot_LeavesOutResponseGroupsWeightsAndOffsets()
    {
        var plain = Tables.Of(
            Tables.Numbers("y", 1, 2, 4, 3, 7, 5), Tables.Numbers("a", 1, 0, 2, 1, 0, 3), Tables.Numbers("w", 1, 1, 1, 1, 1, 2), Tables.Numbers("off", 1, 1, 1, 1, 1, 0), Tables.Factor("g", "u u u v v v"));
        var design = ModelDesign.Create(ModelFormula.Parse("y ~ . + (1 | g)"), plain, new() { Weights = "w", Offsets = ["off"] });
        design.Fixed.ColumnNames.ShouldBe(["(Intercept)", "a"]);
    }

    [Fact]
    public void Create_DependentColumns_AreDroppedLastFirstAndNamed()
    {
        var design = Make("y ~ x + I(x + 1) + f + I(f == \"c\")");
        design.Fixed.ColumnNames.ShouldBe(["(Intercept)", "x", "fb", "fc"]);
        design.Fixed.Aliased.ShouldBe(["I(x + 1)", "I(f == \"c\")TRUE"]);
        design.Fixed.Assign.ShouldBe([0, 1, 3, 3]);
        design.Fixed.TermNames.ShouldBe(["x", "I(x + 1)", "f", "I(f == \"c\")"]);
        design.Fixed.Terms[1].Columns.ShouldBeEmpty();
        design.Fixed.Terms[1].FullColumnCount.ShouldBe(1);
        design.Fixed.Terms[2].Columns.ShouldBe([2, 3]);
        design.Fixed.X.Length.ShouldBe(24);
    }

    [Fact]
    public void Create_Contrasts_AreTakenFromTheOptions()
    {
        var options = new DesignOptions { Contrasts = new Dictionary<string, ContrastCoding>(StringComparer.Ordinal) { ["f"] = ContrastCoding.Sum, ["o"] = ContrastCoding.Treatment } };
        var design = ModelDesign.Create(ModelFormula.Parse("y ~ f + o"), table, options);
        design.Fixed.ColumnNames.ShouldBe(["(Intercept)", "f1", "f2", "omid", "ohi"]);
        Tables.Rows(design.Fixed.X, 6).Select(row => row[1]).ShouldBe([1, 0, 1, -1, -1, 0]);
    }

    [Fact]
    public void Create_Terms_TellVariablesLevelsAndCoding()
    {
        var terms = ModelDesign.Create(ModelFormula.ParseOneSided("~ f*log(w)"), table).Fixed.Terms;
        terms.Select(term => term.Name).ShouldBe(["f", "log(w)", "f:log(w)"]);
        terms[2].Columns.ShouldBe([4, 5]);
        var factor = terms[2].Variables[0];
        factor.Levels.ShouldBe(["a", "b", "c"]);
        factor.HasIndicators.ShouldBeFalse();
        factor.Coding!.Values.ToArray().ShouldBe([0, 1, 0, 0, 0, 1]);
        terms[2].Variables[1].Levels.ShouldBeNull();
        terms[2].Variables[1].Sources.ShouldBe(["w"]);
        Make("y ~ f:w").Fixed.Terms[0].Variables[0].HasIndicators.ShouldBeTrue();
    }

    [Fact]
    public void Create_ColumnNamedPi_HidesTheConstant()
    {
        var own = Tables.Of(Tables.Numbers("y", 1, 2, 4), Tables.Numbers("pi", 3, 5, 9));
        ModelDesign.Create(ModelFormula.Parse("y ~ pi"), own).Fixed.X.ToArray().ShouldBe([1, 1, 1, 3, 5, 9]);
    }

    [Fact]
    public void Create_NoFixedEffects_HasNoColumns()
    {
        var design = Make("y ~ 0 + (1 | t)");
        design.Fixed.ColumnNames.ShouldBeEmpty();
        design.Fixed.HasIntercept.ShouldBeFalse();
        design.Fixed.X.IsEmpty.ShouldBeTrue();
    }

    private static ModelDesign Make(string formula) => ModelDesign.Create(ModelFormula.Parse(formula), table);
}

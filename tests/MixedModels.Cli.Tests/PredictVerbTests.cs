using System.Text.Json;
using MixedModels.Data;

namespace MixedModels.Cli.Tests;

public sealed class PredictVerbTests
{
    private static readonly DataTable rows = new DataTableBuilder()
        .Add("Days", [0.0, 3, double.NaN]).Add("Subject", ["308", "999", "308"]).Build();

    [Fact]
    public void Predict_NewLevelsPopulation_PredictsEachRowAndWarnsOfMissingOnes()
    {
        var run = CommandRun.Of(new StubLibrary { Table = rows }, "predict", "m.fit", "new.csv", "--new-levels", "population", "--output", "json");
        run.ExitCode.ShouldBe(0);
        run.Error.ShouldBe("mixed: warning: 1 of 3 rows have a missing value the prediction needs, so theirs is missing (row 3).\n");
        using var json = JsonDocument.Parse(run.Output);
        var fits = json.RootElement.EnumerateArray().Select(row => row.GetProperty("fit")).ToArray();

        // lme4 1.1-31: predict(fit, newdata, allow.new.levels = TRUE).
        fits[0].GetDouble().ShouldBe(253.66367102008, 1e-4);
        fits[1].GetDouble().ShouldBe(282.806962727273, 1e-4);
        fits[2].ValueKind.ShouldBe(JsonValueKind.Null);
        json.RootElement[0].EnumerateObject().Select(property => property.Name).ShouldBe(["row", "fit"]);
    }

    [Fact]
    public void Predict_Interval_HasTheMembersOfTheContract()
    {
        var known = rows.SelectRows([0]);
        JsonElement Row(params string[] options)
        {
            using var json = JsonDocument.Parse(CommandRun.Of(new StubLibrary { Table = known }, ["predict", "m.fit", "new.csv", "--output", "json", .. options]).Output);
            return json.RootElement[0].Clone();
        }

        var row = Row("--interval", "0.95");
        row.EnumerateObject().Select(property => property.Name).ShouldBe(["row", "fit", "se", "lower", "upper"]);
        Row("--se").EnumerateObject().Select(property => property.Name).ShouldBe(["row", "fit", "se"]);
        Row("--interval", "0.95", "--uncertainty", "observation").GetProperty("se").GetDouble().ShouldBeGreaterThan(25);
        row.GetProperty("se").GetDouble().ShouldBeLessThan(25);
    }

    [Theory]
    [InlineData("Standard errors hold the uncertainty of the fixed effects and the random effects; not that of the variances. Intervals: 95 % (residual degrees of freedom).", "--interval", "0.95")]
    [InlineData("Standard errors hold the uncertainty of the fixed effects, the random effects and the residual; not that of the variances.", "--se", "--uncertainty", "observation")]
    [InlineData("Standard errors hold the uncertainty of the fixed effects, the random effects and the residual given the known ones of its subject; not that of the variances.", "--se", "--with-residual")]
    [InlineData("Standard errors hold the uncertainty of the fixed effects, with that of the variances. Intervals: 90 % (Kenward and Roger's standard errors and degrees of freedom).", "--interval", "0.9", "--population", "--df", "kenward-roger")]
    public void Predict_Text_SaysWhatStandardErrorsHold(string statement, params string[] options) =>
        string.Join(' ', CommandRun.Of(new StubLibrary { Table = rows.SelectRows([0]) }, ["predict", "m.fit", "new.csv", .. options]).Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .ShouldEndWith(statement);

    [Theory]
    [InlineData("leave out --uncertainty mean", "--with-residual", "--se", "--uncertainty", "mean")]
    [InlineData("leave out --averaged and --random", "--with-residual", "--random", "Subject")]
    public void Predict_WithResidual_IsOfTheResponseItself(string message, params string[] options)
    {
        var run = CommandRun.Of(new StubLibrary { Table = rows }, ["predict", "m.fit", "new.csv", .. options]);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(message);
    }

    [Fact]
    public void Predict_Population_NeedsNoGroups()
    {
        var table = new DataTableBuilder().Add("Days", [3.0]).Build();
        CommandRun.Of(new StubLibrary { Table = table }, "predict", "m.fit", "new.csv", "--population", "--output", "csv").Output.ShouldStartWith("row,fit\n1,282.80696");
        CommandRun.Of(new StubLibrary { Table = table }, "predict", "m.fit", "new.csv").ExitCode.ShouldBe(3);
    }

    [Fact]
    public void Predict_Random_TakesTheNamedTerms()
    {
        var table = rows.SelectRows([0]);
        string Output(params string[] options) => CommandRun.Of(new StubLibrary { Table = table }, ["predict", "m.fit", "new.csv", "--output", "csv", .. options]).Output;
        Output("--random", "Subject").ShouldBe(Output());
        Output("--random", "(Days | Subject)").ShouldBe(Output());
        (Output("--population") == Output()).ShouldBeFalse();
    }

    [Fact]
    public void Predict_Theta_AddsToStandardErrorsAndSaysSo()
    {
        CommandRun Run(params string[] options) => CommandRun.Of(new StubLibrary { Table = rows.SelectRows([0]) }, ["predict", "m.fit", "new.csv", "--se", .. options]);
        Run("--theta").Output.ShouldContain("(delta method)");
        (Run("--theta", "--output", "csv").Output == Run("--output", "csv").Output).ShouldBeFalse();
    }

    [Fact]
    public void Predict_FactorsOfTheModel_AreReadAsFactorsOfTheData()
    {
        var library = new StubLibrary { Table = rows };
        CommandRun.Of(library, "predict", "m.fit", "new.csv", "--new-levels", "population", "--factor", "x");
        library.Source!.KnownFactors.ShouldBe(["Subject"]);
        library.Source.Factors.ShouldBe(["x"]);
    }

    [Fact]
    public void Predict_RealFiles_ReadAColumnOfMostlyNumbersAsTheModelDoes()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("new.csv"), "Days,Subject\n1,308\n2,335\n3,new\n");
        Run("fit", "Reaction ~ Days + (1 | Subject)", "example:sleepstudy", "--save", folder.File("m.fit")).ExitCode.ShouldBe(0);
        Run("predict", folder.File("m.fit"), folder.File("new.csv"), "--new-levels", "population").Output.Split('\n').Length.ShouldBe(5);
        Run("predict", folder.File("m.fit"), folder.File("new.csv")).Error.ShouldContain("Group 'Subject' has the level 'new' in row 3");

        static CommandRun Run(params string[] args)
        {
            using var output = new StringWriter();
            using var error = new StringWriter();
            var code = CommandLineApplication.Run(args, output, error, Stream.Null, CancellationToken.None);
            return new(code, output.ToString(), error.ToString());
        }
    }

    [Theory]
    [InlineData(3, "Group 'Subject' has the level '999' in row 2, which is not among the 18 levels", "m.fit", "new.csv")]
    [InlineData(2, "The model has no random term 'Subjct'; nearest: 'Subject'.", "m.fit", "new.csv", "--random", "Subjct")]
    [InlineData(2, "--population and --random exclude each other", "m.fit", "new.csv", "--random", "Subject", "--population")]
    [InlineData(2, "--new-levels has no choice 'zero'; one of error, population is wanted.", "m.fit", "new.csv", "--new-levels", "zero")]
    [InlineData(2, "--interval 95: a number between 0 and 1 is wanted, such as 0.95.", "m.fit", "new.csv", "--interval", "95")]
    [InlineData(2, "--uncertainty observation says what standard errors", "m.fit", "new.csv", "--uncertainty", "observation")]
    [InlineData(2, "--df residual is for intervals", "m.fit", "new.csv", "--df", "residual", "--se")]
    [InlineData(2, "Degrees of freedom by 'kenward-roger' are those of functions of the fixed effects", "m.fit", "new.csv", "--df", "kenward-roger", "--interval", "0.9", "--new-levels", "population")]
    [InlineData(2, "A new observation varies by all random terms", "m.fit", "new.csv", "--population", "--interval", "0.9", "--uncertainty", "observation")]
    [InlineData(2, "--theta adds to standard errors and intervals", "m.fit", "new.csv", "--theta")]
    [InlineData(2, "--theta is for predictions in which random effects take part", "m.fit", "new.csv", "--theta", "--se", "--population")]
    [InlineData(2, "'mixed predict' needs DATA.", "m.fit")]
    public void Predict_BadInput_IsRefusedInOneMessage(int code, string message, params string[] args)
    {
        var run = CommandRun.Of(new StubLibrary { Table = rows }, ["predict", .. args]);
        run.ExitCode.ShouldBe(code);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldStartWith("mixed: " + message);
    }

    [Fact]
    public void Predict_ColumnAbsent_EndsWithUnusableData()
    {
        var run = CommandRun.Of("predict", "m.fit", "new.csv");
        run.ExitCode.ShouldBe(3);
        run.Error.ShouldStartWith("mixed: The data have no column 'Days', which the model needs");
    }
}

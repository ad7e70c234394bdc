using System.Text.Json;
using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Formula;

namespace MixedModels.Cli.Tests;

public class FitVerbTests
{
    private const string Formula = "y ~ x + (1 | g)";

    [Fact]
    public void Fit_Plain_PrintsTheSummaryAndNothingElse()
    {
        var library = new StubLibrary();
        var run = CommandRun.Of(library, "fit", Formula, "d.csv");
        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldStartWith("Linear mixed model fitted by REML\n");
        library.Source!.Name.ShouldBe("d.csv");
        library.Model!.Options.Criterion.ShouldBe(EstimationCriterion.Reml);
    }

    [Fact]
    public void Fit_AllOptions_ReachTheLibrary()
    {
        var library = new StubLibrary();
        var run = CommandRun.Of(
            library,
            "fit", "--ml", "y ~ x + a * b + (1 | g)", "-", "--weights", "w", "--offset", "-log(x)", "--offset", "z", "--factor", "a,b", "--factor", "c",
            "--ordered=d", "--levels", "a=x,\"y,z\"", "--levels", "b=1,2", "--contrasts", "a=sum", "--contrasts", "b=helmert", "--df", "none",
            "--optimizer", "newton", "--solver", "direct", "--threads", "2", "--no-color", "--quiet", "--family", "gaussian", "--link", "identity");
        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
        var source = library.Source!;
        source.Name.ShouldBe("-");
        source.Factors.ShouldBe(["a", "b", "c"]);
        source.Ordered.ShouldBe(["d"]);
        source.Levels["a"].ShouldBe(["x", "y,z"]);
        source.Levels["b"].ShouldBe(["1", "2"]);
        var options = library.Model!.Options;
        options.Criterion.ShouldBe(EstimationCriterion.MaximumLikelihood);
        options.Weights.ShouldBe("w");
        options.Offsets.ShouldBe(["-log(x)", "z"]);
        options.Contrasts.Count.ShouldBe(2);
        options.Contrasts["a"].ShouldBe(ContrastCoding.Sum);
        options.Contrasts["b"].ShouldBe(ContrastCoding.Helmert);
    }

    [Theory]
    [InlineData("-y ~ x + (1 | g)")]
    [InlineData("y ~ (1 | g) + (0 + x || g)")]
    public void Fit_FormulaWithDashesOrBars_IsAFormula(string formula)
    {
        var library = new StubLibrary();
        var run = CommandRun.Of(library, "fit", formula, "d.csv");
        run.Error.ShouldBeEmpty();
        library.Model!.Formula.ShouldBe(new LinearMixedModel(formula).Formula);
        CommandRun.Of("fit", "--", formula, "d.csv").ShouldBe(run);
    }

    [Fact]
    public void Fit_FileNameBeginningWithAt_IsNoResponseFile()
    {
        var library = new StubLibrary();
        CommandRun.Of(library, "fit", Formula, "@d.csv").ExitCode.ShouldBe(0);
        library.Source!.Name.ShouldBe("@d.csv");
    }

    [Fact]
    public void Fit_Json_IsOneObjectWithTimes()
    {
        var run = CommandRun.Of("fit", Formula, "d.csv", "--output", "json");
        using var json = JsonDocument.Parse(run.Output);
        json.RootElement.GetProperty("schema").GetString().ShouldBe("mixed/fit/1");
        json.RootElement.GetProperty("seconds").GetProperty("total").GetDouble().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("csv", "component,name,estimate,se,df,statistic,p\n")]
    [InlineData("markdown", "## Linear mixed model")]
    [InlineData("text", "Linear mixed model")]
    public void Fit_OtherFormats_AreWritten(string format, string start) =>
        CommandRun.Of("fit", Formula, "d.csv", "--output", format).Output.ShouldStartWith(start);

    [Fact]
    public void Fit_WithoutAProvedOptimum_EndsWithItsOwnExitCodeAndSaysSo()
    {
        var library = new StubLibrary { Doubt = optimum => optimum with { Proved = false } };
        var run = CommandRun.Of(library, "fit", Formula, "d.csv", "--output", "json");
        run.ExitCode.ShouldBe(1);
        run.Error.ShouldStartWith("mixed: problem: No optimum could be proved");
        using var json = JsonDocument.Parse(run.Output);
        json.RootElement.GetProperty("converged").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public void Fit_Warnings_GoToStandardErrorUnlessTheSummaryHasThemOrQuietIsAskedFor()
    {
        var library = new StubLibrary { Doubt = optimum => optimum with { FlatParameter = 0 } };
        const string Warning = "mixed: warning: The likelihood is flat";
        var run = CommandRun.Of(library, "fit", Formula, "d.csv", "--output", "json");
        run.ExitCode.ShouldBe(1);
        run.Error.ShouldStartWith(Warning);
        CommandRun.Of(library, "fit", Formula, "d.csv", "--output", "json", "--quiet").Error.ShouldBeEmpty();
        CommandRun.Of(library, "fit", Formula, "d.csv").Error.ShouldBeEmpty();
        using var folder = new TemporaryFolder();
        CommandRun.Of(library, "fit", Formula, "d.csv", "--out", folder.File("s.txt")).Error.ShouldStartWith(Warning);
    }

    [Fact]
    public void Fit_OutAndSave_WriteWholeFilesAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("r.json"), "old");
        var run = CommandRun.Of("fit", Formula, "d.csv", "--output", "json", "--out", folder.File("r.json"), "--save", folder.File("m.fit"));
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldBeEmpty();
        folder.FileNames.ShouldBe(["r.json", "m.fit"], ignoreOrder: true);
        LinearMixedModelFit.Load(folder.File("m.fit")).Observations.ShouldBe(12);
        using var json = JsonDocument.Parse(File.ReadAllText(folder.File("r.json")));
        json.RootElement.GetProperty("observations").GetInt32().ShouldBe(12);
    }

    [Fact]
    public void Write_FailingHalfWay_LeavesTheOldFileAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("r.json"), "old");
        Should.Throw<CommandLineException>(() => ResultFile.Write("--out", folder.File("r.json"), temporary =>
        {
            File.WriteAllText(temporary, "half");
            throw new IOException("disk full");
        })).Message.ShouldContain("disk full");
        folder.FileNames.ShouldBe(["r.json"]);
        File.ReadAllText(folder.File("r.json")).ShouldBe("old");
    }

    [Fact]
    public void Fit_Failures_BecomeExitCodesAndOneMessage()
    {
        Check(new FormulaException("Unexpected ')'."), 2, "mixed: Unexpected ')'.\n");
        Check(new DataException("No column 'x'."), 3, "mixed: No column 'x'.\n");
        Check(new IOException("gone"), 3, "mixed: gone\n");
        Check(new InsufficientMemoryException(), 3, "mixed: The memory does not suffice for these data and this model; use fewer rows, columns or groups.\n");
        Check(new OperationCanceledException(), 130, "mixed: cancelled.\n");
        Check(
            new InvalidOperationException("odd"),
            70,
            "mixed: internal error (InvalidOperationException): odd\nThis is a fault of the program, not yours; please report it with the command that led to it.\n");

        static void Check(Exception failure, int code, string error)
        {
            var run = CommandRun.Of(new StubLibrary { Failure = failure }, "fit", Formula, "d.csv");
            run.ShouldBe(new CommandRun(code, "", error));
        }
    }

    [Fact]
    public void Fit_CancelledAfterReading_StopsThere()
    {
        var library = new StubLibrary();
        var run = CommandRun.Of(library, new CancellationToken(canceled: true), "fit", Formula, "d.csv");
        run.ExitCode.ShouldBe(130);
        library.Model.ShouldBeNull();
    }

    [Fact]
    public void Fit_OutputThatCannotBeWritten_IsOneMessage()
    {
        using var error = new StringWriter();
        using var output = new FullWriter();
        var code = CommandLineApplication.Run(["fit", Formula, "d.csv"], new VerbContext(new StubLibrary(), output, error, Stream.Null, CancellationToken.None));
        code.ShouldBe(2);
        error.ToString().ShouldBe("mixed: The result cannot be written to standard output (disk full)\n");
    }

    private sealed class FullWriter : StringWriter
    {
        public override void Write(string? value) => throw new IOException("disk full");
    }
}

using System.Text.Json;
using MixedModels.Data;
using MixedModels.Formula;
using MixedModels.Reporting.Tests;

namespace MixedModels.Cli.Tests;

public class FitVerbTests
{
    [Fact]
    public void Fit_Plain_PrintsTheSummaryAndNothingElse()
    {
        var library = new StubLibrary();
        var run = CommandRun.Of(library, "fit", "Reaction ~ Days + (Days | Subject)", "example:sleepstudy");
        run.ExitCode.ShouldBe(0);
        run.Error.ShouldBeEmpty();
        run.Output.ShouldStartWith("Linear mixed model fitted by REML\n");
        library.Formula.ShouldBe("Reaction ~ Days + (Days | Subject)");
        library.Source!.Name.ShouldBe("example:sleepstudy");
        library.Options!.Criterion.ShouldBe(EstimationCriterion.Reml);
    }

    [Fact]
    public void Fit_AllOptions_ReachTheLibrary()
    {
        var library = new StubLibrary();
        var run = CommandRun.Of(
            library,
            "fit", "--ml", "y ~ x", "-", "--weights", "w", "--offset", "-log(t)", "--offset", "z", "--factor", "a,b", "--factor", "c", "--ordered=d",
            "--levels", "a=x,\"y,z\"", "--levels", "b=1,2", "--contrasts", "a=sum,b=helmert", "--contrasts", "c=SAS", "--df", "none",
            "--optimizer", "newton", "--solver", "direct", "--threads", "2", "--no-color", "--quiet", "--family", "gaussian", "--link", "identity");
        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
        var source = library.Source!;
        source.Name.ShouldBe("-");
        source.Factors.ShouldBe(["a", "b", "c"]);
        source.Ordered.ShouldBe(["d"]);
        source.Levels["a"].ShouldBe(["x", "y,z"]);
        source.Levels["b"].ShouldBe(["1", "2"]);
        var options = library.Options!;
        options.Criterion.ShouldBe(EstimationCriterion.MaximumLikelihood);
        options.Weights.ShouldBe("w");
        options.Offsets.ShouldBe(["-log(t)", "z"]);
        options.Contrasts.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "sum", ["b"] = "helmert", ["c"] = "SAS" }, ignoreOrder: true);
    }

    [Theory]
    [InlineData("-y ~ x")]
    [InlineData("y ~ (1 | g) + (0 + x || h)")]
    [InlineData("-1")]
    public void Fit_FormulaWithDashesOrBars_IsAFormula(string formula)
    {
        var library = new StubLibrary();
        CommandRun.Of(library, "fit", "--", formula, "d.csv").ExitCode.ShouldBe(0);
        library.Formula.ShouldBe(formula);
    }

    [Fact]
    public void Fit_FormulaBeginningWithADash_NeedsNoSeparator()
    {
        var library = new StubLibrary();
        CommandRun.Of(library, "fit", "-y ~ x", "d.csv").ExitCode.ShouldBe(0);
        library.Formula.ShouldBe("-y ~ x");
    }

    [Fact]
    public void Fit_FileNameBeginningWithAt_IsNoResponseFile()
    {
        var library = new StubLibrary();
        CommandRun.Of(library, "fit", "y ~ x", "@d.csv").ExitCode.ShouldBe(0);
        library.Source!.Name.ShouldBe("@d.csv");
    }

    [Fact]
    public void Fit_Json_IsOneObjectWithTimes()
    {
        var run = CommandRun.Of("fit", "y ~ x", "d.csv", "--output", "json");
        using var json = JsonDocument.Parse(run.Output);
        json.RootElement.GetProperty("schema").GetString().ShouldBe("mixed/fit/1");
        json.RootElement.GetProperty("seconds").GetProperty("total").GetDouble().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("csv", "component,name,estimate,se,df,statistic,p\n")]
    [InlineData("markdown", "## Linear mixed model")]
    [InlineData("text", "Linear mixed model")]
    public void Fit_OtherFormats_AreWritten(string format, string start) =>
        CommandRun.Of("fit", "y ~ x", "d.csv", "--output", format).Output.ShouldStartWith(start);

    [Theory]
    [InlineData(ConvergenceVerdict.Converged, 0)]
    [InlineData(ConvergenceVerdict.Boundary, 0)]
    [InlineData(ConvergenceVerdict.NotIdentified, 1)]
    [InlineData(ConvergenceVerdict.NotConverged, 1)]
    public void Fit_Verdict_IsTheExitCode(ConvergenceVerdict verdict, int code)
    {
        var run = CommandRun.Of(new StubLibrary { Answer = SampleFits.SleepStudy(verdict) }, "fit", "y ~ x", "d.csv", "--output", "json");
        run.ExitCode.ShouldBe(code);
        run.Output.ShouldStartWith("{");
        run.Error.ShouldBe(code == 0 ? "" : "mixed: problem: no optimum was proved; do not use these estimates as they are.\n");
    }

    [Fact]
    public void Fit_Warnings_GoToStandardErrorUnlessTheSummaryHasThemOrQuietIsAskedFor()
    {
        var library = new StubLibrary { Answer = SampleFits.Awkward() };
        const string Warning = "mixed: warning: The random slope 'covariate' of 'site' has an estimated variance of 0.\n";
        CommandRun.Of(library, "fit", "y ~ x", "d.csv", "--output", "json").Error.ShouldBe(Warning);
        CommandRun.Of(library, "fit", "y ~ x", "d.csv", "--output", "json", "--quiet").Error.ShouldBeEmpty();
        CommandRun.Of(library, "fit", "y ~ x", "d.csv").Error.ShouldBeEmpty();
        using var folder = new TemporaryFolder();
        CommandRun.Of(library, "fit", "y ~ x", "d.csv", "--out", folder.File("s.txt")).Error.ShouldBe(Warning);
    }

    [Fact]
    public void Fit_OutAndSave_WriteWholeFilesAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("r.json"), "old");
        var run = CommandRun.Of("fit", "y ~ x", "d.csv", "--output", "json", "--out", folder.File("r.json"), "--save", folder.File("m.fit"));
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldBeEmpty();
        folder.FileNames.ShouldBe(["r.json", "m.fit"], ignoreOrder: true);
        File.ReadAllText(folder.File("m.fit")).ShouldBe("saved");
        using var json = JsonDocument.Parse(File.ReadAllText(folder.File("r.json")));
        json.RootElement.GetProperty("observations").GetInt32().ShouldBe(180);
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
        Check(new OperationCanceledException(), 130, "mixed: cancelled.\n");
        Check(
            new InvalidOperationException("odd"),
            70,
            "mixed: internal error (InvalidOperationException): odd\nThis is a fault of the program, not yours; please report it with the command that led to it.\n");

        static void Check(Exception failure, int code, string error)
        {
            var run = CommandRun.Of(new StubLibrary { Failure = failure }, "fit", "y ~ x", "d.csv");
            run.ShouldBe(new CommandRun(code, "", error));
        }
    }

    [Fact]
    public void Fit_CancelledAfterReading_StopsThere()
    {
        var library = new StubLibrary();
        var run = CommandRun.Of(library, new CancellationToken(canceled: true), "fit", "y ~ x", "d.csv");
        run.ExitCode.ShouldBe(130);
        library.Formula.ShouldBeNull();
    }

    [Fact]
    public void Fit_OutputThatCannotBeWritten_IsOneMessage()
    {
        using var error = new StringWriter();
        using var output = new FullWriter();
        var code = CommandLineApplication.Run(["fit", "y ~ x", "d.csv"], new VerbContext(new StubLibrary(), output, error, Stream.Null, CancellationToken.None));
        code.ShouldBe(2);
        error.ToString().ShouldBe("mixed: The result cannot be written to standard output (disk full)\n");
    }

    private sealed class FullWriter : StringWriter
    {
        public override void Write(string? value) => throw new IOException("disk full");
    }
}

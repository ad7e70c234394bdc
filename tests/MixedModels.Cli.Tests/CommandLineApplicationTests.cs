using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace MixedModels.Cli.Tests;

/// <summary>The command with the library itself, from arguments to results.</summary>
public class CommandLineApplicationTests
{
    private const string Table = "y;x;g\n3.1;1;a\n4.0;2;a\n5.2;3;a\n2.2;1;b\n3.5;2;b\n4.9;3;b\n5.0;1;c\n6.2;2;c\nNA;3;c\n";

    [Fact]
    public void Fit_OfAnExample_GivesThePublishedNumbers()
    {
        // Bates, Mächler, Bolker & Walker (2015), J. Stat. Softw. 67(1), section 5.2: summary of fm1, printed digits.
        using var json = JsonDocument.Parse(Run("fit", "Reaction ~ Days + (Days | Subject)", "example:sleepstudy", "--output", "json").Output);
        var root = json.RootElement;
        root.GetProperty("deviance").GetDouble().ShouldBe(1743.6, 0.05);
        root.GetProperty("fixed")[0].GetProperty("estimate").GetDouble().ShouldBe(251.405, 0.0006);
        root.GetProperty("fixed")[1].GetProperty("se").GetDouble().ShouldBe(1.546, 0.0006);
        root.GetProperty("random")[0].GetProperty("sd")[0].GetDouble().ShouldBe(24.740, 0.002);
        root.GetProperty("random")[0].GetProperty("cor")[0][1].GetDouble().ShouldBe(0.07, 0.005);
        root.GetProperty("sigma").GetDouble().ShouldBe(25.592, 0.0006);
        root.GetProperty("seconds").GetProperty("design").GetDouble().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void SavedFit_Loaded_SaysWhatTheFitSaid()
    {
        using var folder = new TemporaryFolder();
        var model = folder.File("m.fit");
        Run("fit", "Reaction ~ Days + (Days | Subject)", "example:sleepstudy", "--save", model).ExitCode.ShouldBe(0);
        folder.FileNames.ShouldBe(["m.fit"]);
        using var coefficients = JsonDocument.Parse(Run("coef", model, "--output", "json").Output);
        coefficients.RootElement[1].GetProperty("estimate").GetDouble().ShouldBe(10.467, 0.0006);
        using var covariance = JsonDocument.Parse(Run("vcov", model, "--output", "json").Output);
        covariance.RootElement.GetProperty("values")[1][1].GetDouble().ShouldBe(1.546 * 1.546, 0.002);
        using var modes = JsonDocument.Parse(Run("ranef", model, "--output", "json").Output);
        modes.RootElement.GetArrayLength().ShouldBe(18);
        modes.RootElement[0].GetProperty("level").GetString().ShouldBe("308");
    }

    [Fact]
    public void Fit_OfStandardInput_ReadsPlainAndCompressedText()
    {
        var plain = Run(Encoding.UTF8.GetBytes(Table), "fit", "y ~ x + (1 | g)", "-", "--output", "csv");
        plain.Error.ShouldBeEmpty();
        plain.ExitCode.ShouldBe(0);
        using var compressed = new MemoryStream();
        using (var zip = new GZipStream(compressed, CompressionLevel.Fastest))
            zip.Write(Encoding.UTF8.GetBytes(Table));
        Run(compressed.ToArray(), "fit", "y ~ x + (1 | g)", "-", "--output", "csv").ShouldBe(plain);
    }

    [Fact]
    public void Fit_OfAFile_UsesDeclaredFactorsAndReportsDroppedRows()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("d.csv");
        File.WriteAllText(file, Table);
        var run = Run("fit", "y ~ x + (1 | g)", file, "--factor", "x", "--levels", "x=3,1,2", "--output", "json");
        run.Error.ShouldBeEmpty();
        using var json = JsonDocument.Parse(run.Output);
        json.RootElement.GetProperty("fixed").EnumerateArray().Select(row => row.GetProperty("name").GetString()).ShouldBe(["(Intercept)", "x1", "x2"]);
        json.RootElement.GetProperty("dropped").GetInt32().ShouldBe(1);
    }

    [Fact]
    public void Fit_OfAnExampleWithLevels_TakesThem()
    {
        using var json = JsonDocument.Parse(
            Run("fit", "Reaction ~ Subject", "example:sleepstudy", "--levels", "Subject=" + string.Join(',', SubjectsFromLast()), "--output", "json").Output);
        json.RootElement.GetProperty("fixed")[1].GetProperty("name").GetString().ShouldBe("Subject371");
    }

    [Theory]
    [InlineData(3, "fit", "y ~ x", "no-such-file.csv")]
    [InlineData(3, "fit", "y ~ x", "example:sleepstdy")]
    [InlineData(3, "coef", "no-such-model.fit")]
    [InlineData(2, "fit", "Reaction ~ Days + ) ", "example:sleepstudy")]
    [InlineData(2, "fit", "Reaction ~ Day + (1 | Subject)", "example:sleepstudy")]
    public void Command_OnWhatCannotBeUsed_EndsWithOneMessage(int code, params string[] args)
    {
        var run = Run(args);
        run.ExitCode.ShouldBe(code);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldStartWith("mixed: ");
        run.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public void Fit_OfAModelWithATermTwice_IsWrittenAndSaysSo()
    {
        var run = Run("fit", "Yield ~ 1 + (1 | Batch) + (1 | Batch)", "example:Dyestuff", "--output", "json");
        run.ExitCode.ShouldBe(1);
        run.Error.ShouldBe(
            "mixed: warning: The likelihood is flat because the model holds (1 | Batch) twice.\n"
            + "mixed: problem: not identified; other values of the variances have the same likelihood as those given.\n");
        using var json = JsonDocument.Parse(run.Output);
        json.RootElement.GetProperty("converged").GetBoolean().ShouldBeFalse();
        json.RootElement.GetProperty("messages").EnumerateArray().Single().GetString().ShouldBe("The likelihood is flat because the model holds (1 | Batch) twice.");
    }

    [Fact]
    public void WrongFormula_IsRefusedBeforeTheDataAreRead() =>
        Run("fit", "Reaction ~ ) ", "no-such-file.csv").ExitCode.ShouldBe(2);

    private static IEnumerable<string> SubjectsFromLast() =>
        ((Data.FactorColumn)Data.DataTable.Example("sleepstudy")["Subject"]).Levels.Reverse();

    private static CommandRun Run(params string[] args) => Run([], args);

    private static CommandRun Run(byte[] standardInput, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var input = new MemoryStream(standardInput);
        var code = CommandLineApplication.Run(args, output, error, input, CancellationToken.None);
        return new(code, output.ToString(), error.ToString());
    }
}

using MixedModels.Reporting;

namespace MixedModels.Cli.Tests;

public class TerminalTests
{
    [Theory]
    [InlineData(true, null, null, null, 132, 132, true)]
    [InlineData(true, "72", null, null, 132, 72, true)]
    [InlineData(true, "wide", null, null, 132, 132, true)]
    [InlineData(true, "10", null, null, 132, 40, true)]
    [InlineData(true, null, "1", null, 80, 80, false)]
    [InlineData(true, null, "", null, 80, 80, true)]
    [InlineData(true, null, null, "dumb", 80, 80, false)]
    [InlineData(true, null, null, null, 0, 100, true)]
    [InlineData(false, null, null, null, 132, 100, false)]
    [InlineData(false, "60", null, null, 132, 60, false)]
    public void Layout_FollowsTerminalAndEnvironment(bool isTerminal, string? columns, string? noColor, string? term, int window, int width, bool hasColour) =>
        Terminal.Layout(name => name switch { "COLUMNS" => columns, "NO_COLOR" => noColor, "TERM" => term, _ => null }, isTerminal, () => window)
            .ShouldBe(new TextLayout { Width = width, HasColour = hasColour });

    [Fact]
    public void Layout_ATerminalThatCannotBeAsked_IsOfTheUsualWidth() =>
        Terminal.Layout(_ => null, isTerminal: true, () => throw new IOException("no window")).Width.ShouldBe(100);

    [Fact]
    public void Fit_OnATerminal_IsColouredAndFitsIt()
    {
        var run = On(new() { Width = 60, HasColour = true }, "fit", "score ~ Machine + (Machine | Worker)", "example:Machines");
        run.ShouldContain("\u001b[32mConverged to an interior optimum\u001b[0m.");
        run.ShouldContain("\u001b[1mRandom effects\u001b[0m\n");
        run.Split('\n').Where(line => !line.StartsWith("Formula", StringComparison.Ordinal)).ShouldAllBe(line => Reporting.Tables.DisplayWidth.Of(line) <= 84); // titles stand whole
        run.Split('\n').Where(line => line.StartsWith(" Machine", StringComparison.Ordinal)).ShouldAllBe(line => line.Length <= 60);
    }

    [Theory]
    [InlineData("--no-color")]
    [InlineData("--output", "json")]
    [InlineData("--output", "markdown")]
    public void Fit_WithoutColours_HasNoEscapes(params string[] options) =>
        On(new() { HasColour = true }, ["fit", "score ~ Machine + (1 | Worker)", "example:Machines", .. options]).ShouldNotContain("\u001b");

    [Fact]
    public void Fit_ToAFile_HasNeitherColoursNorTheTerminalsWidth()
    {
        using var folder = new TemporaryFolder();
        On(new() { Width = 50, HasColour = true }, "fit", "score ~ Machine + (1 | Worker)", "example:Machines", "--out", folder.File("a.txt"));
        LibraryRun.Of("fit", "score ~ Machine + (1 | Worker)", "example:Machines", "--out", folder.File("b.txt"));
        File.ReadAllText(folder.File("a.txt")).ShouldBe(File.ReadAllText(folder.File("b.txt")));
    }

    [Fact]
    public void Help_OfEveryVerb_FitsTheTerminalButForUsageAndExamples()
    {
        foreach (var entry in VerbCatalogue.All)
        {
            var help = On(new() { Width = 70 }, entry.Name, "--help");
            help[help.IndexOf("\nOptions:", StringComparison.Ordinal)..help.IndexOf("\nExamples:", StringComparison.Ordinal)].Split('\n').ShouldAllBe(line => line.Length <= 70);
        }
    }

    [Fact]
    public void ProgressBar_AfterAWhile_SaysRateAndWhatIsLeft()
    {
        using var terminal = new StringWriter();
        var clock = new Clock();
        using (var bar = new ProgressBar(terminal, clock))
        {
            bar.Report(new(200, 1000, 0));
            terminal.ToString().ShouldEndWith("200 of 1000");
            clock.Seconds = 2;
            bar.Report(new(300, 1000, 1));
            terminal.ToString().ShouldEndWith("300 of 1000, 1 failed, 50 a second, 14 s left");
        }

        terminal.ToString().ShouldEndWith(" \r");
    }

    [Fact]
    public void SearchCount_OfALongFit_SaysEvaluationsDevianceAndTime()
    {
        using var terminal = new StringWriter();
        var clock = new Clock { Seconds = 5 };
        using (var count = new SearchCount(terminal, clock))
        {
            clock.Seconds = 5.9;
            count.Report(new(1, 1800));
            terminal.ToString().ShouldBeEmpty();
            clock.Seconds = 70;
            count.Report(new(2, 1743.62827));
            terminal.ToString().ShouldEndWith("evaluation 2: deviance 1743.6283; 1 min 5 s");
            count.Report(new(3, double.NaN));
            terminal.ToString().TrimEnd().ShouldEndWith("evaluation 3: no deviance there; 1 min 5 s");
        }

        terminal.ToString().ShouldEndWith(" \r");
    }

    private static string On(TextLayout layout, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        CommandLineApplication.Run(args, output, error, Stream.Null, TestContext.Current.CancellationToken, layout: layout).ShouldBe(0, error.ToString());
        return output.ToString();
    }

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(1000 * Seconds);
    }
}

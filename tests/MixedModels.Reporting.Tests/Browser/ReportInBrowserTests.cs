using System.Globalization;
using System.Text.Json;
using MixedModels.Reporting.Pages;

namespace MixedModels.Reporting.Tests.Browser;

/// <summary>The report as a reader's browser has it: offline, without an error, and by keyboard. Skipped where no Chromium is on the PATH.</summary>
public sealed class ReportInBrowserTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mixed-report-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("machines", null)]
    [InlineData("counts", null)]
    [InlineData("sleep", "Days")]
    public async Task Report_OpenedFromAFile_AsksForNothingAndIsReadable(string example, string? visits)
    {
        Assert.SkipWhen(BrowserSession.Program is null, "no Chromium is on the PATH, so the report is not opened in a browser");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        var report = ModelReport.Of(FittedExamples.Of(example), new() { Visits = visits }, limit.Token);
        var path = Path.Combine(folder.FullName, "report.html");
        await File.WriteAllTextAsync(path, report.ToString(PageFormat.Html), limit.Token);
        await using var browser = await BrowserSession.StartAsync(limit.Token);
        await browser.OpenAsync(path, limit.Token);

        (await Count(browser, "document.querySelectorAll('figure > svg').length", limit.Token)).ShouldBe(report.Figures.Count);
        (await Count(browser, "document.querySelectorAll('table').length", limit.Token)).ShouldBeGreaterThan(2);
        (await Count(browser, "[...document.querySelectorAll('figure > svg')].filter(s => s.getBoundingClientRect().height < 100).length", limit.Token)).ShouldBe(0);
        (await Count(browser, "document.documentElement.scrollWidth - document.documentElement.clientWidth", limit.Token)).ShouldBe(0, "nothing is wider than the page");
        (await Count(browser, ClippedText, limit.Token)).ShouldBe(0, "no text of a figure is cut off");
        await KeyboardReachesTheSections(browser, limit.Token);

        // Whatever the page asked for stands among the events by now.
        Requests(browser).ShouldBe([new Uri(path).AbsoluteUri]);
        browser.Events.Where(IsError).Select(message => message.GetRawText()).ShouldBeEmpty();
    }

    /// <summary>Texts of figures that reach beyond the figure's own box by more than a pixel.</summary>
    private const string ClippedText =
        "[...document.querySelectorAll('figure > svg text')].filter(t => { const a = t.getBoundingClientRect(), b = t.closest('figure > svg').getBoundingClientRect(); "
        + "return a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 1 || a.bottom > b.bottom + 1; }).length";

    private static async Task KeyboardReachesTheSections(BrowserSession browser, CancellationToken cancellationToken)
    {
        var reached = new List<string>();
        for (var k = 0; k < 8; k++)
        {
            await browser.PressTabAsync(cancellationToken);
            reached.Add(await browser.EvaluateAsync("document.activeElement.textContent.trim().slice(0, 30)", cancellationToken));
        }

        reached[0].ShouldBe("Skip to the results");
        reached.ShouldContain("Estimates", StringComparer.Ordinal);
    }

    private static async Task<int> Count(BrowserSession browser, string expression, CancellationToken cancellationToken) =>
        int.Parse(await browser.EvaluateAsync(expression, cancellationToken), CultureInfo.InvariantCulture);

    private static IEnumerable<string> Requests(BrowserSession browser) => browser.Events
        .Where(message => BrowserSession.Method(message) == "Network.requestWillBeSent")
        .Select(message => message.GetProperty("params").GetProperty("request").GetProperty("url").GetString()!)
        .Where(url => !url.StartsWith("about:", StringComparison.Ordinal));

    private static bool IsError(JsonElement message) => BrowserSession.Method(message) switch
    {
        "Runtime.exceptionThrown" => true,
        "Runtime.consoleAPICalled" => true,
        "Log.entryAdded" => message.GetProperty("params").GetProperty("entry").GetProperty("level").GetString() is "error" or "warning",
        _ => false,
    };
}

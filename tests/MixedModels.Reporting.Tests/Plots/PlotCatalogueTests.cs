using System.Globalization;
using System.Xml.Linq;
using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Plots;

namespace MixedModels.Reporting.Tests.Plots;

/// <summary>What every plot of the catalogue owes, on fits of several shapes.</summary>
public class PlotCatalogueTests
{
    public static MatrixTheoryData<string, string> Pairs => new(PlotCatalogue.All.Select(plot => plot.Name), FittedExamples.Names);

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Plot_OfAFit_IsAFigureOrSaysWhyNot(string name, string example)
    {
        var (plot, fit) = (PlotCatalogue.Find(name), FittedExamples.Of(example));
        if (plot.WhyNot(fit.Inspect()) is { } reason)
        {
            Should.Throw<PlotException>(() => plot.Draw(fit, cancellationToken: TestContext.Current.CancellationToken)).Message.ShouldContain(reason);
            return;
        }

        var figure = plot.Draw(fit, cancellationToken: TestContext.Current.CancellationToken);
        figure.Name.ShouldBe(name);
        var svg = figure.ToSvg(FigureTheme.Light);
        svg.ShouldBe(plot.Draw(fit, cancellationToken: TestContext.Current.CancellationToken).ToSvg(FigureTheme.Light));
        svg.ShouldNotContain("NaN");
        svg.ShouldNotContain("∞");
        var root = XDocument.Parse(svg).Root!;
        root.Element(Svg("title"))!.Value.ShouldBe(figure.Title);
        root.Element(Svg("desc"))!.Value.Length.ShouldBeGreaterThan(40);
        Marks(root).ShouldBeGreaterThan(0);
        AllTextInside(root);
        NoTextOverText(root);
    }

    [Fact]
    public void Names_OfTheCatalogue_DifferAndHaveSummaries()
    {
        PlotCatalogue.All.Select(plot => plot.Name).ShouldBeUnique(StringComparer.Ordinal);
        foreach (var plot in PlotCatalogue.All)
            plot.Summary.Length.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void Find_AnUnknownPlot_ListsThePlots() =>
        Should.Throw<PlotException>(() => PlotCatalogue.Find("pie")).Message.ShouldBe($"There is no plot 'pie'. The plots are {string.Join(", ", PlotCatalogue.All.Select(plot => plot.Name))}.");

    [Fact]
    public void Draw_AnUnknownGroup_ListsTheGroups() =>
        Should.Throw<PlotException>(() => new CaterpillarPlot().Draw(FittedExamples.Of("penicillin"), new() { Group = "dish" }, TestContext.Current.CancellationToken))
            .Message.ShouldBe("The model has no group 'dish'; its groups are plate, sample.");

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void Draw_ALevelThatIsNone_IsRefused(double level) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new ResidualsPlot().Draw(FittedExamples.Of("sleep"), new() { Level = level }, TestContext.Current.CancellationToken));

    private static XName Svg(string element) => XName.Get(element, "http://www.w3.org/2000/svg");

    private static int Marks(XElement root) =>
        root.Elements(Svg("svg")).Sum(panel => panel.Descendants().Count(element => element.Name.LocalName is "circle" or "path" or "rect" or "line"));

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    /// <summary>The rectangle of a text by estimated widths; those that are turned are left out.</summary>
    private static IEnumerable<(double Left, double Top, double Right, double Bottom, string Text)> Boxes(XElement root)
    {
        foreach (var text in root.Descendants(Svg("text")).Where(text => text.Attribute("transform") is null))
        {
            // The estimate is an upper bound for DejaVu Sans; eight tenths of it is what the usual fonts take.
            var width = 0.8 * TextMeasure.Width(text.Value, (string?)text.Attribute("class") is "h" ? FigureStyle.TitleSize : FigureStyle.TextSize);
            var x = Number(text, "x");
            var left = (string?)text.Attribute("text-anchor") switch
            {
                "end" => x - width,
                "middle" => x - (width / 2),
                _ => x,
            };
            yield return (left, Number(text, "y") - 9, left + width, Number(text, "y") + 2, text.Value);
        }
    }

    private static void AllTextInside(XElement root)
    {
        var (width, height) = (Number(root, "width"), Number(root, "height"));
        Boxes(root).Where(box => box.Left < 0 || box.Right > width || box.Top < 0 || box.Bottom > height).ShouldBeEmpty();
    }

    private static void NoTextOverText(XElement root)
    {
        var boxes = Boxes(root).OrderBy(box => box.Top).ToArray();
        for (var i = 0; i < boxes.Length; i++)
        {
            for (var j = i + 1; j < boxes.Length && boxes[j].Top < boxes[i].Bottom; j++)
            {
                var overlap = boxes[i].Left < boxes[j].Right && boxes[j].Left < boxes[i].Right;
                overlap.ShouldBeFalse($"'{boxes[i].Text}' and '{boxes[j].Text}' overlap");
            }
        }
    }
}

using System.Xml.Linq;
using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Tests.Figures;

public class FigureTests
{
    private static readonly Figure figure = new(new()
    {
        Name = "f",
        Title = "A <title> & more",
        Description = "What is seen.",
        Panels = [new Panel { X = Axis.Of("x", new(0, 10)), Y = Axis.Of("y", new(-1, 1)), Layers = [new PointLayer([0, 10, double.NaN], [-1, 1, 0])] }],
    });

    [Theory]
    [InlineData(FigureTheme.Light, "#ffffff", false)]
    [InlineData(FigureTheme.Dark, "#16191d", false)]
    [InlineData(FigureTheme.Auto, "#ffffff", true)]
    public void ToSvg_OfATheme_HasItsGround(FigureTheme theme, string ground, bool follows)
    {
        var svg = figure.ToSvg(theme);
        svg.ShouldContain($".mm .b{{fill:{ground}}}");
        svg.Contains("prefers-color-scheme", StringComparison.Ordinal).ShouldBe(follows);
        XDocument.Parse(svg).Root!.Attribute("aria-label")!.Value.ShouldBe("A <title> & more");
    }

    [Fact]
    public void ToSvg_PointsThatAreNotFinite_AreLeftOut() => figure.ToSvg().Split("<circle").Length.ShouldBe(3);

    [Fact]
    public void ToElement_ForAPage_HasNoStyleOfItsOwn() => figure.ToElement().ShouldNotContain("<style>");

    [Fact]
    public void Frame_PlacesValuesLinearly()
    {
        var axis = new Axis { Label = "", Lower = 0, Upper = 10, Ticks = [] };
        var frame = new PanelFrame(axis, axis, Left: 100, Top: 50, Width: 200, Height: 80);
        frame.X(2.5).ShouldBe(150);
        frame.Y(0).ShouldBe(130);
        frame.Y(10).ShouldBe(50);
    }

    [Fact]
    public void PointLayer_OfManyPoints_DrawsEachPlaceOnce()
    {
        var layer = new PointLayer([.. Enumerable.Range(0, 100_000).Select(i => (double)(i % 7))], [.. Enumerable.Range(0, 100_000).Select(i => (double)(i % 3))]);
        var svg = new SvgWriter();
        var axis = Axis.Of("", new(0, 6));
        layer.Draw(svg, new PanelFrame(axis, axis, 0, 0, 300, 300));
        svg.ToString().Split('M').Length.ShouldBe(22);
    }

    [Theory]
    [InlineData(2, 0.5, 5)]
    [InlineData(-3, 0, 0)]
    public void RuleLayer_StaysInsideThePanel(double intercept, double slope, int wanted)
    {
        var svg = new SvgWriter();
        var axis = new Axis { Label = "", Lower = 0, Upper = 10, Ticks = [] };
        new RuleLayer(intercept, slope).Draw(svg, new PanelFrame(axis, axis, 0, 0, 10, 10));
        if (wanted == 0) svg.ToString().ShouldBeEmpty();
        else svg.ToString().ShouldStartWith("<line x1=\"0\" y1=\"8\" x2=\"10\" y2=\"3\"");
    }

    [Theory]
    [InlineData(-0.001, "0")]
    [InlineData(1.006, "1.01")]
    [InlineData(-12.5, "-12.5")]
    public void Number_IsRoundedToHundredths(double value, string text) => SvgWriter.Number(value).ShouldBe(text);

    [Fact]
    public void Escape_WhatXmlCannotHold_IsLeftOut() => SvgWriter.Escape("a\u0001<&>\"\n").ShouldBe("a&lt;&amp;&gt;&quot; ");
}

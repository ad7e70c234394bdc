using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;

namespace MixedModels.Cli.Tests;

public sealed class PlotVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Plot_ToAFile_WritesASvg()
    {
        var path = folder.File("c.svg");
        CommandRun.Of("plot", "caterpillar", "m.fit", "--out", path).ShouldBe(new CommandRun(0, "", ""));
        File.ReadAllText(path).ShouldStartWith("<svg ");
        folder.FileNames.ShouldBe(["c.svg"]);
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public void Plot_ToAPng_HasThePixelsOfTheFigureTwice(string theme)
    {
        Assert.SkipUnless(Rasterizer.IsAvailable, "neither rsvg-convert nor a Chromium is on the PATH");
        var path = folder.File("c.png");
        CommandRun.Of("plot", "residuals", "m.fit", "--out", path, "--theme", theme).ShouldBe(new CommandRun(0, "", ""));
        var svg = XDocument.Parse(CommandRun.Of("plot", "residuals", "m.fit").Output).Root!;
        var png = File.ReadAllBytes(path);
        png[..8].ShouldBe(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A });
        int Number(int at) => BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
        double Attribute(string name) => double.Parse(svg.Attribute(name)!.Value, CultureInfo.InvariantCulture);
        ((double)Number(16)).ShouldBe(2 * Attribute("width"), 2);
        ((double)Number(20)).ShouldBe(2 * Attribute("height"), 2);
        png.Length.ShouldBeGreaterThan(10_000); // a blank page of this size compresses to less than three
    }

    [Fact]
    public void Plot_WithoutAFile_PrintsTheSvg() => CommandRun.Of("plot", "qq", "m.fit", "--theme", "dark").Output.ShouldContain("#16191d");

    [Fact]
    public void Plot_Json_HasTheDescription()
    {
        using var json = JsonDocument.Parse(CommandRun.Of("plot", "residuals", "m.fit", "--output", "json").Output);
        json.RootElement.GetProperty("description").GetString()!.ShouldStartWith("180 standardised residuals");
    }

    [Theory]
    [InlineData("There is no plot 'pie'. The plots are profiles, effect, means, caterpillar,", "plot", "pie", "m.fit")]
    [InlineData("a figure is written as .svg or .png, not '.pdf'", "plot", "qq", "m.fit", "--out", "q.pdf")]
    [InlineData("there is no folder", "plot", "qq", "m.fit", "--out", "/no/such/folder/q.svg")]
    [InlineData("The model has no group 'g'; its groups are Subject.", "plot", "caterpillar", "m.fit", "--group", "g")]
    [InlineData("--replicates 0: a whole number above 0", "plot", "qq", "m.fit", "--replicates", "0")]
    [InlineData("--seed -1: a whole number from 0", "plot", "qq", "m.fit", "--seed", "-1")]
    [InlineData("'mixed plot' needs MODEL", "plot", "qq")]
    public void Plot_WhatCannotBeDrawn_IsRefusedInOneMessage(string message, params string[] args)
    {
        var run = CommandRun.Of(args);
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain(message);
        run.Error.ShouldNotContain(" at ");
    }

    [Fact]
    public void Report_ToAFile_WritesWhatItsEndingSays()
    {
        CommandRun.Of("report", "m.fit", "--out", folder.File("r.html")).ShouldBe(new CommandRun(0, "", ""));
        CommandRun.Of("report", "m.fit", "--out", folder.File("r.md")).ExitCode.ShouldBe(0);
        File.ReadAllText(folder.File("r.html")).ShouldStartWith("<!DOCTYPE html>");
        File.ReadAllText(folder.File("r.md")).ShouldStartWith("# Reaction");
        CommandRun.Of("report", "m.fit", "--output", "latex").Output.ShouldStartWith("\\documentclass");
    }

    [Fact]
    public void Report_ToAnUnknownKindOfFile_IsRefused()
    {
        var run = CommandRun.Of("report", "m.fit", "--out", folder.File("r.docx"));
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(".html, .md, .tex or .json, not '.docx'");
    }
}

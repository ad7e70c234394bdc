using System.Text.Json;

namespace MixedModels.Cli.Tests;

/// <summary><c>--residual</c> and <c>--variance</c> from the command line to JSON, with the library itself.</summary>
public sealed class ResidualOptionTests
{
    private const string Formula = "Reaction ~ Days";

    [Fact]
    public void Fit_Unstructured_HasVisitsInJson()
    {
        var run = LibraryRun.Of("fit", Formula, "example:sleepstudy", "--residual", "us(Days | Subject)", "--output", "json", "--quiet");
        run.ExitCode.ShouldBe(0);
        using var json = JsonDocument.Parse(run.Output);
        var residual = json.RootElement.GetProperty("residual");
        residual.GetProperty("structure").GetString().ShouldBe("us");
        residual.GetProperty("names").GetArrayLength().ShouldBe(10);
        residual.GetProperty("cor").GetArrayLength().ShouldBe(10);
        residual.GetProperty("sd")[0].GetDouble().ShouldBe(json.RootElement.GetProperty("sigma").GetDouble(), 1e-9);
        json.RootElement.GetProperty("parameters").GetInt32().ShouldBe(2 + 55);
    }

    [Fact]
    public void Fit_Ar1WithVarianceFunction_NamesItsParameters()
    {
        var run = LibraryRun.Of("fit", Formula, "example:sleepstudy", "--residual", "ar1(Days | Subject)", "--variance", "exp(Days)", "--output", "json", "--quiet");
        run.ExitCode.ShouldBe(0);
        using var json = JsonDocument.Parse(run.Output);
        var residual = json.RootElement.GetProperty("residual");
        residual.GetProperty("parameters").GetProperty("rho").GetDouble().ShouldBeInRange(0.5, 0.99);
        residual.GetProperty("variance").GetProperty("expon").GetDouble().ShouldBeInRange(0, 0.3);
        var text = LibraryRun.Of("fit", Formula, "example:sleepstudy", "--residual", "ar1(Days | Subject)", "--variance", "exp(Days)").Output;
        text.ShouldContain("first-order autoregressive");
        text.ShouldContain("Variance function exp(Days): expon");
    }

    [Theory]
    [InlineData(2, "Unknown residual structure 'ar2' at column 1", "--residual", "ar2(Days | Subject)")]
    [InlineData(2, "No variance function at column 1", "--variance", "Days")]
    [InlineData(3, "Days is 0 in row 1", "--variance", "power(Days)")]
    [InlineData(3, "are of one subject", "--residual", "us(Days | 1)")]
    public void Fit_WrongClause_IsOneMessage(int code, string message, string option, string value)
    {
        var run = LibraryRun.Of("fit", Formula, "example:sleepstudy", option, value);
        run.ExitCode.ShouldBe(code);
        run.Error.ShouldContain(message);
        run.Error.ShouldNotContain("   at ");
    }
}

namespace MixedModels.Reporting.Tests;

public sealed class PredictionReportTests
{
    private static readonly PredictionReport plain = new([new(0, 1.5), new(2, double.NaN)]);
    private static readonly PredictionReport full = new([new(0, 1.5, 0.25, 1, 2), new(1, double.NaN)]);

    [Theory]
    [InlineData(ReportFormat.Json, "[{\"row\":1,\"fit\":1.5},{\"row\":3,\"fit\":null}]\n")]
    [InlineData(ReportFormat.Csv, "row,fit\n1,1.5\n3,NA\n")]
    [InlineData(ReportFormat.Text, "row    fit\n  1  1.500\n  3      –\n")]
    public void Report_PredictionsAlone_HasRowAndFit(ReportFormat format, string text) => plain.ToString(format).ShouldBe(text);

    [Fact]
    public void Report_WithIntervals_HasTheirColumns()
    {
        full.ToString(ReportFormat.Json).ShouldBe(
            "[{\"row\":1,\"fit\":1.5,\"se\":0.25,\"lower\":1,\"upper\":2},{\"row\":2,\"fit\":null,\"se\":null,\"lower\":null,\"upper\":null}]\n");
        full.ToString(ReportFormat.Csv).ShouldStartWith("row,fit,se,lower,upper\n1,1.5,0.25,1,2\n");
    }

    [Fact]
    public void Report_Nothing_IsAnEmptyList() => new PredictionReport([]).ToString(ReportFormat.Json).ShouldBe("[]\n");
}

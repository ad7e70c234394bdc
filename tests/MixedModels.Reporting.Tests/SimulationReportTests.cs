using MixedModels.LinearAlgebra;

namespace MixedModels.Reporting.Tests;

public sealed class SimulationReportTests
{
    private static readonly SimulationReport report = new(Matrix.FromRows([[1.5, 2], [-1, 0.25]]));

    [Theory]
    [InlineData(ReportFormat.Json, "{\"sim_1\":[1.5,-1],\"sim_2\":[2,0.25]}\n")]
    [InlineData(ReportFormat.Csv, "sim_1,sim_2\n1.5,2\n-1,0.25\n")]
    [InlineData(ReportFormat.Text, "row   sim_1   sim_2\n  1   1.500  2.0000\n  2  -1.000  0.2500\n")]
    public void Report_EveryFormat_HasAColumnAReplicate(ReportFormat format, string text) => report.ToString(format).ShouldBe(text);
}

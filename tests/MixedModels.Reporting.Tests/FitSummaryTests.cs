namespace MixedModels.Reporting.Tests;

public class FitSummaryTests
{
    [Fact]
    public void Summary_SleepStudy_IsLaidOutAsDocumented() => Console.Write(SampleFits.SleepStudy().Summary());

    [Fact]
    public void Summary_Awkward_IsLaidOutAsDocumented() { Console.Write(SampleFits.Awkward().Summary()); foreach (var f in new[] { ReportFormat.Json, ReportFormat.Csv, ReportFormat.Markdown }) { Console.WriteLine(new FitReport(SampleFits.Awkward(), new(0.1)).ToString(f));
    Console.WriteLine(new CovarianceReport(SampleFits.Awkward()).ToString(f));
    Console.WriteLine(new ConditionalModesReport(SampleFits.Modes()).ToString(f)); }
    Console.WriteLine(new CovarianceReport(SampleFits.Awkward()).ToString());
    Console.WriteLine(new ConditionalModesReport(SampleFits.Modes()).ToString());
     }
}

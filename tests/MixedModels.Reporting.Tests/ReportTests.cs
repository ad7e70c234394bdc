using System.Text.Json;

namespace MixedModels.Reporting.Tests;

public class ReportTests
{
    [Fact]
    public void Write_UnknownFormat_Throws() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new FitReport(SampleFits.SleepStudy()).ToString((ReportFormat)9));

    [Fact]
    public void Reports_WithoutAResult_Throw()
    {
        Should.Throw<ArgumentNullException>(() => new FitReport((LinearMixedModelFit)null!));
        Should.Throw<ArgumentNullException>(() => new CoefficientsReport((LinearMixedModelFit)null!));
        Should.Throw<ArgumentNullException>(() => new CovarianceReport((LinearMixedModelFit)null!));
        Should.Throw<ArgumentNullException>(() => new ConditionalModesReport(null!));
    }

    [Fact]
    public void EveryReport_InEveryFormat_EndsInOneLineEndAndHasNoBlanksBeforeIt()
    {
        Report[] reports =
        [
            new FitReport(SampleFits.SleepStudy()), new FitReport(SampleFits.Awkward()), new CoefficientsReport(SampleFits.Awkward()),
            new CovarianceReport(SampleFits.Awkward()), new ConditionalModesReport(SampleFits.Modes()),
        ];
        foreach (var report in reports)
        {
            foreach (var format in Enum.GetValues<ReportFormat>())
            {
                var text = report.ToString(format);
                text.ShouldEndWith("\n");
                text.ShouldNotContain("\r");
                text.ShouldNotContain(" \n");
                text.TrimEnd('\n').Length.ShouldBe(text.Length - 1);
            }
        }
    }

    [Fact]
    public void FitCsv_HoldsEveryParameterByName() => new FitReport(SampleFits.SleepStudy()).ToString(ReportFormat.Csv).ShouldBe(
        """
        component,name,estimate,se,df,statistic,p
        fixed,(Intercept),251.4051,6.8246,17,36.838,1.17E-17
        fixed,Days,10.4673,1.5458,17,6.771,3.26E-06
        random,sd[Subject].(Intercept),24.7407,NA,NA,NA,NA
        random,sd[Subject].Days,5.9221,NA,NA,NA,NA
        random,cor[Subject].(Intercept).Days,0.0656,NA,NA,NA,NA
        residual,sigma,25.5918,NA,NA,NA,NA

        """);

    [Fact]
    public void FitCsv_WithoutCorrelations_HasNone() =>
        new FitReport(SampleFits.Awkward()).ToString(ReportFormat.Csv).ShouldNotContain("cor[");

    [Fact]
    public void FitMarkdown_HasTablesAndEscapes()
    {
        var text = new FitReport(SampleFits.Awkward()).ToString(ReportFormat.Markdown);
        text.ShouldContain("`` yield ~ 1 + treatment + covariate + (1 + covariate || site) + (1 | `plot id`) ``");
        text.ShouldContain("|  | Estimate | Std. error | df | t value | p |\n| :--- | ---: | ---: | ---: | ---: | ---: |\n");
        text.ShouldContain("drop the slope: (1 \\| site).");
        text.ShouldContain("- **Note** 1 column of the fixed part was left out. (`aliased`)");
    }

    [Fact]
    public void CoefficientsText_IsTheTableOfTheSummary() => new CoefficientsReport(SampleFits.SleepStudy()).ToString().ShouldBe(
        """
        Fixed effects (Satterthwaite's degrees of freedom)
                      Estimate  Std. error    df  t value         p
         (Intercept)   251.405       6.825  17.0   36.838  1.17e-17
         Days           10.467       1.546  17.0    6.771  3.26e-06

        """);

    [Fact]
    public void CoefficientsCsv_HasFullPrecision() => new CoefficientsReport(SampleFits.Awkward()).ToString(ReportFormat.Csv).ShouldBe(
        """
        name,estimate,se,df,statistic,p
        (Intercept),1234.5678,12.25,5.25,100.781,1.5E-09
        "treatmentA rather long level, with a comma",-0.00123,0.0456,80.5,-0.027,0.9785
        covariate,1.25E-07,3.5E-08,80,3.571,0.00061

        """);

    [Fact]
    public void CovarianceText_WiderThanThePage_IsFolded() => new CovarianceReport(SampleFits.Awkward()).ToString().ShouldBe(
        """
                                                    (Intercept)  treatmentA rather long level, with a comma
        (Intercept)                                    150.0625                                    0.100000
        treatmentA rather long level, with a comma       0.1000                                    0.002079
        covariate                                        0.0000                                           –

                                                    covariate
        (Intercept)                                     0.000
        treatmentA rather long level, with a comma          –
        covariate                                   1.225e-15

        """);

    [Fact]
    public void CovarianceJson_HasNamesAndRows()
    {
        using var json = JsonDocument.Parse(new CovarianceReport(SampleFits.SleepStudy()).ToString(ReportFormat.Json));
        json.RootElement.GetProperty("names").EnumerateArray().Select(name => name.GetString()).ShouldBe(["(Intercept)", "Days"]);
        json.RootElement.GetProperty("values")[1][0].GetDouble().ShouldBe(-1.4511);
    }

    [Fact]
    public void CovarianceCsv_HasNamesInHeaderAndFirstColumn() => new CovarianceReport(SampleFits.SleepStudy()).ToString(ReportFormat.Csv).ShouldBe(
        "name,(Intercept),Days\n(Intercept),46.5751,-1.4511\nDays,-1.4511,2.3895\n");

    [Fact]
    public void ModesText_IsATableATerm() => new ConditionalModesReport(SampleFits.Modes()).ToString().ShouldBe(
        """
        Subject (2 levels): conditional modes, each followed by its standard deviation
         Subject   (Intercept)     SD    Days     SD
         308              2.26  12.07   9.199  2.305
         a "b", c       -40.40  12.07  -8.620      –

        """);

    [Fact]
    public void ModesCsv_IsARowALevelAndEffect() => new ConditionalModesReport(SampleFits.Modes()).ToString(ReportFormat.Csv).ShouldBe(
        "group,level,name,mode,sd\nSubject,308,(Intercept),2.2585,12.0708\nSubject,308,Days,9.199,2.3048\n"
        + "Subject,\"a \"\"b\"\", c\",(Intercept),-40.3986,12.0708\nSubject,\"a \"\"b\"\", c\",Days,-8.6197,NA\n");

    [Fact]
    public void ModesJson_IsAnObjectALevel()
    {
        using var json = JsonDocument.Parse(new ConditionalModesReport(SampleFits.Modes()).ToString(ReportFormat.Json));
        json.RootElement.GetArrayLength().ShouldBe(2);
        var row = json.RootElement[1];
        row.EnumerateObject().Select(member => member.Name).ShouldBe(["group", "level", "names", "modes", "sd"]);
        row.GetProperty("level").GetString().ShouldBe("a \"b\", c");
        row.GetProperty("modes")[1].GetDouble().ShouldBe(-8.6197);
        row.GetProperty("sd")[1].ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void Modes_OfNoTerms_SaySo()
    {
        new ConditionalModesReport([]).ToString().ShouldBe("The model has no random effects.\n");
        new ConditionalModesReport([]).ToString(ReportFormat.Json).ShouldBe("[]\n");
    }
}

namespace MixedModels.Reporting.Tests;

public class FitSummaryTests
{
    [Fact]
    public void Summary_OfSleepStudy_IsLaidOutAsDocumented() => Summary(SampleFits.SleepStudy()).ShouldBe(
        """
        Linear mixed model fitted by REML
        Formula: Reaction ~ 1 + Days + (1 + Days | Subject)
        Data:    180 observations; 0 rows dropped; groups: Subject 18

        REML criterion 1743.63 (−2 × restricted log-likelihood)
          logLik      AIC      BIC  parameters
         -871.81  1755.63  1774.79           6

        Random effects
         Group     Effect       Variance      SD   Corr
         Subject   (Intercept)    612.10  24.741
                   Days            35.07   5.922  0.066
         Residual                 654.94  25.592

        Fixed effects (Satterthwaite's degrees of freedom)
                      Estimate  Std. error    df  t value         p
         (Intercept)   251.405       6.825  17.0   36.838  1.17e-17
         Days           10.467       1.546  17.0    6.771  3.26e-06

        Converged to an interior optimum. newton: 6 iterations, 8 evaluations, gradient norm 1.2e-09.

        """);

    [Fact]
    public void Summary_OfAwkwardFit_WrapsAndKeepsColumnsAligned() => Summary(SampleFits.Awkward()).ShouldBe(
        """
        Linear mixed model fitted by maximum likelihood
        Formula: yield ~ 1 + treatment + covariate + (1 + covariate || site) + (1 | `plot id`)
        Data:    97 observations; 3 rows dropped for missing values; groups: site 6, plot id 12; precision
                 weights: w

        Deviance 24.69 (−2 × log-likelihood)
         logLik    AIC    BIC  parameters
         -12.35  38.69  56.71           7

        Random effects
         Group     Effect       Variance      SD
         site      (Intercept)    4.0000  2.0000
                   covariate      0.0000  0.0000
         plot id   (Intercept)    0.2500  0.5000
         Residual                 0.2500  0.5000
         site: independent effects, no correlations (diag)

        Fixed effects (Satterthwaite's degrees of freedom)
                                                       Estimate  Std. error    df  t value         p
         (Intercept)                                 1234.56780    12.25000   5.2  100.781  1.50e-09
         treatmentA rather long level, with a comma    -0.00123     0.04560  80.5   -0.027    0.9785
         covariate                                    1.250e-07   3.500e-08  80.0    3.571  6.10e-04
         Left out, because earlier columns already span them: treatmentB

        Converged on the boundary: a random effect has no variance in some direction (a singular fit).
          newton: 1 iteration, 12 evaluations, gradient norm 3.4e-10, least cone eigenvalue 2.1e-03.

        Findings
         Warning: The random slope 'covariate' of 'site' has an estimated variance of 0. [singular]
           Why: The data do not show that the slope differs between sites; its estimate is on the edge of
                what a variance can be, which is an ordinary result.
           Try: Leave it as it is, or drop the slope: (1 | site).
         Note: 1 column of the fixed part was left out. [aliased]

        """);

    [Theory]
    [InlineData(ConvergenceVerdict.NotConverged, "NOT CONVERGED")]
    [InlineData(ConvergenceVerdict.NotIdentified, "NOT IDENTIFIED")]
    public void Summary_OfUnprovedOptimum_SaysSo(ConvergenceVerdict verdict, string words) =>
        Summary(SampleFits.SleepStudy(verdict)).ShouldContain("\n" + words);

    [Fact]
    public void Summary_WithoutRandomEffects_IsOfALinearModel()
    {
        var summary = Summary(SampleFits.WithoutRandomEffects());
        summary.ShouldStartWith("Linear model fitted by REML\n");
        summary.ShouldContain("\nResidual\n");
        summary.ShouldNotContain("groups:");
    }

    [Fact]
    public void Summary_WithoutFixedEffects_SaysNone() =>
        Summary(SampleFits.WithoutFixedEffects()).ShouldContain("Fixed effects (Satterthwaite's degrees of freedom)\n none\n");

    [Fact]
    public void Summary_WithUndefinedCorrelation_ShowsADash()
    {
        var summary = Summary(SampleFits.WithCorrelations(["(Intercept)", "a", "b"], [0, 1, 2], [1, double.NaN, double.NaN, double.NaN, 1, -0.5, double.NaN, -0.5, 1]));
        summary.ShouldContain(
            """
             Group     Effect       Variance     SD  Corr
             g         (Intercept)     0.000  0.000
                       a               1.000  1.000     –
                       b               4.000  2.000     –  -0.500
             Residual                  1.000  1.000
            """);
    }

    [Fact]
    public void Summary_WithOffsets_NamesThem() =>
        Summary(SampleFits.SleepStudy(options: new() { Offsets = ["log(time)", "z"] })).ShouldContain("offset: log(time) + z");

    [Fact]
    public void Summary_WithoutAFit_Throws() => Should.Throw<ArgumentNullException>(() => FitSummary.Summary(null!));

    private static string Summary(FitFacts fit) => new FitReport(fit).ToString();
}

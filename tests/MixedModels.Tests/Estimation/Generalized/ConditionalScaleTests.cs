using MixedModels.Estimation.Generalized;
using MixedModels.Families;

namespace MixedModels.Tests.Estimation.Generalized;

public class ConditionalScaleTests
{
    /// <summary>The rule's step and the bisection leave three digits.</summary>
    private const double Tolerance = 5e-3;

    [Theory]
    [InlineData(0.2, 0.5)]
    [InlineData(-1.3, 0.05)]
    [InlineData(2, 1.2)]
    public void Of_LogLink_IsTheLogNormals(double averaged, double moment)
    {
        // E exp(eta + s x) = exp(eta + ½s²), and the variance is exp(s²) − 1 times its square.
        var scale = ConditionalScale.Of(Link.Log, averaged, moment);
        scale.Variance.ShouldBe(Math.Log(1 + moment), Tolerance * moment);
        scale.Predictor.ShouldBe(averaged - (0.5 * Math.Log(1 + moment)), Tolerance);
        scale.Slope.ShouldBe(1, Tolerance);
    }

    [Theory]
    [InlineData(0.4, 0.3)]
    [InlineData(-0.9, 0.6)]
    public void Of_ProbitLink_StretchesByTheAveragedCurve(double averaged, double moment)
    {
        // E Φ(eta + s x) = Φ(eta/√(1 + s²)).
        var scale = ConditionalScale.Of(Link.Probit, averaged, moment);
        scale.Variance.ShouldBeGreaterThan(moment);
        scale.Slope.ShouldBe(1 / Math.Sqrt(1 + scale.Variance), Tolerance);
        scale.Predictor.ShouldBe(averaged * Math.Sqrt(1 + scale.Variance), Tolerance);
    }

    [Fact]
    public void Of_LogitLink_VariesAsMuchAsTheMoment()
    {
        // The variance of mu over normal predictors by a fine rule of its own, against what was asked for.
        var scale = ConditionalScale.Of(Link.Logit, 0.5, 0.8);
        var (total, mean, square) = (0.0, 0.0, 0.0);
        for (var x = -8.0; x <= 8; x += 0.01)
        {
            var weight = Math.Exp(-0.5 * x * x);
            var mu = Link.Logit.Mean(scale.Predictor + (Math.Sqrt(scale.Variance) * x)).Value;
            (total, mean, square) = (total + weight, mean + (weight * mu), square + (weight * mu * mu));
        }

        var slope = Link.Logit.Mean(0.5).First;
        (mean / total).ShouldBe(Link.Logit.Mean(0.5).Value, Tolerance);
        (((square / total) - (mean * mean / total / total)) / (slope * slope)).ShouldBe(0.8, Tolerance);
    }

    [Fact]
    public void Of_LinksWithoutAverage_StayAsTheyAre()
    {
        foreach (var link in new[] { Link.Identity, Link.Inverse, Link.InverseSquare })
            ConditionalScale.Of(link, 0.7, 0.4).ShouldBe(new ConditionalScale(0.4, 0.7, 1));
    }
}

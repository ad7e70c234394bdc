using MixedModels.Families;

namespace MixedModels.Estimation.Generalized;

/// <summary>
/// What a fit without random effects says about one with them. Its means are those averaged over the groups, which lie on a flatter curve or
/// a higher one, and the variance of its residuals between groups is that of means and not of predictors.
/// </summary>
/// <remarks>
/// With eta + s x, x ~ N(0, 1), about the conditional predictor eta: the averaged mean is E mu(eta + s x), and a moment estimate of the variance
/// from scores tends to Var mu(eta + s x) over the squared slope of mu at the averaged mean. For the log link that is exp(s²) − 1 and eta is shifted by
/// −½s²; for the logistic one about s²/(1 + 0.35 s²), eta stretched. Source: Zeger, Liang and Albert 1988, Biometrics 44, 1049–1060.
/// </remarks>
/// <param name="Variance">s².</param>
/// <param name="Predictor">The conditional predictor where the averaged one is the one given.</param>
/// <param name="Slope">The averaged predictor's derivative in the conditional one there.</param>
internal sealed record ConditionalScale(double Variance, double Predictor, double Slope)
{
    /// <summary>Conditional variances are sought up to so many times the moment estimate, and down to as small a share.</summary>
    private const double MostFactor = 9;

    private const int Bisections = 10;

    private const int NewtonSteps = 4;

    /// <summary>Nodes of the trapezoidal rule on each side, and their distance: three digits are more than a start needs.</summary>
    private const int Nodes = 8;

    private const double NodeStep = 0.5;

    /// <summary>The scale at which an averaged predictor and a moment estimate would come about; as they are where the average does not exist.</summary>
    /// <param name="link">The link.</param>
    /// <param name="averaged">The averaged predictor.</param>
    /// <param name="moment">The moment estimate of the variance, above 0.</param>
    public static ConditionalScale Of(Link link, double averaged, double moment)
    {
        var same = new ConditionalScale(moment, averaged, 1);
        if (link == Link.Identity || !AveragedMean.Exists(link)) return same;
        var (low, high) = (-Math.Log(MostFactor), Math.Log(MostFactor));
        for (var k = 0; k < Bisections; k++)
        {
            var middle = 0.5 * (low + high);
            if (!(At(link, averaged, moment * Math.Exp(middle), out var implied) is var trial && double.IsFinite(trial.Slope + implied))) return same;
            if (implied > moment) high = middle;
            else low = middle;
        }

        var scale = At(link, averaged, moment * Math.Exp(0.5 * (low + high)), out _);
        return double.IsFinite(scale.Predictor) && scale.Slope > 0 ? scale : same;
    }

    /// <summary>The scale with a variance, and the moment estimate that it would lead to.</summary>
    private static ConditionalScale At(Link link, double averaged, double variance, out double moment)
    {
        var mean = link.Mean(averaged);
        var (eta, s) = (averaged, Math.Sqrt(variance));
        var (value, slope, square) = (0.0, 0.0, 0.0);
        for (var k = 0; k <= NewtonSteps; k++)
        {
            (value, slope, square) = Average(link, eta, s);
            if (k < NewtonSteps) eta -= (value - mean.Value) / slope;
        }

        moment = (square - (value * value)) / (mean.First * mean.First);
        return new(variance, eta, slope / mean.First);
    }

    /// <summary>E mu, E mu' and E mu² at eta + s x.</summary>
    private static (double Value, double Slope, double Square) Average(Link link, double eta, double s)
    {
        var (total, value, slope, square) = (0.0, 0.0, 0.0, 0.0);
        for (var k = -Nodes; k <= Nodes; k++)
        {
            var x = k * NodeStep;
            var weight = Math.Exp(-0.5 * x * x);
            var mu = link.Mean(eta + (s * x));
            total += weight;
            value += weight * mu.Value;
            slope += weight * mu.First;
            square += weight * mu.Value * mu.Value;
        }

        return (value / total, slope / total, square / total);
    }
}

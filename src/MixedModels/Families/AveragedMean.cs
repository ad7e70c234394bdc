using MixedModels.Families.Links;

namespace MixedModels.Families;

/// <summary>
/// The mean of a response whose linear predictor is normal, E mu(eta + s x) with x ~ N(0, 1), and its derivatives in eta. In s² its derivative is half
/// the second one in eta.
/// </summary>
/// <remarks>
/// The integrand is analytic in a strip about the real axis, so the trapezoidal rule converges exponentially: the error is about exp(−2π y/step) with y the
/// distance of the nearest pole, or of the growth of mu, over s. Source: Trefethen and Weideman 2014, The exponentially convergent trapezoidal rule,
/// SIAM Review 56, theorem 5.1.
/// </remarks>
internal static class AveragedMean
{
    /// <summary>exp(−½x²) beyond is below 1e-18.</summary>
    private const double Reach = 9;

    /// <summary>For s below 1 the Gaussian sets the step: exp(−2π²/step²).</summary>
    private const double WidestStep = 0.25;

    /// <summary>Times 1/s: poles of cauchit lie 1/s away and give exp(−2π/0.25), those of logit at π/s far less.</summary>
    private const double StepTimesDeviation = 0.25;

    /// <summary>Whether the average exists: a normal predictor reaches 0, at which the means of inverse links are infinite.</summary>
    public static bool Exists(Link link) => link is not (InverseLink or InverseSquareLink);

    /// <summary>The average.</summary>
    /// <param name="link">The link.</param>
    /// <param name="eta">The mean of the predictor.</param>
    /// <param name="variance">s², not negative.</param>
    public static Taylor Of(Link link, double eta, double variance)
    {
        var s = Math.Sqrt(variance);
        if (!(s > 0)) return link.Mean(eta);
        if (link is LogLink) return link.Mean(eta + (0.5 * variance));
        var step = Math.Min(WidestStep, StepTimesDeviation / s);
        var last = (int)Math.Ceiling(Reach / step);
        var (sum, total) = (Taylor.Constant(0), 0.0);
        for (var k = -last; k <= last; k++)
        {
            var x = k * step;
            var weight = Math.Exp(-0.5 * x * x);
            total += weight;
            sum += weight * link.Mean(eta + (s * x));
        }

        return (1 / total) * sum;
    }
}

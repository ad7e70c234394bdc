using MixedModels.Families;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Prediction;

/// <summary>
/// The distribution of a new observation whose linear predictor is normal about its estimate: F(y) = E F(y | eta, psi), a weighted sum over nodes. Immutable.
/// </summary>
/// <remarks>
/// The sum over eta is the trapezoidal rule. As a function of eta, F(y | eta) is near a normal distribution function whose width is one over the root of the expected
/// weight w, so that its product with the density of the predictor, of variance v, has features of the width of (1/v + w)^−½; the error of steps of that width times c is
/// exp(−2π²/c²). Nodes whose means lie outside the family's range have no such observation and are left out. Source: Trefethen and Weideman 2014, SIAM Review 56.
/// </remarks>
internal sealed class PredictiveDistribution
{
    /// <summary>c above: an error of 1e-10.</summary>
    private const double StepOfWidth = 0.9;

    /// <summary>For the link's own bends, as in averaged means: poles of cauchit lie at 1, those of logit at π.</summary>
    private const double WidestStep = 0.25;

    /// <summary>exp(−½x²) beyond is 1e-10.</summary>
    private const double Reach = 6.8;

    /// <summary>A node of less than this share of all says nothing to the digits of the sum.</summary>
    private const double LeastShare = 1e-12;

    private const int MostNodes = 4000;

    /// <summary>A quantile of a continuous distribution is found to this share of the distribution's width.</summary>
    private const double Tolerance = 1e-10;

    private readonly Family family;
    private readonly List<(double Weight, double Mean, int Psi)> nodes = [];
    private readonly FamilyNodes parameters;
    private readonly Observation row;

    /// <summary>The distribution of one row.</summary>
    /// <param name="family">The family.</param>
    /// <param name="trials">Its trials; 1 where there are none.</param>
    /// <param name="weight">Its prior weight.</param>
    /// <param name="eta">The estimated predictor.</param>
    /// <param name="variance">The predictor's variance about it.</param>
    /// <param name="withFamily">Its covariances with the family's parameters; of no use where these count as known.</param>
    /// <param name="parameters">The family's parameters.</param>
    public PredictiveDistribution(Family family, double trials, double weight, double eta, double variance, ReadOnlySpan<double> withFamily, FamilyNodes parameters)
    {
        (this.family, this.parameters, row) = (family, parameters, new(family.HasTrials ? 0.5 * trials : 1, trials, weight));
        var loadings = parameters.Loadings(withFamily);
        var rest = Math.Sqrt(Math.Max(0, variance - Vectors.SumOfSquares(loadings)));
        for (var k = 0; k < parameters.Psi.Length; k++) AddNodes(eta + Vectors.Dot(loadings, parameters.StandardPoints[k]), rest, k);
        var total = 0.0;
        foreach (var node in nodes) total += node.Weight;
        nodes.RemoveAll(node => node.Weight < LeastShare * total);
        for (var i = 0; i < nodes.Count; i++) nodes[i] = nodes[i] with { Weight = nodes[i].Weight / total };
        (Mean, Deviation) = Moments();
    }

    /// <summary>The mean of a response; NaN where no mean lies in the family's range.</summary>
    public double Mean { get; }

    /// <summary>The standard deviation of a response.</summary>
    public double Deviation { get; }

    /// <summary>The least y with F(y) ≥ p; of a continuous family the y with F(y) = p.</summary>
    /// <param name="p">In (0, 1).</param>
    public double Quantile(double p)
    {
        if (nodes.Count == 0) return double.NaN;
        return family.IsDiscrete ? Discrete(p) : Continuous(p);
    }

    /// <summary>P(Y ≤ y).</summary>
    public double UpTo(double y)
    {
        var (sum, own) = (0.0, row with { Response = y });
        foreach (var (weight, mean, k) in nodes) sum += weight * family.Cumulative(own, mean, parameters.Psi[k]).UpTo;
        return sum;
    }

    private void AddNodes(double eta, double deviation, int k)
    {
        var width = deviation * Math.Sqrt(Math.Max(Weight(eta, k), Math.Max(Weight(eta - (2 * deviation), k), Weight(eta + (2 * deviation), k))));
        var step = Math.Min(WidestStep / Math.Max(1, deviation), StepOfWidth / Math.Sqrt(1 + (width * width)));
        var last = deviation > 0 ? (int)Math.Min(MostNodes, Math.Ceiling(Reach / step)) : 0;
        for (var i = -last; i <= last; i++)
        {
            var x = last == 0 ? 0 : i * Reach / last;
            var at = eta + (deviation * x);
            if (double.IsFinite(family.Kernel(row, at, parameters.Psi[k]).Value)) nodes.Add((parameters.Weights[k] * Math.Exp(-0.5 * x * x) / Math.Max(1, last), family.Link.Mean(at).Value, k));
        }
    }

    private double Weight(double eta, int k)
    {
        var weight = family.ExpectedWeight(row, eta, parameters.Psi[k]);
        return double.IsFinite(weight) ? weight : 0;
    }

    private (double Mean, double Deviation) Moments()
    {
        var (mean, square, own) = (0.0, 0.0, 0.0);
        foreach (var (weight, mu, k) in nodes)
        {
            mean += weight * row.Trials * mu;
            square += weight * row.Trials * mu * row.Trials * mu;
            own += weight * row.Trials * family.Variance(mu, row.Weight, parameters.Psi[k]);
        }

        return nodes.Count == 0 ? (double.NaN, double.NaN) : (mean, Math.Sqrt(own + Math.Max(0, square - (mean * mean))));
    }

    private double Discrete(double p)
    {
        // From where a normal distribution would have it, in steps that double; below the least value F is 0, above the trials there is nothing.
        var most = family.HasTrials ? row.Trials : double.MaxValue;
        var guess = Math.Floor(Math.Clamp(NormalGuess(p), 0, most));
        var (below, enough) = (guess - 1, guess);
        if (UpTo(guess) >= p)
        {
            for (var step = 1.0; below >= 0 && UpTo(below) >= p; step *= 2) (enough, below) = (below, Math.Max(-1, below - step));
        }
        else
        {
            (below, enough) = (guess, Math.Min(most, guess + 1));
            for (var step = 1.0; enough < most && UpTo(enough) < p; step *= 2) (below, enough) = (enough, Math.Min(most, enough + step));
        }

        while (enough - below > 1)
        {
            var middle = Math.Floor((below + enough) / 2);
            if (UpTo(middle) >= p) enough = middle;
            else below = middle;
        }

        return enough;
    }

    private double NormalGuess(double p)
    {
        var guess = Mean + (NormalDistribution.Quantile(p) * Deviation);
        return double.IsFinite(guess) ? guess : double.IsFinite(Mean) ? Mean : 0;
    }

    private double Continuous(double p)
    {
        var isPositive = family.Objection(row with { Response = -1 }) is not null;
        var width = double.IsFinite(Deviation) && Deviation > 0 ? Deviation : Math.Max(1, Math.Abs(Mean));
        var (low, high) = (isPositive ? 0 : Mean - width, Mean + width);
        for (var reach = width; !isPositive && UpTo(low) > p; reach *= 2) low -= reach;
        for (var reach = width; UpTo(high) < p; reach *= 2) high += reach;
        var (fLow, fHigh) = (isPositive ? -p : UpTo(low) - p, UpTo(high) - p);

        // False position that halves the weight of an end that stays (Illinois), and halves the bracket where that gains little.
        for (var side = 0; high - low > Tolerance * width && high - low > double.Epsilon;)
        {
            var before = high - low;
            var next = ((low * fHigh) - (high * fLow)) / (fHigh - fLow);
            if (!(next > low && next < high)) next = 0.5 * (low + high);
            var f = UpTo(next) - p;
            if (f == 0) return next;
            if (f < 0)
            {
                (low, fLow) = (next, f);
                if (side == -1) fHigh /= 2;
                side = -1;
            }
            else
            {
                (high, fHigh) = (next, f);
                if (side == 1) fLow /= 2;
                side = 1;
            }

            if (high - low <= 0.5 * before) continue;
            var middle = 0.5 * (low + high);
            if (middle <= low || middle >= high) break;
            var own = UpTo(middle) - p;
            if (own < 0) (low, fLow) = (middle, own);
            else (high, fHigh) = (middle, own);
        }

        return 0.5 * (low + high);
    }
}

using MixedModels.Design;
using MixedModels.Estimation.Generalized;
using MixedModels.Families;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Inference.Generalized;

/// <summary>
/// The variance of a generalized model's observations on the scale of the predictor, in parts: fixed effects, each random term averaged over the rows,
/// and what an observation varies about its mean. Immutable.
/// </summary>
/// <remarks>
/// Source: Nakagawa, Johnson and Schielzeth 2017, J. R. Soc. Interface 14. Effects of a level a row are overdispersion and count with the observation. The mean
/// response lambda is that of the data (section 5 there, its first estimate).
/// </remarks>
internal sealed class GeneralizedComponents
{
    private readonly bool[] isOverdispersion;
    private readonly double[] random;
    private readonly double fixedPart;
    private readonly double observation;

    /// <summary>Forms the parts. O(n (p + Σ p_t²)).</summary>
    /// <exception cref="InferenceException">The family and link have no such variance.</exception>
    public GeneralizedComponents(ModelDesign design, GeneralizedEstimate estimate, Family family, ObservationVariance kind)
    {
        fixedPart = OfFixed(design, estimate.Coefficients);
        random = [.. design.RandomTerms.Select((term, t) => OfTerm(term, estimate.Covariances[t], design.Observations))];
        isOverdispersion = [.. design.RandomTerms.Select(term => term.Memberships is null && term.Levels.Count == design.Observations)];
        observation = OfObservation(family, estimate.FamilyParameters, MeanResponse(design), kind);
    }

    /// <summary>The kind that suits a family best: what a binomial response is the sign of, trigamma under a log link, else the delta method.</summary>
    public static ObservationVariance Default(Family family) => (family.HasTrials, family.Link.Name, family.Name) switch
    {
        (true, not "cauchit" and not "log" and not "identity", _) => ObservationVariance.Latent,
        (false, "log", not "gaussian") => ObservationVariance.Trigamma,
        _ => ObservationVariance.Delta,
    };

    /// <summary>The shares of fixed effects, and of fixed and random effects, in the whole.</summary>
    public RSquared RSquared()
    {
        var effects = Enumerable.Range(0, random.Length).Where(t => !isOverdispersion[t]).Sum(t => random[t]);
        var all = fixedPart + random.Sum() + observation;
        return new(new(fixedPart / all), new((fixedPart + effects) / all));
    }

    /// <summary>The share of some random terms in what the fixed effects leave.</summary>
    public VarianceShare Share(Func<int, bool> isCounted) => new(Enumerable.Range(0, random.Length).Where(isCounted).Sum(t => random[t]) / (random.Sum() + observation));

    private static double OfObservation(Family family, double[] psi, double lambda, ObservationVariance kind)
    {
        var link = family.Link.Name;
        if (kind == ObservationVariance.Latent)
        {
            return !family.HasTrials ? throw Refused(kind, family, "binomial responses") : link switch
            {
                "logit" => Math.PI * Math.PI / 3,
                "probit" => 1,
                "cloglog" or "loglog" => Math.PI * Math.PI / 6,
                _ => throw Refused(kind, family, "the links logit, probit, cloglog and loglog"),
            };
        }

        if (kind != ObservationVariance.Delta && (link != "log" || family.HasTrials)) throw Refused(kind, family, "a log link and responses that are not binomial");
        var variance = family.Variance(lambda, 1, psi);
        var slope = family.Link.Mean(family.Link.Predictor(lambda)).First;
        return kind switch
        {
            ObservationVariance.LogNormal => Math.Log(1 + (variance / (lambda * lambda))),
            ObservationVariance.Trigamma => GammaFunctions.Trigamma(lambda * lambda / variance),
            _ => variance / (slope * slope),
        };
    }

    private static InferenceException Refused(ObservationVariance kind, Family family, string what) => new(
        $"The variance of observations of kind {kind} is for {what}; this model is {family.Name} with the link {family.Link.Name}. {nameof(ObservationVariance.Delta)} is for all.");

    private static double MeanResponse(ModelDesign design)
    {
        var (sum, trials) = (0.0, 0.0);
        for (var r = 0; r < design.Observations; r++)
        {
            var frequency = design.Frequencies.IsEmpty ? 1 : design.Frequencies.Span[r];
            sum += frequency * design.Response.Span[r];
            trials += frequency * (design.Trials.IsEmpty ? 1 : design.Trials.Span[r]);
        }

        return sum / trials;
    }

    private static double OfFixed(ModelDesign design, double[] beta)
    {
        var n = design.Observations;
        var mean = new double[n];
        for (var j = 0; j < beta.Length; j++) Vectors.AddScaled(beta[j], design.Fixed.X.Span.Slice(j * n, n), mean);
        var average = Vectors.Sum(mean) / n;
        var sum = 0.0;
        foreach (var value in mean) sum += (value - average) * (value - average);
        return sum / Math.Max(1, n - 1);
    }

    private static double OfTerm(RandomTermDesign term, double[] G, int n)
    {
        var p = term.ColumnNames.Count;
        var sum = 0.0;
        for (var r = 0; r < n; r++)
        {
            var share = 1.0;
            if (term.Memberships is { } memberships)
            {
                share = 0;
                for (var e = memberships.RowStart.Span[r]; e < memberships.RowStart.Span[r + 1]; e++) share += memberships.Weights.Span[e] * memberships.Weights.Span[e];
            }

            for (var j = 0; j < p; j++)
            {
                for (var i = 0; i < p; i++) sum += share * term.Z.Span[r + (i * n)] * G[i + (j * p)] * term.Z.Span[r + (j * n)];
            }
        }

        return sum / n;
    }
}

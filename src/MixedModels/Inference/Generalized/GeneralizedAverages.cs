using MixedModels.Families;

namespace MixedModels.Inference.Generalized;

/// <summary>Whether averages over random effects exist.</summary>
internal static class GeneralizedAverages
{
    /// <summary>Refuses averages that do not.</summary>
    /// <exception cref="InferenceException">Under the link a normal predictor has no mean response.</exception>
    public static void Require(Link link)
    {
        if (AveragedMean.Exists(link)) return;
        throw new InferenceException(
            $"Under the link {link.Name} the mean is infinite at a predictor of 0, which normal random effects reach, so there is no average over them. Ask for the response at random effects of zero, or fit with a log link.");
    }
}

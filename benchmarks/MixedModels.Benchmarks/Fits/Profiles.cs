namespace MixedModels.Benchmarks.Fits;

/// <summary>The profiles of every parameter by maximum likelihood, with the refit that a fit by REML needs, and their intervals.</summary>
internal static class Profiles
{
    public static FollowUp Entry { get; } = new("profiles of all parameters", Prepare)
    {
        Reach = 10e-3,
        PeerName = "lme4's profile",
        PeerProgram = """
            one <- function() confint(profile(m))
            """,
    };

    private static Action Prepare(FittedCase fitted) => () =>
    {
        foreach (var interval in LikelihoodProfile.Of(fitted.Fit).Intervals())
        {
            if (!(interval.Lower < interval.Upper)) throw new InvalidOperationException($"The profile of {interval.Parameter} has no interval.");
        }
    };
}

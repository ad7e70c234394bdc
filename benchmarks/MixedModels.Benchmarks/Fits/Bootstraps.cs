namespace MixedModels.Benchmarks.Fits;

/// <summary>A parametric bootstrap of every parameter: responses drawn, models refitted, parameters kept.</summary>
internal static class Bootstraps
{
    private const int Count = 1000;

    public static FollowUp Entry { get; } = new("parametric bootstrap, 1,000 replicates", Prepare)
    {
        Reach = 0.3,
        PeerName = "bootMer",
        PeerProgram = """
            one <- function() bootMer(m, function(f) c(fixef(f), getME(f, "theta"), sigma(f)), nsim = 1000, seed = 1)
            """,
    };

    private static Action Prepare(FittedCase fitted) => () =>
    {
        var run = ParametricBootstrap.Run(fitted.Fit, new() { Replicates = Count, Seed = 1 });
        if (run.Failures.Count > 0) throw new InvalidOperationException($"{run.Failures.Count} of {Count} refits failed.");
    };
}

namespace MixedModels.Benchmarks.Fits;

/// <summary>Something asked of a fit and timed by itself: refits, a table, intervals.</summary>
/// <param name="Title">What the page calls it.</param>
/// <param name="Prepare">Makes what is needed, untimed, and returns what is timed; it is run several times.</param>
internal sealed record FollowUp(string Title, Func<FittedCase, Action> Prepare)
{
    /// <summary>Seconds it is meant to reach; null where no figure is set.</summary>
    public double? Reach { get; init; }

    /// <summary>Whether a fit keeps the answer, so that every time needs a fit of its own, made outside the clock.</summary>
    public bool IsKeptByTheFit { get; init; }

    /// <summary>The peer's function.</summary>
    public string PeerName { get; init; } = "lme4";

    /// <summary>
    /// The same in R: statements that define <c>one()</c> from the data <c>d</c> and the fit <c>m</c> of lme4. Null without a peer.
    /// </summary>
    public string? PeerProgram { get; init; }
}

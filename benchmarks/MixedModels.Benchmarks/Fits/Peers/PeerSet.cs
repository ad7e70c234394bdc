namespace MixedModels.Benchmarks.Fits.Peers;

/// <summary>The peers that are asked for and there.</summary>
internal sealed class PeerSet : IDisposable
{
    // Fits of milliseconds are repeated more often in R too, whose clock ticks in milliseconds.
    private const int SmallRows = 1000;
    private const int SmallFactor = 10;

    private const string JuliaLike = "MixedModels.jl's evaluation";

    private readonly FitsOptions options;
    private readonly RunLog log;
    private readonly LmerPeer? lmer;
    private readonly JuliaLikePeer? julia;

    public PeerSet(FitsOptions options, RunLog log)
    {
        (this.options, this.log) = (options, log);
        if (!options.HasPeers) return;
        if (LmerPeer.Missing(options) is { } noLmer) log.Omit($"lme4: {noLmer}");
        else lmer = log.OrOmit("lme4", () => new LmerPeer(options));
        if (!options.IsJuliaLike) return;
        if (JuliaLikePeer.Missing(options) is { } noJulia) log.Omit($"{JuliaLike}: {noJulia}");
        else julia = log.OrOmit(JuliaLike, () => new JuliaLikePeer(options));
    }

    /// <summary>R, lme4 and its BLAS; null without lme4.</summary>
    public string? LmerVersions => lmer?.Versions;

    /// <summary>The figures of a case with those of its peers.</summary>
    /// <param name="result">Ours.</param>
    /// <param name="path">The case's file; null for embedded data.</param>
    public CaseResult AddTo(CaseResult result, string? path)
    {
        var entry = result.Case;
        return result with
        {
            Lmer = Fit(result, "lme4", Lme4),
            Tmb = entry.Family is null ? null : Fit(result, "glmmTMB", (own, repetitions) => lmer!.FitByCall(own, "glmmTMB", "glmmTMB", repetitions)),
            LmerFollowUps = [.. entry.FollowUps.Select(followUp => Fit(entry, followUp))],
            JuliaLike = julia is null || entry.Crossed is null
                ? null
                : log.OrOmit($"{entry.Name}, {JuliaLike}", () => julia.Fit(entry, path, Repetitions(entry))),
        };
    }

    public void Dispose()
    {
        lmer?.Dispose();
        julia?.Dispose();
    }

    private PeerFit? Fit(CaseResult result, string name, Func<FitCase, int, PeerFit> fit)
    {
        var entry = result.Case;
        if (lmer is null || entry.Lmer == PeerPace.Absent) return null;
        if (entry.Lmer == PeerPace.Slow && !options.HasSlowPeers)
        {
            log.Omit($"{entry.Name}, {name}: slow, run with --slow-peers");
            return null;
        }

        var repetitions = Repetitions(entry) * (result.Ours.Rows <= SmallRows ? SmallFactor : 1);
        return log.OrOmit($"{entry.Name}, {name}", () => fit(entry, repetitions));
    }

    private PeerFit Lme4(FitCase entry, int repetitions)
    {
        if (entry.Family is not null) return lmer!.FitByCall(entry, "lme4", "glmer", repetitions);
        return entry.NlmeCall is { } call ? lmer!.FitByNlme(entry, call, repetitions) : lmer!.Fit(entry, repetitions);
    }

    private double? Fit(FitCase entry, FollowUp followUp) =>
        lmer is not null && followUp.PeerProgram is { } program
            ? log.OrOmit<double?>($"{entry.Name}, {followUp.Title}, lme4", () => lmer.FollowUp(entry, program, options.Repetitions))
            : null;

    private int Repetitions(FitCase entry) => entry.Lmer == PeerPace.Slow ? 1 : options.Repetitions;
}

using MixedModels.Benchmarks.Fits.Peers;

namespace MixedModels.Benchmarks.Fits;

/// <summary>Our figures of a case and those of its peers.</summary>
internal sealed record CaseResult(FitCase Case, MeasuredFit Ours)
{
    /// <summary>What our criterion may exceed a peer's by: its search stops where the criterion no longer changes visibly.</summary>
    public const double CriterionTolerance = 1e-3;

    /// <summary>lme4's figures; null where it did not run.</summary>
    public PeerFit? Lmer { get; init; }

    /// <summary>glmmTMB's figures of a generalized model; null where it did not run.</summary>
    public PeerFit? Tmb { get; init; }

    /// <summary>lme4's seconds by follow-up, in the catalogue's order; null where it has none.</summary>
    public IReadOnlyList<double?> LmerFollowUps { get; init; } = [];

    /// <summary>The re-creation of MixedModels.jl's search; null where it did not run.</summary>
    public JuliaLikeFit? JuliaLike { get; init; }

    /// <summary>What is wrong with our fit; empty when nothing is.</summary>
    public IEnumerable<string> Defects()
    {
        if (!Ours.Converged) yield return $"{Case.Name}: the verdict is {Ours.Verdict}";
        if (Case.Reference is { } id && Ours.Deviance - ReferenceCriterion.Of(id) is var off && !(Math.Abs(off) <= ReferenceCriterion.Tolerance))
            yield return FormattableString.Invariant($"{Case.Name}: the criterion {Ours.Deviance:F6} is {off:G3} off the reference {id}");
        if (Lmer is { } lmer && !(Ours.Deviance - lmer.Deviance <= CriterionTolerance))
            yield return Above("lme4's", lmer.Deviance);
        if (Tmb is { } tmb && !(Ours.Deviance - tmb.Deviance <= CriterionTolerance))
            yield return Above("glmmTMB's", tmb.Deviance);
        if (JuliaLike is { IsSameModel: true } julia && !(Ours.Deviance - julia.Deviance <= CriterionTolerance))
            yield return Above("the re-created MixedModels.jl's", julia.Deviance);
    }

    private string Above(string whose, double theirs) =>
        FormattableString.Invariant($"{Case.Name}: the criterion {Ours.Deviance:F6} is {Ours.Deviance - theirs:G3} above {whose}; wanted at most {CriterionTolerance}");
}

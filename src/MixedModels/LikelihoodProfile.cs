using MixedModels.Inference.Profile;

namespace MixedModels;

/// <summary>
/// The likelihood profiled for each parameter: the parameter is held at a value, the criterion minimised over all others, and the signed root of its
/// rise is zeta. Intervals come from zeta, and plots of it show how normal the likelihood is. Immutable.
/// </summary>
/// <remarks>Source: Bates, Mächler, Bolker and Walker 2015, section 5.1; Bates and Watts 1988, Nonlinear regression analysis, section 6.1. See docs/intervals.md.</remarks>
public sealed class LikelihoodProfile
{
    internal LikelihoodProfile(
        EstimationCriterion criterion, double deviance, IReadOnlyList<string> names, IReadOnlyList<ParameterProfile> parameters, IReadOnlyList<Finding> findings) =>
        (Criterion, Deviance, ParameterNames, Parameters, Findings) = (criterion, deviance, names, parameters, findings);

    /// <summary>The criterion that was profiled.</summary>
    public EstimationCriterion Criterion { get; }

    /// <summary>Its minimum, to which zeta refers.</summary>
    public double Deviance { get; }

    /// <summary>The names of all parameters, in the order of <see cref="ProfilePoint.Parameters"/>.</summary>
    public IReadOnlyList<string> ParameterNames { get; }

    /// <summary>The profiled parameters.</summary>
    public IReadOnlyList<ParameterProfile> Parameters { get; }

    /// <summary>What a reader should know: a refit, parameters left out, optima better than the fit's.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>Profiles a fit. Costs about ten short searches a parameter.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">Criterion, level and parameters; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels between evaluations.</param>
    /// <exception cref="InferenceException">A parameter is named that the model does not have, or a fixed effect is to be profiled by REML.</exception>
    /// <exception cref="ArgumentException">The level is not in (0, 1).</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static LikelihoodProfile Of(LinearMixedModelFit fit, ProfileOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new();
        RequireLevel(options);
        return LinearProfiler.Profile(fit, options, cancellationToken);
    }

    /// <summary>Profiles a generalized fit, by its own approximation of the likelihood. Costs about ten short searches a parameter.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">Level and parameters; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels between evaluations.</param>
    /// <exception cref="InferenceException">A parameter is named that the model does not have or that has no profile, or REML is asked for.</exception>
    /// <exception cref="ArgumentException">The level is not in (0, 1).</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static LikelihoodProfile Of(GeneralizedMixedModelFit fit, ProfileOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new();
        RequireLevel(options);
        fit.RequireOuterEffects("A likelihood profile");
        return GeneralizedProfiler.Profile(fit, options, cancellationToken);
    }

    /// <summary>An interval a profiled parameter.</summary>
    /// <param name="level">In (0, 1), at most that of the options.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1), or the profiles were not followed so far.</exception>
    public IReadOnlyList<ConfidenceInterval> Intervals(double level = 0.95) => [.. Parameters.Select(parameter => parameter.Interval(level))];

    private static void RequireLevel(ProfileOptions options)
    {
        if (!(options.Level > 0 && options.Level < 1))
            throw new ArgumentOutOfRangeException(nameof(options), options.Level, "A level between 0 and 1 is wanted, such as 0.95.");
    }
}

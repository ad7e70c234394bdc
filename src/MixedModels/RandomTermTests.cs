using MixedModels.Inference.Comparison;

namespace MixedModels;

/// <summary>
/// A likelihood-ratio test of every random term of a fit: its effects beside the intercept are left out one at a time, a term of one
/// effect as a whole. The fixed part stays, so REML fits are compared by REML. Immutable.
/// </summary>
/// <remarks>The reductions are those of lmerTest's <c>ranova</c>; docs/comparing-models.md names the exceptions.</remarks>
public sealed class RandomTermTests
{
    internal RandomTermTests(EstimationCriterion criterion, IMixedModelFit fit, IReadOnlyList<RandomTermTest> tests, IReadOnlyList<Finding> findings) =>
        (Criterion, ParameterCount, LogLikelihood, Tests, Findings) = (criterion, fit.ParameterCount, fit.LogLikelihood, tests, findings);

    /// <summary>The criterion of the log-likelihoods, that of the fit.</summary>
    public EstimationCriterion Criterion { get; }

    /// <summary>The parameters of the fit itself.</summary>
    public int ParameterCount { get; }

    /// <summary>The log-likelihood of the fit itself.</summary>
    public double LogLikelihood { get; }

    /// <summary>The tests in the formula's order.</summary>
    public IReadOnlyList<RandomTermTest> Tests { get; }

    /// <summary>What a reader of the table should know.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>Tests the random terms of a fit; costs a fit a test.</summary>
    /// <param name="fit">A fit with at least one random term.</param>
    /// <param name="cancellationToken">Cancels between evaluations.</param>
    /// <exception cref="InferenceException">The model has no random term.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static RandomTermTests Of(LinearMixedModelFit fit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return RandomTermReduction.TestAll(fit, cancellationToken);
    }

    /// <summary>Tests the random terms of a generalized fit, each model by the fit's own approximation of the likelihood; costs a fit a test.</summary>
    /// <param name="fit">A fit with at least one random term.</param>
    /// <param name="cancellationToken">Cancels between evaluations.</param>
    /// <exception cref="InferenceException">The model has no random term.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static RandomTermTests Of(GeneralizedMixedModelFit fit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return RandomTermReduction.TestAll(fit, cancellationToken);
    }
}

using MixedModels.Inference.Comparison;

namespace MixedModels;

/// <summary>
/// Several fits to the same rows and response: likelihood-ratio tests of each against the next smaller one, and information criteria.
/// Immutable.
/// </summary>
/// <remarks>docs/comparing-models.md says what is checked and how p-values on the boundary are to be read.</remarks>
public sealed class ModelComparison
{
    internal ModelComparison(EstimationCriterion criterion, IReadOnlyList<ComparedModel> models, IReadOnlyList<Finding> findings) =>
        (Criterion, Models, Findings) = (criterion, models, findings);

    /// <summary>The criterion of the log-likelihoods.</summary>
    public EstimationCriterion Criterion { get; }

    /// <summary>The models by number of parameters, fewest first.</summary>
    public IReadOnlyList<ComparedModel> Models { get; }

    /// <summary>What a reader of the table should know: models not shown to be nested, variances on the boundary, refits.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>Compares fits.</summary>
    /// <param name="fits">At least two fits to the same rows and response, in any order.</param>
    /// <param name="refit">Whether fits by REML are fitted again by maximum likelihood, so that fixed parts can be compared.</param>
    /// <param name="cancellationToken">Cancels between evaluations of a refit.</param>
    /// <exception cref="InferenceException">
    /// Rows or responses differ, the criteria differ, or the fits are by REML with different fixed parts; the message says where.
    /// </exception>
    /// <exception cref="ArgumentException">There are fewer than two fits.</exception>
    /// <exception cref="OperationCanceledException">A refit was cancelled.</exception>
    public static ModelComparison Of(IReadOnlyList<LinearMixedModelFit> fits, bool refit = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fits);
        if (fits.Count < 2) throw new ArgumentException($"A comparison needs at least 2 fits, found {fits.Count}.", nameof(fits));
        return ModelComparer.Compare(fits, refit, cancellationToken);
    }

    /// <summary>Compares generalized fits: likelihood ratios between nested models of one family and link, information criteria between all.</summary>
    /// <param name="fits">At least two fits to the same rows and response, by the same number of quadrature points, in any order.</param>
    /// <exception cref="InferenceException">Rows, responses or approximations differ; the message says where.</exception>
    /// <exception cref="ArgumentException">There are fewer than two fits.</exception>
    public static ModelComparison Of(IReadOnlyList<GeneralizedMixedModelFit> fits)
    {
        ArgumentNullException.ThrowIfNull(fits);
        if (fits.Count < 2) throw new ArgumentException($"A comparison needs at least 2 fits, found {fits.Count}.", nameof(fits));
        return ModelComparer.Compare(fits);
    }
}

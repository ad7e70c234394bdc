using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Marginal;

namespace MixedModels.Inference;

/// <summary>
/// The numbers of one linear mixed model with storage of their own, to be evaluated and fitted as often as inference needs, apart
/// from the fit they came from. A workspace of one thread.
/// </summary>
internal abstract class CriterionProblem : IDisposable
{
    /// <summary>The standardised numbers.</summary>
    public abstract StandardizedData Data { get; }

    /// <summary>The criterion of the response at hand, over theta and, where residuals are dependent or unequal, phi.</summary>
    public abstract IProfiledCriterion Criterion { get; }

    /// <summary>R over sigma² as last evaluated; null for independent residuals of one variance.</summary>
    public virtual ResidualModel? Residual => null;

    /// <summary>A problem of a fit's model.</summary>
    /// <param name="data">The numbers.</param>
    /// <param name="residual">The residuals' structure; null for independent ones of one variance.</param>
    /// <param name="reml">Whether the criterion is the restricted one.</param>
    /// <param name="threads">Threads for large blocks; null for one a processor, 1 for a problem that shares the processors with others.</param>
    public static CriterionProblem For(StandardizedData data, ResidualData? residual, bool reml, int? threads) =>
        residual is null ? new IndependentProblem(data, reml, threads) : new MarginalProblem(data, residual, reml);

    /// <summary>Takes another response for the same X and Z; costs a pass over the rows, no more.</summary>
    /// <param name="data">The problem's own numbers with that response, by <see cref="StandardizedData.WithResponse"/>.</param>
    public abstract void ReplaceResponse(StandardizedData data);

    /// <summary>The same criterion of other parameters of the random terms.</summary>
    public abstract IProfiledCriterion With(ThetaLayout layout);

    /// <summary>Finds the optimum.</summary>
    /// <param name="start">Parameters to start from; null for the problem's own start.</param>
    /// <param name="cancellationToken">Checked once an evaluation.</param>
    public abstract LinearOptimum Minimize(double[]? start, CancellationToken cancellationToken);

    /// <summary>The parameters of an optimum, theta, then phi.</summary>
    public static double[] Parameters(LinearOptimum optimum) => [.. optimum.Theta, .. optimum.Phi];

    /// <inheritdoc/>
    public abstract void Dispose();
}

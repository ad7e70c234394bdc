using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.Execution;

namespace MixedModels.Inference;

/// <summary>
/// The numbers of one linear mixed model with storage of their own, to be evaluated and fitted as often as inference needs, apart
/// from the fit they came from. A workspace of one thread.
/// </summary>
internal sealed class LinearProblem : IDisposable
{
    private readonly ThreadTeam? team;

    /// <summary>Makes the cross-products: one pass over the data.</summary>
    /// <param name="data">The numbers.</param>
    /// <param name="reml">Whether the criterion is the restricted one.</param>
    /// <param name="threads">Threads for large blocks; null for one a processor, 1 for a problem that shares the processors with others.</param>
    public LinearProblem(StandardizedData data, bool reml, int? threads)
    {
        Data = data;
        var plan = data.Data.Terms.Count == 0 ? null : BlockPlan.For(data.Data);
        team = plan is { NeedsThreads: true } && threads != 1 ? new ThreadTeam(threads) : null;
        Deviance = new(data, BlockPlan.Allocate(data, plan, team), reml);
    }

    /// <summary>The standardised numbers.</summary>
    public StandardizedData Data { get; private set; }

    /// <summary>The criterion of the response at hand.</summary>
    public ProfiledDeviance Deviance { get; private set; }

    /// <summary>Takes another response for the same X and Z; costs a pass over the rows of Z, no more.</summary>
    /// <param name="data">The problem's own numbers with that response, by <see cref="StandardizedData.WithResponse"/>.</param>
    public void ReplaceResponse(StandardizedData data)
    {
        Data = data;
        Deviance.System.ReplaceResponse(data);
        Deviance = new(data, Deviance.System, Deviance.Reml);
    }

    /// <summary>The same numbers under the other criterion, on the same storage.</summary>
    public void UseCriterion(bool reml)
    {
        if (Deviance.Reml != reml) Deviance = new(Data, Deviance.System, reml);
    }

    /// <summary>Finds the optimum.</summary>
    /// <param name="start">Parameters to start from; null for the moment start.</param>
    /// <param name="cancellationToken">Checked once an evaluation.</param>
    public LinearOptimum Minimize(double[]? start, CancellationToken cancellationToken) =>
        LinearOptimizer.Minimize(Deviance, Data, start, OptimizationMethod.Newton, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => team?.Dispose();
}

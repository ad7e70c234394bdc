using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.Execution;

namespace MixedModels.Inference;

/// <summary>A problem with independent residuals of one variance, on the engine's storages.</summary>
internal sealed class IndependentProblem : CriterionProblem
{
    private readonly ThreadTeam? team;
    private StandardizedData data;

    /// <summary>Makes the cross-products: one pass over the data.</summary>
    /// <param name="data">The numbers.</param>
    /// <param name="reml">Whether the criterion is the restricted one.</param>
    /// <param name="threads">Threads for large blocks; null for one a processor, 1 for a problem that shares the processors with others.</param>
    public IndependentProblem(StandardizedData data, bool reml, int? threads)
    {
        this.data = data;
        var plan = data.Data.Terms.Count == 0 ? null : BlockPlan.For(data.Data);
        team = plan is { NeedsThreads: true } && threads != 1 ? new ThreadTeam(threads) : null;
        Deviance = new(data, BlockPlan.Allocate(data, plan, team), reml);
    }

    /// <inheritdoc/>
    public override StandardizedData Data => data;

    /// <summary>The criterion of the response at hand.</summary>
    public ProfiledDeviance Deviance { get; private set; }

    /// <inheritdoc/>
    public override IProfiledCriterion Criterion => Deviance;

    /// <inheritdoc/>
    public override void ReplaceResponse(StandardizedData data)
    {
        this.data = data;
        Deviance.System.ReplaceResponse(data);
        Deviance = new(data, Deviance.System, Deviance.Reml);
    }

    /// <inheritdoc/>
    public override IProfiledCriterion With(ThetaLayout layout) => Deviance.With(layout);

    /// <inheritdoc/>
    public override LinearOptimum Minimize(double[]? start, CancellationToken cancellationToken) =>
        LinearOptimizer.Minimize(Deviance, data, start, OptimizationMethod.Newton, cancellationToken);

    /// <inheritdoc/>
    public override void Dispose() => team?.Dispose();
}

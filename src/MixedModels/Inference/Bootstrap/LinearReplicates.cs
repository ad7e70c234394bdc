using System.Collections.Concurrent;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.Simulation;

namespace MixedModels.Inference.Bootstrap;

/// <summary>Draws from a linear mixed model and refits of it.</summary>
internal sealed class LinearReplicates : BootstrapReplicates
{
    private readonly StandardizedData data;
    private readonly LinearMixedModelFit fit;
    private readonly ConcurrentBag<CriterionProblem> idle = [];
    private readonly LinearSimulator simulator;
    private readonly double[] start;
    private readonly IBootstrapStatistic statistic;

    /// <summary>Of a fit and what is taken from each refit.</summary>
    public LinearReplicates(LinearMixedModelFit fit, IBootstrapStatistic statistic)
    {
        (this.fit, this.statistic) = (fit, statistic);
        data = new(LinearData.From(fit.Design));
        simulator = fit.Simulator(new());
        var layout = new ThetaLayout(data.Data.Terms.Select(term => term.Structure));
        start = VanishedVariances.Enliven(CriterionProblem.Parameters(fit.Optimum), VanishedVariances.DiagonalEntries(layout), 1);
    }

    /// <inheritdoc/>
    public override string Fingerprint => BootstrapFingerprint.Of(fit);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names => statistic.Names;

    /// <inheritdoc/>
    public override IReadOnlyList<double> Estimates => statistic.Estimates;

    private bool IsReml => fit.Criterion == EstimationCriterion.Reml;

    /// <inheritdoc/>
    public override long BytesOfOne => data.Data.Terms.Count == 0 ? 0 : BlockPlan.For(data.Data).Bytes;

    /// <inheritdoc/>
    public override BootstrapReplicate Make(ulong seed, int replicate, CancellationToken cancellationToken)
    {
        var response = new double[simulator.Rows];
        simulator.Draw(seed, replicate, response);
        var numbers = data.WithResponse(WithoutOffset(response));
        if (numbers.IsExactFit) return BootstrapReplicate.Failed("The fixed effects reproduce the drawn response exactly.");
        if (fit.Marginal?.Residual.Scales.Any(scale => scale.IsFitted) == true) return ToItsOwnFittedValues(response, cancellationToken);

        var problem = Problem(numbers);
        var scores = BootstrapScores.Of(problem, fit.Optimum);
        var optimum = problem.Minimize(start, cancellationToken);
        var made = optimum.Proved && double.IsFinite(optimum.Value)
            ? new BootstrapReplicate(statistic.Of(problem, optimum, response), scores, null)
            : BootstrapReplicate.NotProved(optimum.Evaluations);
        if (statistic.AllowsReuse) idle.Add(problem);
        return made;
    }

    /// <summary>A variance function of the fitted values has its own fixed point for every response; there are no scores of it.</summary>
    private BootstrapReplicate ToItsOwnFittedValues(double[] response, CancellationToken cancellationToken)
    {
        var refit = fit.Model.Fit(fit.Design.WithResponse(response), start: null, cancellationToken);
        return refit.Convergence.Converged ? new(statistic.Of(refit), [], null) : BootstrapReplicate.NotProved(refit.Optimum.Evaluations);
    }

    /// <summary>A problem that another replicate left, with this response; or one of its own, on one thread, as replicates share the processors.</summary>
    private CriterionProblem Problem(StandardizedData numbers)
    {
        if (!statistic.AllowsReuse) return CriterionProblem.For(numbers, fit.Marginal?.Residual, IsReml, threads: 1);
        if (!idle.TryTake(out var problem)) problem = CriterionProblem.For(data, fit.Marginal?.Residual, IsReml, threads: 1);
        problem.ReplaceResponse(numbers);
        return problem;
    }

    private double[] WithoutOffset(double[] response)
    {
        if (fit.Design.Offset.IsEmpty) return response;
        var rest = (double[])response.Clone();
        LinearAlgebra.Vectors.AddScaled(-1, fit.Design.Offset.Span, rest);
        return rest;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var problem in idle) problem.Dispose();
    }
}

using System.Collections.Concurrent;
using MixedModels.Estimation.Generalized;
using MixedModels.Estimation.Storage;
using MixedModels.Inference.Generalized;
using MixedModels.Simulation;

namespace MixedModels.Inference.Bootstrap;

/// <summary>
/// Draws from a generalized mixed model and refits of it, each started from the fit's estimates. X, Z and the storage of a thread serve all its
/// replicates. The scores are the gradient of the deviance at the fit's parameters: the first evaluation of the refit.
/// </summary>
internal sealed class GeneralizedReplicates : BootstrapReplicates
{
    private readonly GeneralizedMixedModelFit fit;
    private readonly ConcurrentBag<GeneralizedProblem> idle = [];
    private readonly ParameterList list;
    private readonly GeneralizedSimulator simulator;
    private readonly double[] start;
    private readonly Func<GeneralizedMixedModelFit, double[]>? statistic;

    /// <summary>Of all parameters of a fit.</summary>
    public GeneralizedReplicates(GeneralizedMixedModelFit fit)
    {
        (this.fit, list) = (fit, new(fit.Design, fit.Family));
        simulator = fit.Simulator(isConditional: false);
        var problem = fit.Model.Problem(fit.Design);
        BytesOfOne = fit.Design.RandomTerms.Count == 0 ? 0 : BlockPlan.For(problem.Data.Data).Bytes;
        start = VanishedVariances.Enliven(fit.Optimum.Phi, VanishedVariances.DiagonalEntries(problem.Deviance.Layout), 1);
        Names = list.Names;
        Estimates = problem.Values(list, problem.Deviance.Layout, fit.Optimum.Phi);
        idle.Add(problem);
    }

    /// <summary>Of anything a caller computes from a fit.</summary>
    public GeneralizedReplicates(GeneralizedMixedModelFit fit, IReadOnlyList<string> names, Func<GeneralizedMixedModelFit, double[]> statistic)
        : this(fit)
    {
        this.statistic = statistic;
        Names = [.. names];
        Estimates = Checked(statistic(fit));
    }

    /// <inheritdoc/>
    public override string Fingerprint => BootstrapFingerprint.Of(fit);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Estimates { get; }

    /// <inheritdoc/>
    public override long BytesOfOne { get; }

    /// <inheritdoc/>
    public override BootstrapReplicate Make(ulong seed, int replicate, CancellationToken cancellationToken)
    {
        var response = new double[fit.Observations];
        simulator.Draw(seed, replicate, response);

        // A fit keeps its storage, so a caller's statistic gets one of its own.
        if (statistic is not null || !idle.TryTake(out var problem)) problem = fit.Model.Problem(fit.Design);
        problem.ReplaceResponse(response);
        var (value, scores) = problem.Deviance.Slope(fit.Optimum.Phi);
        if (!double.IsFinite(value)) return BootstrapReplicate.Failed("The likelihood of the drawn response is not defined at the fit's parameters.");
        var optimum = GeneralizedOptimizer.Minimize(problem.Deviance, start, cancellationToken);
        var separated = optimum is null ? [] : SeparatedBy(problem, optimum, response);
        var made = separated.Count > 0 ? BootstrapReplicate.Separated(separated)
            : optimum is { Proved: true } && double.IsFinite(optimum.Value)
            ? new BootstrapReplicate(Numbers(problem, optimum, response), scores, null)
            : BootstrapReplicate.NotProved(optimum?.Evaluations ?? 0);
        if (statistic is null) idle.Add(problem);
        return made;
    }

    /// <summary>The coefficients that run to infinity in a refit.</summary>
    private IReadOnlyList<string> SeparatedBy(GeneralizedProblem problem, GeneralizedOptimum optimum, double[] response)
    {
        if (!fit.Family.IsDiscrete) return [];
        var values = problem.Values(list, problem.Deviance.Layout, optimum.Phi);
        problem.Deviance.Value(optimum.Phi);
        return Separation.Columns(fit.Design, fit.Family, response, problem.Deviance.Mode.Eta, values.AsSpan(0, fit.Design.Fixed.ColumnNames.Count));
    }

    /// <inheritdoc/>
    public override void Dispose() => idle.Clear();

    private double[] Numbers(GeneralizedProblem problem, GeneralizedOptimum optimum, double[] response) => statistic is null
        ? problem.Values(list, problem.Deviance.Layout, optimum.Phi)
        : Checked(statistic(new(fit.Model, fit.Design.WithResponse(response), problem.Data, problem.Deviance, optimum)));

    private double[] Checked(double[] values) => values.Length == Names.Count
        ? values
        : throw new InferenceException($"The statistic has {values.Length} values for {Names.Count} names: {string.Join(", ", Names)}.");
}

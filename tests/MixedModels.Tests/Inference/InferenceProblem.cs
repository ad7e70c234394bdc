using MixedModels.Estimation.Linear;
using MixedModels.Inference.Linear;
using MixedModels.Tests.Estimation.Linear;

namespace MixedModels.Tests.Inference;

/// <summary>A fitted random problem, as inference sees it and as the plain engine does.</summary>
internal sealed class InferenceProblem
{
    private InferenceProblem(LinearData data, bool reml)
    {
        Data = data;
        (Deviance, var standardized) = ProfiledDevianceTests.Create(data, reml);
        Optimum = LinearOptimizer.Minimize(Deviance, standardized, null, OptimizationMethod.Newton, TestContext.Current.CancellationToken);
        Estimate = new(standardized, Deviance, Optimum.Theta);
        Effects = new(null!, Estimate, Optimum.Theta);
        Dense = new(data, Estimate.Relative, Estimate.Sigma, reml);
    }

    public LinearData Data { get; }

    public DenseSmallSample Dense { get; }

    public ProfiledDeviance Deviance { get; }

    public LinearFittedEffects Effects { get; }

    public LinearEstimate Estimate { get; }

    public LinearOptimum Optimum { get; }

    /// <summary>The problem of a seed; null where its optimum is not proved, or a term of several effects is singular, which the plain engine cannot hold.</summary>
    public static InferenceProblem? Of(LinearData data, bool reml)
    {
        var problem = new InferenceProblem(data, reml);
        if (!problem.Optimum.Proved || problem.Optimum.FlatParameter >= 0) return null;
        for (var t = 0; t < data.Terms.Count; t++)
        {
            var (p, G) = (data.Terms[t].Dimension, problem.Estimate.Relative[t]);
            var T = problem.Deviance.Layout.Factors(problem.Optimum.Theta)[t];
            var rank = Enumerable.Range(0, p).Count(j => T[j * (p + 1)] > 1e-2);
            if (rank < p && !(data.Terms[t].Structure.Name == "diag" || p == 1)) return null;
            if (Enumerable.Range(0, p).Any(j => G[j * (p + 1)] > 0 && T[j * (p + 1)] <= 1e-2)) return null;
        }

        return problem;
    }
}

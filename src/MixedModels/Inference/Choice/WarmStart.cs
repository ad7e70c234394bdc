using MixedModels.Design;

namespace MixedModels.Inference.Choice;

/// <summary>Where the fit of a neighbouring model begins: at the covariances of the model at hand, for the effects both have.</summary>
internal static class WarmStart
{
    /// <summary>The covariances over a residual variance, one a term; the terms of both models stand in the same order.</summary>
    /// <param name="current">The fit of the model at hand.</param>
    /// <param name="design">The design of its neighbour.</param>
    /// <param name="variance">sigma²; 1 for covariances as they are.</param>
    public static IReadOnlyList<double[]> Of(IMixedModelFit current, ModelDesign design, double variance) =>
        [.. design.RandomTerms.Select((term, t) => Of(current.RandomTerms[t], term, variance))];

    private static double[] Of(RandomTermEstimate from, RandomTermDesign term, double variance)
    {
        var p = term.ColumnNames.Count;
        int[] source = [.. term.ColumnNames.Select(name => from.ColumnNames.ToList().IndexOf(name))];
        var G = new double[p * p];
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++)
            {
                if (source[i] >= 0 && source[j] >= 0 && (i == j || term.Structure != "diag"))
                    G[i + (j * p)] = from.Covariance[source[i], source[j]] / variance;
            }
        }

        return G;
    }
}

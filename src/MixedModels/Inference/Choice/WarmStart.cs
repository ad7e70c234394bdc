using MixedModels.Design;

namespace MixedModels.Inference.Choice;

/// <summary>Where the fit of a neighbouring model begins: at the covariances of the model at hand, for the effects both have.</summary>
internal static class WarmStart
{
    /// <summary>The covariances over sigma², one a term; the terms of both models stand in the same order.</summary>
    public static IReadOnlyList<double[]> Of(LinearMixedModelFit current, ModelDesign design) =>
        [.. design.RandomTerms.Select((term, t) => Of(current.RandomTerms[t], term, current.Sigma * current.Sigma))];

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

using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>Parameters of one problem from the covariances of an earlier fit.</summary>
internal static class StartFromFit
{
    /// <summary>A share of each effect's own scale that is added to a start without variance, from which no step could leave.</summary>
    private const double LeastVariance = 1e-3;

    /// <summary>The parameters at a fit's covariances; its random terms must be this design's.</summary>
    /// <exception cref="DataException">The terms differ.</exception>
    public static double[] Translate(LinearMixedModelFit start, ModelDesign design, StandardizedData data, ThetaLayout layout)
    {
        var own = Describe(design.RandomTerms);
        var given = Describe(start.Design.RandomTerms);
        if (own != given)
            throw new DataException($"The start has the random terms {given}; this model has {own}. Start from a fit with the same terms, or without one.");

        var theta = new double[layout.Count];
        for (var t = 0; t < layout.TermCount; t++)
        {
            var p = layout.Structure(t).Dimension;
            var G = start.RandomTerms[t].Covariance.Values.ToArray();
            Vectors.Scale(1 / (start.Sigma * start.Sigma), G);
            var standardized = Congruence(data.K[t], G, p);
            for (var i = 0; i < p; i++) standardized[i * (p + 1)] += LeastVariance;
            layout.Structure(t).FromCovariance(standardized, layout.Slice(theta.AsSpan(), t));
        }

        return theta;
    }

    private static string Describe(IReadOnlyList<RandomTermDesign> terms) =>
        string.Join(" + ", terms.Select(term => $"{term.Structure}({string.Join(" + ", term.ColumnNames)} | {term.Group})"));

    /// <summary>K G K'.</summary>
    private static double[] Congruence(double[] K, double[] G, int p)
    {
        var half = new double[p * p];
        Product.Add(1, K, p, false, G, p, false, half, p, p, p, p);
        var result = new double[p * p];
        Product.Add(1, half, p, false, K, p, true, result, p, p, p, p);
        return result;
    }
}

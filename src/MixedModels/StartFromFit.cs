using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>Parameters of one problem from the covariances of an earlier fit.</summary>
internal static class StartFromFit
{
    /// <summary>The parameters at a fit's covariances; its random terms must be this design's.</summary>
    /// <exception cref="DataException">The terms differ.</exception>
    public static double[] Translate(LinearMixedModelFit start, ModelDesign design, StandardizedData data, ThetaLayout layout)
    {
        RequireSameTerms(start.Design, design);
        return StartValues.FromCovariances([.. start.RandomTerms.Select(term => Relative(term, start.Sigma > 0 ? start.Sigma / (start.Marginal?.SigmaFactor ?? 1) : data.Scale))], data, layout);
    }

    private static double[] Relative(RandomTermEstimate term, double sigma)
    {
        var G = term.Covariance.Values.ToArray();
        Vectors.Scale(1 / (sigma * sigma), G);
        return G;
    }

    private static void RequireSameTerms(ModelDesign start, ModelDesign design)
    {
        var same = start.RandomTerms.Count == design.RandomTerms.Count;
        var t = 0;
        while (same && t < design.RandomTerms.Count) same = AreSame(start.RandomTerms[t], design.RandomTerms[t++]);
        if (same) return;

        var (given, own) = (Describe(start), Describe(design));
        throw new DataException(given != own
            ? $"The start has {given}; this model has {own}. Start from a fit with the same random terms in the same order, or without one."
            : $"The start has in {design.Formula.RandomTerms[t - 1].Text} the effects {Effects(start, t - 1)}; this model has there {Effects(design, t - 1)}. "
                + "Start from a fit with the same levels and codings of its factors, or without one.");
    }

    private static bool AreSame(RandomTermDesign first, RandomTermDesign second) => first.Structure == second.Structure
        && first.Group == second.Group
        && first.ColumnNames.SequenceEqual(second.ColumnNames, StringComparer.Ordinal);

    private static string Describe(ModelDesign design) => design.RandomTerms.Count == 0
        ? "no random terms"
        : "the random terms " + string.Join(" + ", design.Formula.RandomTerms.Select(term => term.Text));

    private static string Effects(ModelDesign design, int term) => string.Join(", ", design.RandomTerms[term].ColumnNames);
}

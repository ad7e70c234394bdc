using MixedModels.Numerics;

namespace MixedModels.Inference.Means;

/// <summary>Looks whether correlations are those of one common factor, ρ_ij = λ_i λ_j.</summary>
internal static class CommonFactor
{
    /// <summary>Correlations computed from p products agree to this; a true difference as small would not show in a p-value.</summary>
    private const double Agreement = 1e-9;

    /// <summary>The loadings λ; null where there are none, or one is so near ±1 that the integral is not smooth.</summary>
    /// <param name="R">K×K correlations.</param>
    /// <param name="K">At least 1.</param>
    public static double[]? Find(double[] R, int K)
    {
        double Correlation(int i, int j) => R[i + (j * K)];
        var pairs = Enumerable.Range(0, K).SelectMany(i => Enumerable.Range(0, i).Select(j => (i, j))).ToArray();
        if (Array.TrueForAll(pairs, pair => Math.Abs(Correlation(pair.i, pair.j)) <= Agreement)) return new double[K];

        // λ_i² = ρ_ij ρ_ik / ρ_jk; for two, or where a third has no part in it, any split of ρ will do.
        var (first, second) = pairs.MaxBy(pair => Math.Abs(Correlation(pair.i, pair.j)));
        var square = Math.Abs(Correlation(first, second));
        if (K > 2)
        {
            var third = Enumerable.Range(0, K).Where(k => k != first && k != second).MaxBy(k => Math.Abs(Correlation(first, k) * Correlation(second, k)));
            var share = Correlation(first, third) / Correlation(second, third);
            if (double.IsFinite(share) && share != 0) square = Correlation(first, second) * share;
        }

        if (!(square > 0 && square <= OneFactorModulus.LargestLoading * OneFactorModulus.LargestLoading)) return null;
        var loadings = new double[K];
        loadings[first] = Math.Sqrt(square);
        for (var k = 0; k < K; k++)
        {
            if (k != first) loadings[k] = Correlation(first, k) / loadings[first];
        }

        return Array.TrueForAll(loadings, loading => Math.Abs(loading) <= OneFactorModulus.LargestLoading)
            && Array.TrueForAll(pairs, pair => Math.Abs(Correlation(pair.i, pair.j) - (loadings[pair.i] * loadings[pair.j])) <= Agreement)
            ? loadings
            : null;
    }
}

using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary>Correlations that depend on the lag alone.</summary>
internal static class Lags
{
    /// <summary>The matrix over the sites.</summary>
    /// <param name="sites">The sites.</param>
    /// <param name="byLag">The correlation at lag 0, 1, ….</param>
    public static Jet[] Spread(ResidualSites sites, Jet[] byLag)
    {
        var R = new Jet[sites.Count * (sites.Count + 1) / 2];
        for (var a = 0; a < sites.Count; a++)
        {
            for (var b = 0; b <= a; b++) R[Jet.Pair(a, b)] = byLag[sites.Lag(a, b)];
        }

        return R;
    }

    /// <summary>Coefficients of a stationary autoregression from its partial autocorrelations, by the Levinson–Durbin recursion.</summary>
    /// <remarks>Barndorff-Nielsen and Schou 1973, J. Multivariate Analysis 3, 408–419: any partial autocorrelations in (−1, 1) will do.</remarks>
    public static Jet[] Coefficients(IReadOnlyList<Jet> partial)
    {
        Jet[] coefficients = [];
        for (var k = 0; k < partial.Count; k++) coefficients = Extend(coefficients, partial[k]);
        return coefficients;
    }

    /// <summary>One step of the recursion: the coefficients of the next order.</summary>
    public static Jet[] Extend(Jet[] coefficients, Jet partial)
    {
        var k = coefficients.Length;
        var next = new Jet[k + 1];
        for (var j = 0; j < k; j++) next[j] = coefficients[j] - (partial * coefficients[k - 1 - j]);
        next[k] = partial;
        return next;
    }

    /// <summary>Moment correlations averaged over the pairs at each lag; NaN where there are none.</summary>
    public static double[] Averages(ResidualSites sites, double[] moments)
    {
        var v = sites.Count;
        var (sums, counts) = (new double[sites.Span + 1], new int[sites.Span + 1]);
        for (var a = 0; a < v; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                var r = moments[a + (b * v)] / Math.Sqrt(moments[a * (v + 1)] * moments[b * (v + 1)]);
                if (double.IsNaN(r)) continue;
                sums[sites.Lag(a, b)] += r;
                counts[sites.Lag(a, b)]++;
            }
        }

        return [.. sums.Select((sum, lag) => sum / counts[lag])];
    }
}

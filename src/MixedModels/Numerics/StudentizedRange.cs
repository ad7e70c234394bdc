namespace MixedModels.Numerics;

/// <summary>The studentized range: the range of k independent normal variables over an independent estimate of their scale.</summary>
/// <remarks>
/// Source: Harter 1960, Tables of range and studentized range, Annals of Mathematical Statistics 31, 1122–1147, eqs. 2.1 and 2.6. The
/// tail is computed as a tail, 1 − W(w) = k ∫ φ(z) [Φ(z)^(k−1) − (Φ(z) − Φ(z − w))^(k−1)] dz, with z the largest of the k; all terms are
/// positive. Both integrals are by the trapezoidal rule, see <see cref="ScaleMixture"/>.
/// </remarks>
internal static class StudentizedRange
{
    /// <summary>The integrand is no narrower than the density of the largest of k: 0.2 is exact to rounding up to k in the millions.</summary>
    private const double Step = 0.2;

    /// <summary>Beyond so many standard deviations from its centre the integrand adds nothing.</summary>
    private const double Reach = 9;

    /// <summary>P(Q ≥ q).</summary>
    /// <param name="q">Where; not negative.</param>
    /// <param name="k">The number of means, at least 2.</param>
    /// <param name="df">Degrees of freedom of the scale; infinity where it is known.</param>
    public static double Upper(double q, int k, double df)
    {
        if (double.IsNaN(q)) return double.NaN;
        if (q <= 0) return 1;
        if (double.IsPositiveInfinity(q)) return 0;
        return ScaleMixture.Mean(w => UpperOfRange(w, k), q, df);
    }

    /// <summary>The q with P(Q ≥ q) = p.</summary>
    public static double Quantile(double p, int k, double df) =>
        p > 0 && p < 1 && df > 0 ? TailQuantile.Find(q => Upper(q, k, df), p, 4, 1e-11) : double.NaN;

    private static double UpperOfRange(double w, int k)
    {
        var last = Math.Max(Reach, (w / 2) + Reach);
        var sum = 0.0;
        for (var z = -Reach; z <= last; z += Step)
        {
            var all = NormalDistribution.Lower(z);
            var outside = NormalDistribution.Lower(z - w);
            var share = -NearZero.ExpMinusOne((k - 1) * NearZero.LogOnePlus(-Math.Min(1, outside / all)));
            sum += NormalDistribution.Density(z) * Math.Pow(all, k - 1) * share;
        }

        return Math.Min(1, k * Step * sum);
    }
}

namespace MixedModels.Numerics;

/// <summary>
/// The largest |T_i| of a multivariate t whose correlations are those of one common factor, ρ_ij = λ_i λ_j: exact by one-dimensional
/// integrals. Comparisons of independent means with one control are of this kind.
/// </summary>
/// <remarks>
/// Source: Dunnett 1955, A multiple comparison procedure for comparing several treatments with a control, JASA 50, section 3; Hochberg and
/// Tamhane 1987, Multiple Comparison Procedures, appendix 3, eq. 1.1a. Given the factor z the T_i are independent, so that
/// P(max ≥ c) = ∫ φ(z) [1 − Π (1 − a_i(z))] dz with a_i the two tails of T_i given z; all terms are positive.
/// </remarks>
internal static class OneFactorModulus
{
    /// <summary>A loading nearer to ±1 leaves the rest so little room that the integrand has a step; the general method takes these.</summary>
    public const double LargestLoading = 0.9995;

    private const double Reach = 9;

    /// <summary>The step in units of the narrowest feature of the integrand: exact to about 1e-13.</summary>
    private const double StepShare = 0.35;

    /// <summary>P(max |T_i| ≥ c).</summary>
    /// <param name="c">Where; not negative.</param>
    /// <param name="loadings">λ_i, none beyond <see cref="LargestLoading"/> in size.</param>
    /// <param name="df">Degrees of freedom; infinity for the normal distribution.</param>
    public static double Upper(double c, double[] loadings, double df)
    {
        if (double.IsNaN(c)) return double.NaN;
        if (c <= 0) return 1;
        var rests = Array.ConvertAll(loadings, loading => Math.Sqrt((1 - loading) * (1 + loading)));
        var steepest = loadings.Zip(rests, (loading, rest) => rest / Math.Max(Math.Abs(loading), rest)).Min();
        return ScaleMixture.Mean(s => UpperGivenScale(s, loadings, rests, StepShare * steepest), c, df);
    }

    private static double UpperGivenScale(double c, double[] loadings, double[] rests, double step)
    {
        // Where c is large the mass lies near z = ±λc.
        var last = Math.Max(Reach, c + Reach);
        var sum = 0.0;
        for (var z = 0.0; z <= last; z += step)
        {
            var inside = 0.0;
            for (var i = 0; i < loadings.Length; i++)
            {
                var (shift, rest) = (loadings[i] * z, rests[i]);
                var outside = NormalDistribution.Lower((shift - c) / rest) + NormalDistribution.Lower((-shift - c) / rest);
                inside += NearZero.LogOnePlus(-Math.Min(1, outside));
            }

            // The integrand is even in z.
            sum += (z == 0 ? 1 : 2) * NormalDistribution.Density(z) * -NearZero.ExpMinusOne(inside);
        }

        return Math.Min(1, step * sum);
    }
}

namespace MixedModels.Numerics;

/// <summary>Upper tails of the distributions that tests refer to, computed as tails, so that 1e-30 has as many digits as 0.05.</summary>
/// <remarks>Infinite degrees of freedom give the normal and chi-square limits; NaN goes in and comes out.</remarks>
internal static class TailProbability
{
    /// <summary>Beyond so many degrees of freedom the limit is exact to rounding for any probability above 1e-300.</summary>
    private const double Many = 1e20;

    /// <summary>P(|T| ≥ |t|) of Student's t.</summary>
    public static double StudentTwoSided(double t, double df)
    {
        if (!(df > 0)) return double.NaN;
        if (df >= Many) return NormalTwoSided(t);
        var square = t * t;
        if (double.IsPositiveInfinity(square)) return 0;
        return IncompleteBeta.Regularized(df / (df + square), square / (df + square), df / 2, 0.5);
    }

    /// <summary>P(|Z| ≥ |z|) of the standard normal.</summary>
    public static double NormalTwoSided(double z) => IncompleteGamma.Upper(0.5, z * z / 2);

    /// <summary>P(F ≥ f) of Fisher's F.</summary>
    public static double F(double f, double numeratorDf, double denominatorDf)
    {
        if (!(denominatorDf > 0)) return double.NaN;
        if (denominatorDf >= Many) return ChiSquared(f * numeratorDf, numeratorDf);
        if (double.IsPositiveInfinity(f)) return 0;
        var sum = denominatorDf + (numeratorDf * f);
        return IncompleteBeta.Regularized(denominatorDf / sum, numeratorDf * f / sum, denominatorDf / 2, numeratorDf / 2);
    }

    /// <summary>P(X ≥ x) of chi-square.</summary>
    public static double ChiSquared(double x, double df) => IncompleteGamma.Upper(df / 2, x / 2);

    /// <summary>The t ≥ 0 with P(|T| ≥ t) = p.</summary>
    /// <param name="p">In (0, 1).</param>
    /// <param name="df">Positive; infinity gives the normal quantile.</param>
    public static double StudentQuantile(double p, double df)
    {
        if (!(p > 0 && p < 1 && df > 0)) return double.NaN;
        return TailQuantile.Find(t => StudentTwoSided(t, df), p, 1, 2e-16);
    }
}

namespace MixedModels.Families.Links;

/// <summary><c>cloglog</c>: mu = 1 − exp(−exp(eta)).</summary>
internal sealed class CloglogLink : Link
{
    /// <summary>Below this exp(eta) is so small that log(1 − exp(−e)) = eta − e/2 to rounding.</summary>
    private const double Tiny = 1e-8;

    /// <inheritdoc/>
    public override string Name => "cloglog";

    /// <inheritdoc/>
    public override double Predictor(double mu) => Math.Log(-Math.Log(1 - mu));

    /// <inheritdoc/>
    public override Taylor Mean(double eta)
    {
        var e = Math.Exp(eta);
        var slope = e * Math.Exp(-e);
        return new(OneMinusExp(e), slope, slope * (1 - e), slope * (1 - (3 * e) + (e * e)));
    }

    /// <inheritdoc/>
    public override Taylor LogMean(double eta)
    {
        // With e = exp(eta): (log mu)' = k(e) = e/(exp(e) − 1), and k' = k(1 − e − k) along eta.
        var e = Math.Exp(eta);
        if (e < Tiny) return new(eta - (0.5 * e), 1 - (0.5 * e), -0.5 * e, -0.5 * e);
        var mu = OneMinusExp(e);
        var k = e > 700 ? 0 : e * Math.Exp(-e) / mu;
        var rate = 1 - e - k;
        if (k == 0) return new(Math.Log(mu), 0, 0, 0);

        // 1 − e − k = −e/2 − e²/12 + e⁴/720 − … near 0, where the difference cancels.
        if (e < 0.01) rate = -e * (0.5 + (e * ((1.0 / 12) - (e * e / 720))));
        var second = k * rate;
        return new(Math.Log(mu), k, second, (second * rate) + (k * (-e - second)));
    }

    /// <inheritdoc/>
    public override Taylor LogComplement(double eta)
    {
        var e = Math.Exp(eta);
        return new(-e, -e, -e, -e);
    }

    /// <summary>1 − exp(−e) for e ≥ 0, with digits near 0.</summary>
    private static double OneMinusExp(double e)
    {
        // Kahan: with u = exp(−e), (1 − u)·e/(−log u) divides the rounding of u out.
        var u = Math.Exp(-e);
        if (u == 1) return e;
        return u < 0.5 ? 1 - u : (1 - u) * e / -Math.Log(u);
    }
}

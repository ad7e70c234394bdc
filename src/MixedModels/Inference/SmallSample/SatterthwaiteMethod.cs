using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.SmallSample;

/// <summary>
/// <c>satterthwaite</c>: f = c'Cov(beta)c has, at the estimated variances, the delta-method variance g'Cov(theta, sigma)g; the
/// chi-square with the same first two moments has 2f²/(g'Cov g) degrees of freedom.
/// </summary>
/// <remarks>
/// Sources: Satterthwaite 1946, An Approximate Distribution of Estimates of Variance Components, Biometrics Bulletin 2, eq. 17;
/// Giesbrecht and Burns 1985, Biometrics 41, section 3; for several functions Fai and Cornelius 1996, J. Stat. Comput. Simul. 54, section 2.2.
/// </remarks>
internal sealed class SatterthwaiteMethod(IFittedEffects fit) : SmallSampleMethod(fit)
{
    /// <summary>Degrees of freedom that agree to this are one number, and the formula for several, a difference of near-equals, is not needed.</summary>
    private const double Equal = 1e-8;

    private readonly VarianceInformation variances = fit.Variances();

    /// <inheritdoc/>
    public override IReadOnlyList<Finding> Findings => MethodFindings.For("Satterthwaite's", variances.IsDefinite, variances.HeldParameters);

    /// <inheritdoc/>
    public override double Df(ContrastRows c)
    {
        if (!variances.IsDefinite) return double.NaN;
        var k = variances.Gradients.Count;
        var g = new double[k];
        for (var i = 0; i < k; i++) g[i] = c.QuadraticForm(variances.Gradients[i])[0];
        var spread = 0.0;
        for (var j = 0; j < k; j++) spread += g[j] * Vectors.Dot(variances.Covariance.AsSpan(j * k, k), g);
        var f = Variance(c);
        return 2 * f * f / spread;
    }

    /// <summary>The functions are turned so that they are uncorrelated; each has its own degrees of freedom, and F those that match the mean.</summary>
    protected override double JointDf(ContrastRows L, double[] S)
    {
        var vectors = (double[])S.Clone();
        if (!SymmetricEigen.Decompose(vectors, L.Count, L.Count, new double[L.Count])) return double.NaN;
        var turned = L.Combine(vectors, L.Count);
        var dfs = Enumerable.Range(0, L.Count).Select(i => Df(turned.Row(i))).ToArray();
        if (dfs.Max() - dfs.Min() < Equal * dfs.Max()) return dfs.Average();

        // E has no finite value once a row has 2 or fewer; lmerTest then gives the least that F's mean allows.
        if (!dfs.All(df => df > 2)) return dfs.Any(double.IsNaN) ? double.NaN : 2;
        var E = dfs.Sum(df => df / (df - 2));
        return 2 * E / (E - L.Count);
    }
}

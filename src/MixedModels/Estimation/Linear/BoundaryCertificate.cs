using MixedModels.Covariance;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// The Karush–Kuhn–Tucker conditions of a minimum over covariance matrices, checked on each structure's own cone: no direction of
/// variance that is absent may lower the deviance. The gradient in T cannot see this, as it vanishes with T.
/// </summary>
internal static class BoundaryCertificate
{
    /// <summary>A direction counts as violated when adding variance along it promises at least this decrease of the deviance.</summary>
    private const double LeastGain = 1e-7;

    /// <summary>The relative size of the variance a restart adds, against what makes between- and within-level variation equal.</summary>
    private const double RestartShare = 0.02;

    /// <summary>&lt;B, D&gt; below this share of B's largest diagonal entry is rounding: along D there are no data.</summary>
    private const double RoundingShare = 1e-13;

    /// <summary>The least eigenvalue of Gamma over the terms' cones, scaled so that −1 would be as steep as B's own diagonal.</summary>
    /// <param name="deviance">The deviance.</param>
    /// <param name="optimum">The parameters there.</param>
    /// <param name="restart">Equal to the optimum; where a cone is violated, the parameters to restart from are written here.</param>
    /// <param name="violated">Whether a restart is due.</param>
    public static double Check(ProfiledDeviance deviance, ReadOnlySpan<double> optimum, double[] restart, out bool violated)
    {
        violated = false;
        deviance.Value(optimum, covariancesSuffice: true);
        var derivatives = deviance.Derivatives(optimum);
        var least = double.PositiveInfinity;
        for (var t = 0; t < deviance.Layout.TermCount; t++)
        {
            var structure = deviance.Layout.Structure(t);
            var B = new double[structure.Dimension * structure.Dimension];
            derivatives.SumDiagonalBlocks(t, B);
            var (own, isViolated) = CheckTerm(
                structure, deviance.Layout.Slice(optimum, t), derivatives.Gamma(t), B, deviance.System.Terms[t].LevelCount, deviance.Layout.Slice(restart.AsSpan(), t));
            least = Math.Min(least, own);
            violated |= isViolated;
        }

        return least;
    }

    /// <summary>The condition of one term, whatever the model class.</summary>
    /// <param name="structure">Its structure.</param>
    /// <param name="theta">Its parameters.</param>
    /// <param name="Gamma">The derivative of the deviance in its G.</param>
    /// <param name="B">The sum over its levels of the diagonal blocks of Z'V0⁻¹Z, or of what stands in its place.</param>
    /// <param name="levels">Its levels.</param>
    /// <param name="restart">Equal to theta; where the cone is violated, the parameters to restart from are written here.</param>
    public static (double Least, bool Violated) CheckTerm(
        CovarianceStructure structure, ReadOnlySpan<double> theta, ReadOnlySpan<double> Gamma, double[] B, int levels, Span<double> restart)
    {
        var p = structure.Dimension;
        var D = new double[p * p];
        var eigenvalue = structure.ConeEigenvalue(theta, Gamma, D);
        var scale = Size(B, D, p);

        // A column of zeros, or a combination of columns that is zero: the deviance does not depend on its variance.
        if (!(scale > RoundingShare * Largest(B, p))) return (0, false);

        // Along G + eps·D the deviance falls by about eigenvalue²/(2h), with h ≈ Σ_l <B_l, D>² ≥ scale²/levels.
        var gain = eigenvalue * eigenvalue * levels / (2 * scale * scale);
        if (eigenvalue >= 0 || gain < LeastGain) return (eigenvalue / scale, false);
        structure.Leave(theta, Gamma, D, RestartShare * levels / scale, restart);
        return (eigenvalue / scale, true);
    }

    private static double Largest(double[] B, int p)
    {
        var largest = 0.0;
        for (var i = 0; i < p; i++) largest = Math.Max(largest, B[i * (p + 1)]);
        return largest;
    }

    /// <summary>&lt;B, D&gt; where D adds variance; of a direction that only moves correlations, the sum of the sizes.</summary>
    private static double Size(double[] B, double[] D, int p)
    {
        var trace = 0.0;
        for (var i = 0; i < p; i++) trace += D[i * (p + 1)];
        if (trace > 0) return Vectors.Dot(B, D);
        var sum = 0.0;
        for (var i = 0; i < D.Length; i++) sum += Math.Abs(B[i] * D[i]);
        return sum;
    }
}

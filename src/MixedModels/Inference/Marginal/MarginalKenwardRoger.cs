using MixedModels.Estimation.Marginal;
using MixedModels.Inference.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Marginal;

/// <summary>
/// Kenward and Roger's matrices of a model with dependent or unequal residuals. Parameters: log sigma² and those of V that move it; the term in second
/// derivatives of V, absent where V is linear, is taken in the natural parameters, which are SAS's.
/// </summary>
/// <remarks>
/// With E_0 = I along log sigma²: P_i = −H_i/sigma², Q_ij = U'E_iE_jU/sigma², information ½ tr P V_i P V_j with tr PV = n − p and tr PVPV_k = tr PV_k.
/// In natural parameters omega(psi) with Jacobian J, Σ W_ij ∂²V/∂omega_i∂omega_j = Σ W_ab ∂²V/∂psi_a∂psi_b + Σ c_m ∂V/∂psi_m,
/// c = −J⁻¹t, t_q = Σ W_ab ∂²omega_q/∂psi_a∂psi_b, W on the right being the psi's (differentiate omega(psi(omega)) = omega twice).
/// </remarks>
internal static class MarginalKenwardRoger
{
    /// <summary>The pieces at a deviance's last evaluation.</summary>
    /// <param name="deviance">The deviance.</param>
    /// <param name="psi">Its parameters.</param>
    /// <param name="variance">sigma², in the response's unit squared.</param>
    /// <param name="observed">Whether W is from the observed information.</param>
    public static KenwardRogerPieces Of(MarginalDeviance deviance, double[] psi, double variance, bool observed)
    {
        var pieces = deviance.Pieces(psi, wantsProducts: true);
        int[] active = [.. Enumerable.Range(0, pieces.Count).Where(k => pieces.TraceEE[k * (pieces.Count + 1)] > 0)];
        var (p, r) = (deviance.beta.Length, active.Length + 1);
        var H = new double[r][];
        H[0] = Identity(p);
        for (var i = 1; i < r; i++) H[i] = Inner(pieces.H[active[i - 1]], p);
        var Q = new double[r * r][];
        for (var j = 0; j < r; j++)
        {
            for (var i = 0; i < r; i++)
                Q[i + (j * r)] = Scaled(i == 0 ? H[j] : j == 0 ? H[i] : pieces.Products[active[i - 1] + (active[j - 1] * pieces.Count)], 1 / variance);
        }

        var expected = Expected(deviance, pieces, active, p);
        var information = observed ? Observed(deviance, pieces, active) : expected;
        double[] sizes = [.. Enumerable.Range(0, r).Select(i => expected[i * (r + 1)])];
        var W = InformationInverse.Of(information, sizes, out var isDefinite);
        double[][] P = [.. H.Select(matrix => Scaled(matrix, -1 / variance))];
        return new(variance, P, Q, W, isDefinite, pieces.Count - active.Length) { Curvature = Curvature(deviance, psi, active, W, H, variance) };
    }

    private static double[] Expected(MarginalDeviance deviance, MarginalPieces pieces, int[] active, int p)
    {
        var r = active.Length + 1;
        var information = new double[r * r];
        information[0] = 0.5 * (deviance.Observations - p);
        for (var i = 1; i < r; i++)
        {
            information[i] = information[i * r] = 0.5 * pieces.RestrictedSlope(active[i - 1]);
            for (var j = 1; j < r; j++) information[i + (j * r)] = 0.5 * pieces.Trace(active[i - 1], active[j - 1]);
        }

        return information;
    }

    /// <summary>Half the Hessian of the criterion in log sigma² and psi.</summary>
    private static double[] Observed(MarginalDeviance deviance, MarginalPieces pieces, int[] active)
    {
        var (r, s2) = (active.Length + 1, deviance.r2 / deviance.nu);
        var information = new double[r * r];
        information[0] = 0.5 * deviance.nu;
        for (var i = 1; i < r; i++)
        {
            information[i] = information[i * r] = 0.5 * pieces.b(active[i - 1]) / s2;
            for (var j = 1; j < r; j++) information[i + (j * r)] = 0.5 * pieces.Unprofiled(active[i - 1], active[j - 1]);
        }

        return information;
    }

    /// <summary>Σ W_ij X'V⁻¹ ∂²V/∂omega_i∂omega_j V⁻¹X, p×p.</summary>
    private static double[] Curvature(MarginalDeviance deviance, double[] psi, int[] active, double[] W, double[][] H, double variance)
    {
        var r = active.Length + 1;
        var all = new double[psi.Length * psi.Length];
        for (var i = 1; i < r; i++)
        {
            for (var j = 1; j < r; j++) all[active[i - 1] + (active[j - 1] * psi.Length)] = W[i + (j * r)];
        }

        var sum = deviance.SecondSandwich(psi, all);
        Vectors.AddScaled(W[0], H[0], sum);
        for (var i = 1; i < r; i++) Vectors.AddScaled(2 * W[i], H[i], sum);
        var c = Turning(NaturalParameters.Of(deviance, psi, active), W, r);
        for (var i = 0; i < r; i++) Vectors.AddScaled(c[i], H[i], sum);
        return Scaled(sum, 1 / variance);
    }

    /// <summary>c = −J⁻¹t.</summary>
    private static double[] Turning(Numerics.Jet[] omega, double[] W, int r)
    {
        var J = new double[r * r];
        var c = new double[r];
        for (var q = 0; q < r; q++)
        {
            for (var m = 0; m < r; m++) J[q + (m * r)] = omega[q].First[m];
            for (var a = 0; omega[q].Second.Length > 0 && a < r; a++)
            {
                for (var b = 0; b < r; b++) c[q] -= W[a + (b * r)] * omega[q].Second[Numerics.Jet.Pair(Math.Max(a, b), Math.Min(a, b))];
            }
        }

        LinearSolve.InPlace(J, c, r);
        return c;
    }

    private static double[] Inner(double[] H, int p)
    {
        var inner = new double[p * p];
        for (var j = 0; j < p; j++) H.AsSpan(j * (p + 1), p).CopyTo(inner.AsSpan(j * p));
        return inner;
    }

    private static double[] Identity(int p)
    {
        var identity = new double[p * p];
        for (var j = 0; j < p; j++) identity[j * (p + 1)] = 1;
        return identity;
    }

    private static double[] Scaled(double[] A, double factor)
    {
        var scaled = (double[])A.Clone();
        Vectors.Scale(factor, scaled);
        return scaled;
    }
}

using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Linear;

/// <summary>
/// Kenward and Roger's matrices of a linear mixed model from q×p products alone. Parameters: phi_0 = sigma² and the linear ones of
/// sigma² G; V = phi_0 I + Σ phi_k Z E_kZ'.
/// </summary>
/// <remarks>
/// With GG = I ⊗ G = Σ weight_k E_k, every further inverse of V0 is taken by V0⁻¹ = I − Z GG Z'V0⁻¹, so that no n×n matrix occurs.
/// </remarks>
internal static class LinearKenwardRoger
{
    /// <summary>The pieces at a deviance's last evaluation.</summary>
    /// <param name="deviance">The deviance.</param>
    /// <param name="products">Its products along the linear directions.</param>
    /// <param name="weights">G = Σ weights·dG.</param>
    /// <param name="parameters">All covariance parameters, for the number held.</param>
    /// <param name="scale">The response's unit over the engine's.</param>
    /// <param name="observed">Whether W is from the observed information.</param>
    public static KenwardRogerPieces Pieces(
        ProfiledDeviance deviance, DirectionProducts products, IReadOnlyList<double> weights, int parameters, double scale, bool observed)
    {
        var (p, k) = (deviance.beta.Length, weights.Count);
        var r = k + 1;
        var s2 = deviance.r2 / deviance.nu;
        var U2 = new double[k][];
        for (var i = 0; i < k; i++) U2[i] = Remainder(products, weights, i);
        var N2 = Identity(p);
        for (var i = 0; i < k; i++) Vectors.AddScaled(-weights[i], products.N[i], N2);
        var N3 = (double[])N2.Clone();
        for (var i = 0; i < k; i++) Vectors.AddScaled(-weights[i], U2[i], N3);

        var P = new double[r][];
        var Q = new double[r * r][];
        for (var i = 0; i < r; i++)
        {
            P[i] = Scaled(i == 0 ? N2 : products.N[i - 1], -1 / (s2 * s2 * scale * scale));
            for (var j = 0; j < r; j++)
            {
                var middle = (i, j) switch
                {
                    (0, 0) => N3,
                    (0, _) => U2[j - 1],
                    (_, 0) => Transposed(U2[i - 1], p),
                    _ => products.Middle(i - 1, j - 1),
                };
                Q[i + (j * r)] = Scaled(middle, 1 / (s2 * s2 * s2 * scale * scale));
            }
        }

        var expected = Expected(deviance, products, weights, s2);
        var information = observed ? Observed(deviance, products, weights, s2, expected) : expected;
        var sizes = new double[r];
        for (var i = 0; i < r; i++) sizes[i] = expected[i * (r + 1)];
        var W = InformationInverse.Of(information, sizes, out var isDefinite);
        return new(s2 * scale * scale, P, Q, W, isDefinite, parameters - k);
    }

    /// <summary>U2'E_kY with U2 = Y − B GG Y: p×p.</summary>
    private static double[] Remainder(DirectionProducts products, IReadOnlyList<double> weights, int k)
    {
        var result = (double[])products.N[k].Clone();
        for (var l = 0; l < weights.Count; l++) Vectors.AddScaled(-weights[l], products.Middle(l, k), result);
        return result;
    }

    /// <summary>½ tr(P V_iP V_j): half the traces of BP, twice reduced for phi_0.</summary>
    private static double[] Expected(ProfiledDeviance deviance, DirectionProducts products, IReadOnlyList<double> weights, double s2)
    {
        var k = weights.Count;
        var r = k + 1;
        var information = new double[r * r];
        double trP = deviance.Observations - deviance.beta.Length;
        for (var i = 0; i < k; i++) trP -= weights[i] * products.RestrictedTrace(i);
        var trPP = trP;
        for (var i = 0; i < k; i++)
        {
            var reduced = products.RestrictedTrace(i);
            for (var j = 0; j < k; j++)
            {
                reduced -= weights[j] * products.RestrictedTrace(i, j);
                information[i + 1 + ((j + 1) * r)] = products.RestrictedTrace(i, j) / (2 * s2 * s2);
            }

            information[(i + 1) * r] = information[i + 1] = reduced / (2 * s2 * s2);
            trPP -= weights[i] * reduced;
        }

        information[0] = trPP / (2 * s2 * s2);
        return information;
    }

    /// <summary>y'P V_iP V_jP y − ½ tr(P V_iP V_j), half the Hessian of the criterion.</summary>
    private static double[] Observed(
        ProfiledDeviance deviance, DirectionProducts products, IReadOnlyList<double> weights, double s2, double[] expected)
    {
        var k = weights.Count;
        var r = k + 1;
        var observed = new double[r * r];
        var reducedTwice = deviance.r2;
        for (var i = 0; i < k; i++) reducedTwice -= weights[i] * products.b[i];
        for (var i = 0; i < k; i++)
        {
            var reduced = products.b[i];
            for (var j = 0; j < k; j++)
            {
                reduced -= weights[j] * products.Quadratic[j + (i * k)];
                observed[i + 1 + ((j + 1) * r)] = products.Quadratic[i + (j * k)];
            }

            observed[(i + 1) * r] = observed[i + 1] = reduced;
            reducedTwice -= weights[i] * reduced;
        }

        observed[0] = reducedTwice;
        for (var i = 0; i < observed.Length; i++) observed[i] = (observed[i] / (s2 * s2 * s2)) - expected[i];
        return observed;
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

    private static double[] Transposed(double[] A, int p)
    {
        var transposed = new double[p * p];
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++) transposed[j + (i * p)] = A[i + (j * p)];
        }

        return transposed;
    }
}

using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Generalized;

/// <summary>How a quadrature's sum moves with the scale of its nodes.</summary>
internal static class QuadratureCurvature
{
    /// <summary>
    /// N = R⁻ᵀ(½I + D)R⁻¹ with D the lower triangle of C, halved and mirrored: with M = RR' and nodes R⁻ᵀx, the log of the sum moves by −&lt;N, dM&gt;,
    /// log|R| included.
    /// </summary>
    /// <param name="R">p×p, lower.</param>
    /// <param name="C">Σ pi x(R⁻¹s)' (p×p).</param>
    /// <param name="p">The order.</param>
    public static double[] Of(double[] R, double[] C, int p)
    {
        var N = new double[p * p];
        for (var j = 0; j < p; j++)
        {
            N[j * (p + 1)] = 0.5 + (0.5 * C[j * (p + 1)]);
            for (var i = j + 1; i < p; i++) N[i + (j * p)] = N[j + (i * p)] = 0.5 * C[i + (j * p)];
        }

        for (var side = 0; side < 2; side++)
        {
            TriangularSolve.LowerTransposed(R, p, p, N, p, p);
            var transposed = new double[p * p];
            for (var j = 0; j < p; j++)
            {
                for (var i = 0; i < p; i++) transposed[j + (i * p)] = N[i + (j * p)];
            }

            N = transposed;
        }

        return N;
    }
}

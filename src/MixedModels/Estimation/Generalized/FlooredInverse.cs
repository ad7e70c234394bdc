using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Generalized;

/// <summary>
/// The inverse of a Hessian whose flat directions have a huge variance instead of none: a coefficient that runs to infinity is seen by its
/// standard error, and a flat direction of theta alone (a rotation beside a zero variance) leaves all others as they are.
/// </summary>
internal static class FlooredInverse
{
    /// <summary>An eigenvalue of the matrix scaled to unit diagonal below this is rounding of differences, or flat.</summary>
    private const double FlatShare = 1e-8;

    /// <summary>A diagonal entry below this share of the largest is rounding.</summary>
    private const double LeastDiagonal = 1e-14;

    /// <summary>The inverse (k×k), positive definite.</summary>
    public static double[] Of(double[] matrix, int k)
    {
        var largest = 0.0;
        for (var i = 0; i < k; i++) largest = Math.Max(largest, Math.Abs(matrix[i * (k + 1)]));
        var inverse = new double[k * k];
        if (!(largest > 0)) return inverse;
        var sizes = new double[k];
        for (var i = 0; i < k; i++) sizes[i] = 1 / Math.Sqrt(Math.Max(Math.Abs(matrix[i * (k + 1)]), LeastDiagonal * largest));
        var vectors = new double[k * k];
        for (var j = 0; j < k; j++)
        {
            for (var i = 0; i < k; i++) vectors[i + (j * k)] = matrix[i + (j * k)] * sizes[i] * sizes[j];
        }

        var values = new double[k];
        if (!SymmetricEigen.Decompose(vectors, k, k, values)) return inverse;
        for (var e = 0; e < k; e++)
        {
            var value = Math.Max(Math.Abs(values[e]), FlatShare);
            for (var j = 0; j < k; j++)
            {
                for (var i = 0; i < k; i++) inverse[i + (j * k)] += vectors[i + (e * k)] * vectors[j + (e * k)] / value * sizes[i] * sizes[j];
            }
        }

        return inverse;
    }
}

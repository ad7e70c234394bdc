using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Generalized;

/// <summary>The inverse of a symmetric matrix on the directions in which it is positive.</summary>
internal static class PseudoInverse
{
    /// <summary>An eigenvalue of the matrix scaled to unit diagonal below this is rounding of differences, or flat.</summary>
    private const double FlatShare = 1e-8;

    /// <summary>The inverse (k×k) with directions of no or negative curvature left out.</summary>
    public static double[] Of(double[] matrix, int k)
    {
        var sizes = new double[k];
        for (var i = 0; i < k; i++) sizes[i] = matrix[i * (k + 1)] > 0 ? 1 / Math.Sqrt(matrix[i * (k + 1)]) : 0;
        var vectors = new double[k * k];
        for (var j = 0; j < k; j++)
        {
            for (var i = 0; i < k; i++) vectors[i + (j * k)] = matrix[i + (j * k)] * sizes[i] * sizes[j];
        }

        var values = new double[k];
        var inverse = new double[k * k];
        if (k == 0 || !SymmetricEigen.Decompose(vectors, k, k, values)) return inverse;
        for (var e = 0; e < k; e++)
        {
            if (values[e] < FlatShare) continue;
            for (var j = 0; j < k; j++)
            {
                for (var i = 0; i < k; i++) inverse[i + (j * k)] += vectors[i + (e * k)] * vectors[j + (e * k)] / values[e] * sizes[i] * sizes[j];
            }
        }

        return inverse;
    }
}

using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Linear;

/// <summary>The inverse of an information matrix whose parameters may have very different sizes, and which may be flat in a direction.</summary>
internal static class InformationInverse
{
    /// <summary>After scaling, curvature below this share is none: the gradient's tolerance leaves about as much.</summary>
    private const double Flat = 1e-7;

    /// <summary>The generalised inverse of a symmetric matrix, flat directions left out.</summary>
    /// <param name="information">k×k.</param>
    /// <param name="scale">A positive size for each diagonal entry; what the entry would be without cancellation.</param>
    /// <param name="isDefinite">False where some direction has negative curvature.</param>
    public static double[] Of(double[] information, ReadOnlySpan<double> scale, out bool isDefinite)
    {
        var k = scale.Length;
        var vectors = new double[k * k];
        for (var j = 0; j < k; j++)
        {
            for (var i = 0; i < k; i++) vectors[i + (j * k)] = information[i + (j * k)] / Math.Sqrt(scale[i] * scale[j]);
        }

        var values = new double[k];
        isDefinite = SymmetricEigen.Decompose(vectors, k, k, values) && (k == 0 || values[0] > -Flat);
        var inverse = new double[k * k];
        if (!isDefinite) return inverse;
        for (var e = 0; e < k; e++)
        {
            if (values[e] <= Flat) continue;
            var v = vectors.AsSpan(e * k, k);
            for (var j = 0; j < k; j++)
            {
                for (var i = 0; i < k; i++) inverse[i + (j * k)] += v[i] * v[j] / (values[e] * Math.Sqrt(scale[i] * scale[j]));
            }
        }

        return inverse;
    }
}

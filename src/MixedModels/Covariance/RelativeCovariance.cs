using MixedModels.LinearAlgebra;

namespace MixedModels.Covariance;

/// <summary>G = TT' of one term, relative to sigma², and its directions without variance.</summary>
internal static class RelativeCovariance
{
    /// <summary>G at the parameters (p×p).</summary>
    public static double[] Of(CovarianceStructure structure, ReadOnlySpan<double> theta)
    {
        var p = structure.Dimension;
        var T = new double[p * p];
        structure.Factor(theta, T);
        var G = new double[p * p];
        Product.Add(1, T, p, false, T, p, true, G, p, p, p, p);
        return G;
    }

    /// <summary>Sets the eigenvalues of G below a size to zero; whether there were any that were not zero already.</summary>
    public static bool RemoveNegligible(double[] G, int p, double size)
    {
        var values = new double[p];
        var vectors = (double[])G.Clone();
        if (!SymmetricEigen.Decompose(vectors, p, p, values) || values[0] >= size) return false;
        var changed = false;
        Array.Clear(G);
        for (var k = 0; k < p; k++)
        {
            var v = vectors.AsSpan(k * p, p);
            if (values[k] < size)
            {
                changed |= values[k] > 0;
                continue;
            }

            for (var j = 0; j < p; j++) Vectors.AddScaled(values[k] * v[j], v, G.AsSpan(j * p, p));
        }

        return changed;
    }
}

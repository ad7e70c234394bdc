using MixedModels.Estimation.Linear;
using MixedModels.Tests.Estimation.Linear;

namespace MixedModels.Tests.Inference.Profile;

/// <summary>−2 log-likelihood of a linear mixed model at any parameters, from the n×n covariance as literally as possible.</summary>
internal sealed class DenseLikelihood(LinearData data)
{
    /// <summary>At coefficients, covariances of the random effects and a residual standard deviation; the restricted one has the coefficients integrated out.</summary>
    public double Deviance(double[] beta, IReadOnlyList<double[]> covariances, double sigma, bool reml = false) => Deviance(data, Covariance(covariances, sigma), beta, reml);

    /// <summary>At coefficients and a covariance of the rows.</summary>
    public static double Deviance(LinearData data, double[,] V, double[] beta, bool reml)
    {
        var (n, p) = (data.n, data.p);
        var L = DenseAlgebra.Cholesky(V);
        var white = new double[p + 1][];
        for (var j = 0; j < p; j++) white[j] = Forward(L, data.X.Span.Slice(j * n, n).ToArray());
        white[p] = Forward(L, data.y.ToArray());
        var deviance = ((reml ? n - p : n) * Math.Log(2 * Math.PI)) + (2 * Enumerable.Range(0, n).Sum(i => Math.Log(L[i, i])));
        if (!reml) return deviance + white[p].Select((y, r) => y - Enumerable.Range(0, p).Sum(j => white[j][r] * beta[j])).Sum(residual => residual * residual);

        // Gram-Schmidt on the whitened columns: log|X'V⁻¹X| is that of their remainders, and the residual what is left of y.
        for (var j = 0; j <= p; j++)
        {
            for (var k = 0; k < j; k++)
            {
                var along = Dot(white[k], white[j]) / Dot(white[k], white[k]);
                white[j] = [.. white[j].Select((value, r) => value - (along * white[k][r]))];
            }

            if (j < p) deviance += Math.Log(Dot(white[j], white[j]));
        }

        return deviance + Dot(white[p], white[p]);
    }

    private double[,] Covariance(IReadOnlyList<double[]> covariances, double sigma)
    {
        var n = data.n;
        var V = new double[n, n];
        for (var r = 0; r < n; r++)
        {
            V[r, r] = sigma * sigma / (data.Weights.IsEmpty ? 1 : data.Weights.Span[r]);
            for (var s = 0; s < n; s++)
            {
                for (var t = 0; t < data.Terms.Count; t++)
                {
                    var term = data.Terms[t];
                    if (term.LevelOfRow.Span[r] != term.LevelOfRow.Span[s]) continue;
                    for (var i = 0; i < term.Dimension; i++)
                    {
                        for (var j = 0; j < term.Dimension; j++)
                            V[r, s] += term.Z.Span[r + (i * n)] * covariances[t][i + (j * term.Dimension)] * term.Z.Span[s + (j * n)];
                    }
                }
            }
        }

        return V;
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double[] Forward(double[,] L, double[] b)
    {
        for (var i = 0; i < b.Length; i++)
        {
            for (var k = 0; k < i; k++) b[i] -= L[i, k] * b[k];
            b[i] /= L[i, i];
        }

        return b;
    }
}

using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Marginal;

/// <summary>The variance that uncertain covariance parameters add to predictions, by the delta method: g'Cov(psi)g with g the slopes of a prediction in the parameters.</summary>
/// <remarks>
/// Slopes are central differences: a prediction moves with psi through beta, the random effects, R and c together, by two more evaluations a parameter.
/// Source of the method: Kass and Steffey 1989, JASA 84, 717–726, section 2.
/// </remarks>
internal static class PredictionSlopes
{
    /// <summary>Steps in standard errors of the parameter: the error of a slope is about the square of it, and rounding stays below that.</summary>
    private const double Step = 1e-3;

    /// <summary>The added variances, one a prediction.</summary>
    /// <param name="psi">The parameters.</param>
    /// <param name="active">The places of those that are uncertain.</param>
    /// <param name="covariance">Their covariance, sigma, which moves no prediction, last.</param>
    /// <param name="predict">The predictions at any parameters.</param>
    public static double[] Variances(double[] psi, IReadOnlyList<int> active, double[] covariance, Func<double[], double[]> predict)
    {
        var K = active.Count;
        var slopes = new double[K][];
        for (var k = 0; k < K; k++)
        {
            var h = Step * Math.Sqrt(covariance[k * (K + 2)]);
            var (up, down) = ((double[])psi.Clone(), (double[])psi.Clone());
            up[active[k]] += h;
            down[active[k]] -= h;
            slopes[k] = predict(up);
            Vectors.AddScaled(-1, predict(down), slopes[k]);
            Vectors.Scale(1 / (2 * h), slopes[k]);
        }

        var added = new double[K == 0 ? predict(psi).Length : slopes[0].Length];
        for (var r = 0; r < added.Length; r++)
        {
            for (var i = 0; i < K; i++)
            {
                for (var j = 0; j < K; j++) added[r] += slopes[i][r] * covariance[i + (j * (K + 1))] * slopes[j][r];
            }
        }

        return added;
    }
}

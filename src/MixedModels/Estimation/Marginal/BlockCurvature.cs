using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Estimation.Marginal;

/// <summary>Second derivatives of one pattern's V against Gamma, the derivative of the deviance in V.</summary>
internal sealed class BlockCurvature(BlockCovariance V, StandardizedData data, ResidualModel residual, ThetaLayout layout)
{
    private readonly int n = V.Pattern.Order;

    /// <summary>Adds this pattern's share.</summary>
    /// <param name="Gamma">n×n derivative of the deviance in V, over all its blocks.</param>
    /// <param name="gammas">A term: the sum over levels of Z_l'Gamma Z_l.</param>
    /// <param name="curvature">Second derivatives of R against Gamma.</param>
    public void Add(double[] Gamma, double[][] gammas, double[] curvature)
    {
        for (var t = 0; t < layout.TermCount; t++) AddGamma(t, Gamma, gammas[t]);
        if (residual.ParameterCount == 0) return;
        for (var s = 0; s < V.Cells.Count; s++)
        {
            var start = V.Pattern.SubjectStarts[s];
            var own = V.Subject(s);
            var weights = new double[V.Cells[s].Length];
            for (var a = 0; a < own.Length; a++)
            {
                for (var b = 0; b <= a; b++)
                {
                    weights[Jet.Pair(a, b)] = (a == b ? 1 : 2) * Gamma[start + a + ((start + b) * n)]
                        * residual.Scale.Factor[own[a]] * residual.Scale.Factor[own[b]];
                }
            }

            residual.AddCurvature(own, V.Cells[s], weights, curvature);
        }

        if (residual.Scale.ParameterCount > 0) AddScaleCurvature(Gamma, curvature);
    }

    private void AddGamma(int t, double[] Gamma, double[] sum)
    {
        var (size, levels, z) = (data.Data.Terms[t].Dimension, V.Pattern.Levels[t], V.Effects(t));
        for (var b = 0; b < n; b++)
        {
            for (var a = 0; a < n; a++)
            {
                if (levels[a] != levels[b]) continue;
                for (var j = 0; j < size; j++) Vectors.AddScaled(Gamma[a + (b * n)] * z[(b * size) + j], z.AsSpan(a * size, size), sum.AsSpan(j * size, size));
            }
        }
    }

    /// <summary>
    /// With S = Gamma∘R and q its row sums: 2 Σ q_a(l_a,k l_a,l + l_a,kl) + 2 Σ l_a,k S_ab l_b,l for two scales; with S of dC in R's place,
    /// 2 Σ q_a l_a,k for a scale and a parameter of C.
    /// </summary>
    private void AddScaleCurvature(double[] Gamma, double[] curvature)
    {
        var (own, first) = (residual.ParameterCount, residual.ScaleStart);
        var S = new double[n * n];
        V.AddResidual(S);
        for (var i = 0; i < S.Length; i++) S[i] *= Gamma[i];
        var q = RowSums(S);
        var slopes = Enumerable.Range(0, residual.Scale.ParameterCount).Select(k => V.Slopes(k).ToArray()).ToArray();
        for (var l = 0; l < slopes.Length; l++)
        {
            var Sl = new double[n];
            for (var b = 0; b < n; b++) Vectors.AddScaled(slopes[l][b], S.AsSpan(b * n, n), Sl);
            for (var a = 0; a < n; a++) Sl[a] += q[a] * slopes[l][a];
            for (var k = 0; k < slopes.Length; k++) curvature[first + k + ((first + l) * own)] += 2 * Vectors.Dot(slopes[k], Sl);
        }

        foreach (var (k, l, values) in residual.Scale.Second)
        {
            var sum = 0.0;
            for (var a = 0; a < n; a++) sum += 2 * q[a] * values[V.Pattern.Blocks[0][a]];
            curvature[first + k + ((first + l) * own)] += sum;
            if (k != l) curvature[first + l + ((first + k) * own)] += sum;
        }

        for (var c = 0; c < first; c++)
        {
            Array.Clear(S);
            if (!V.AddStructure(c, S)) continue;
            for (var i = 0; i < S.Length; i++) S[i] *= Gamma[i];
            q = RowSums(S);
            for (var k = 0; k < slopes.Length; k++)
            {
                var sum = 2 * Vectors.Dot(q, slopes[k]);
                curvature[c + ((first + k) * own)] += sum;
                curvature[first + k + (c * own)] += sum;
            }
        }
    }

    private double[] RowSums(double[] S)
    {
        var sums = new double[n];
        for (var b = 0; b < n; b++) Vectors.AddScaled(1, S.AsSpan(b * n, n), sums);
        return sums;
    }
}

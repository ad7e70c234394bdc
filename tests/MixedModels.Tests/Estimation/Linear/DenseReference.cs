using MixedModels.Estimation.Linear;

namespace MixedModels.Tests.Estimation.Linear;

/// <summary>
/// The plain engine: the deviance of a linear mixed model from its n×n marginal covariance, written as literally as possible and
/// sharing no line with the product. It is slow, and it is what the engine is held against.
/// </summary>
/// <remarks>V = I + Σ_t Z_t(I ⊗ G_t)Z_t' on weighted rows; −2 log L = log|V| + [log|X'V⁻¹X|] + nu(1 + log(2π r²/nu)) − Σ log w.</remarks>
internal sealed class DenseReference
{
    private readonly LinearData data;

    public DenseReference(LinearData data) => this.data = data;

    public double[] Beta { get; private set; } = [];

    public double SigmaSquared { get; private set; }

    /// <summary>The deviance at covariances relative to sigma², in the user's units.</summary>
    public double Deviance(IReadOnlyList<double[]> G, bool reml)
    {
        var (n, p) = (data.n, data.p);
        var V = MarginalCovariance(G);
        var L = Cholesky(V, n);
        var X = new double[n, p];
        var y = new double[n];
        var logWeights = 0.0;
        for (var r = 0; r < n; r++)
        {
            var root = Math.Sqrt(Weight(r));
            logWeights += Math.Log(Weight(r));
            y[r] = data.y.Span[r] * root;
            for (var j = 0; j < p; j++) X[r, j] = data.X.Span[r + (j * n)] * root;
        }

        var whiteY = Forward(L, y);
        var whiteX = new double[p][];
        for (var j = 0; j < p; j++) whiteX[j] = Forward(L, [.. Enumerable.Range(0, n).Select(r => X[r, j])]);
        var gram = new double[p, p];
        var right = new double[p];
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < p; j++) gram[i, j] = Dot(whiteX[i], whiteX[j]);
            right[i] = Dot(whiteX[i], whiteY);
        }

        var R = Cholesky(gram, p);
        Beta = Backward(R, Forward(R, right));
        var residual = whiteY.Select((value, r) => value - Enumerable.Range(0, p).Sum(j => whiteX[j][r] * Beta[j])).ToArray();
        var r2 = Dot(residual, residual);
        var nu = reml ? n - p : n;
        SigmaSquared = r2 / nu;
        return LogDeterminant(L, n) + (reml ? LogDeterminant(R, p) : 0) + (nu * (1 + Math.Log(2 * Math.PI * r2 / nu))) - logWeights;
    }

    public static double[,] Cholesky(double[,] S, int n)
    {
        var L = new double[n, n];
        for (var j = 0; j < n; j++)
        {
            for (var i = j; i < n; i++)
            {
                var sum = S[i, j];
                for (var k = 0; k < j; k++) sum -= L[i, k] * L[j, k];
                L[i, j] = i == j ? Math.Sqrt(sum) : sum / L[j, j];
            }
        }

        return L;
    }

    private double[,] MarginalCovariance(IReadOnlyList<double[]> G)
    {
        var n = data.n;
        var V = new double[n, n];
        for (var r = 0; r < n; r++)
        {
            for (var s = 0; s < n; s++)
            {
                var sum = r == s ? 1.0 : 0.0;
                for (var t = 0; t < data.Terms.Count; t++)
                {
                    var term = data.Terms[t];
                    if (term.LevelOfRow.Span[r] != term.LevelOfRow.Span[s]) continue;
                    for (var i = 0; i < term.Dimension; i++)
                    {
                        for (var j = 0; j < term.Dimension; j++)
                            sum += term.Z.Span[r + (i * n)] * G[t][i + (j * term.Dimension)] * term.Z.Span[s + (j * n)] * Math.Sqrt(Weight(r) * Weight(s));
                    }
                }

                V[r, s] = sum;
            }
        }

        return V;
    }

    private double Weight(int row) => data.Weights.IsEmpty ? 1 : data.Weights.Span[row];

    private static double LogDeterminant(double[,] L, int n) => 2 * Enumerable.Range(0, n).Sum(i => Math.Log(L[i, i]));

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double[] Forward(double[,] L, double[] b)
    {
        var x = (double[])b.Clone();
        for (var i = 0; i < x.Length; i++)
        {
            for (var k = 0; k < i; k++) x[i] -= L[i, k] * x[k];
            x[i] /= L[i, i];
        }

        return x;
    }

    private static double[] Backward(double[,] L, double[] b)
    {
        var x = (double[])b.Clone();
        for (var i = x.Length - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < x.Length; k++) x[i] -= L[k, i] * x[k];
            x[i] /= L[i, i];
        }

        return x;
    }
}

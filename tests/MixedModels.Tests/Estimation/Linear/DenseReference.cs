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
    private readonly double logWeights;

    public DenseReference(LinearData data)
    {
        this.data = data;
        var roots = data.Weights.IsEmpty ? [.. Enumerable.Repeat(1.0, data.n)] : data.Weights.ToArray().Select(Math.Sqrt).ToArray();
        logWeights = 2 * roots.Sum(Math.Log);
        y = [.. data.y.ToArray().Select((value, r) => value * roots[r])];
        X = Weighted(data.X.ToArray(), data.p, roots);
        Z = [.. data.Terms.Select(term => Weighted(term.Z.ToArray(), term.Dimension, roots))];
        LevelOfRow = [.. data.Terms.Select(term => term.LevelOfRow.ToArray())];
    }

    /// <summary>n weighted responses.</summary>
    public double[] y { get; }

    /// <summary>n×p weighted columns.</summary>
    public double[,] X { get; }

    /// <summary>A term: n×p_t weighted columns.</summary>
    public double[][,] Z { get; }

    /// <summary>A term: the level of every row.</summary>
    public int[][] LevelOfRow { get; }

    public double[] Beta { get; private set; } = [];

    public double SigmaSquared { get; private set; }

    /// <summary>The deviance at covariances relative to sigma², in the user's units.</summary>
    public double Deviance(IReadOnlyList<double[]> G, bool reml)
    {
        var (n, p) = (data.n, data.p);
        var L = DenseAlgebra.Cholesky(MarginalCovariance(G));
        var whiteY = DenseAlgebra.Forward(L, y);
        var whiteX = new double[p][];
        for (var j = 0; j < p; j++) whiteX[j] = DenseAlgebra.Forward(L, [.. Enumerable.Range(0, n).Select(r => X[r, j])]);
        var gram = new double[p, p];
        var right = new double[p];
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < p; j++) gram[i, j] = DenseAlgebra.Dot(whiteX[i], whiteX[j]);
            right[i] = DenseAlgebra.Dot(whiteX[i], whiteY);
        }

        var R = DenseAlgebra.Cholesky(gram);
        Beta = DenseAlgebra.Backward(R, DenseAlgebra.Forward(R, right));
        var residual = whiteY.Select((value, r) => value - Enumerable.Range(0, p).Sum(j => whiteX[j][r] * Beta[j])).ToArray();
        var r2 = DenseAlgebra.Dot(residual, residual);
        var nu = reml ? n - p : n;
        SigmaSquared = r2 / nu;
        return DenseAlgebra.LogDeterminant(L) + (reml ? DenseAlgebra.LogDeterminant(R) : 0) + (nu * (1 + Math.Log(2 * Math.PI * r2 / nu))) - logWeights;
    }

    /// <summary>V = I + Σ_t Z_t(I ⊗ G_t)Z_t'.</summary>
    public double[,] MarginalCovariance(IReadOnlyList<double[]> G)
    {
        var V = new double[data.n, data.n];
        for (var r = 0; r < data.n; r++) V[r, r] = 1;
        for (var t = 0; t < data.Terms.Count; t++) AddTerm(V, t, G[t]);
        return V;
    }

    /// <summary>V += Z_t(I ⊗ S)Z_t' for a p_t×p_t matrix S of one term.</summary>
    public void AddTerm(double[,] V, int term, double[] S)
    {
        var (levels, columns, p) = (LevelOfRow[term], Z[term], Z[term].GetLength(1));
        for (var r = 0; r < data.n; r++)
        {
            for (var s = 0; s < data.n; s++)
            {
                if (levels[r] != levels[s]) continue;
                for (var i = 0; i < p; i++)
                {
                    for (var j = 0; j < p; j++) V[r, s] += columns[r, i] * S[i + (j * p)] * columns[s, j];
                }
            }
        }
    }

    private static double[,] Weighted(double[] columns, int count, double[] roots)
    {
        var weighted = new double[roots.Length, count];
        for (var r = 0; r < roots.Length; r++)
        {
            for (var j = 0; j < count; j++) weighted[r, j] = columns[r + (j * roots.Length)] * roots[r];
        }

        return weighted;
    }
}

using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;
using Numbers = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using NumberVector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace MixedModels.Tests.Inference;

/// <summary>
/// Cluster-robust covariances straight from Pustejovsky and Tipton 2018, sections 2 and 3: n×n matrices, the rows scaled by the root of
/// their weight. It shares no line and no identity with the product.
/// </summary>
internal sealed class DenseSandwich
{
    private readonly List<Numbers> adjustments = [];
    private readonly int[][] clusters;
    private readonly Numbers M;
    private readonly Numbers residualMaker;
    private readonly NumberVector residuals;
    private readonly Numbers V;
    private readonly Numbers W;
    private readonly Numbers X;

    public DenseSandwich(LinearData data, IReadOnlyList<double[]> relative, double sigma, int[] clusterOfRow, RobustAdjustment kind, Matrix? covariance = null)
    {
        var n = data.n;
        double Root(int r) => data.Weights.IsEmpty ? 1 : Math.Sqrt(data.Weights.Span[r]);
        X = Numbers.Build.Dense(n, data.p, (r, j) => Root(r) * data.X.Span[r + (j * n)]);
        var y = NumberVector.Build.Dense(n, r => Root(r) * data.y.Span[r]);
        V = Numbers.Build.DenseDiagonal(n, n, sigma * sigma);
        for (var t = 0; t < data.Terms.Count; t++) V += OfTerm(data.Terms[t], relative[t], n, Root) * (sigma * sigma);
        if (covariance is not null) V = Numbers.Build.Dense(n, n, (a, b) => Root(a) * covariance[a, b] * Root(b));
        W = V.Inverse();
        M = (X.Transpose() * W * X).Inverse();
        var beta = M * X.Transpose() * W * y;
        residuals = y - (X * beta);
        clusters = [.. clusterOfRow.Distinct().Select(cluster => Enumerable.Range(0, n).Where(r => clusterOfRow[r] == cluster).ToArray())];
        Beta = beta;
        residualMaker = Numbers.Build.DenseIdentity(n) - (X * M * X.Transpose() * W);
        foreach (var rows in clusters) adjustments.Add(Adjustment(rows, kind));
        var middle = Numbers.Build.Dense(data.p, data.p);
        for (var j = 0; j < clusters.Length; j++)
        {
            var g = Part(X, clusters[j]).Transpose() * Part(W, clusters[j], clusters[j]) * (adjustments[j] * Part(residuals, clusters[j]));
            middle += g.OuterProduct(g);
        }

        Covariance = M * middle * M;
    }

    public NumberVector Beta { get; }

    public Numbers Covariance { get; }

    /// <summary>(Σ p_i'Vp_i)²/ΣΣ (p_i'Vp_j)² with p_i = (I − H)_i'A_iW_iX_iMc.</summary>
    public double Df(double[] contrast)
    {
        var p = Vectors(NumberVector.Build.Dense(contrast));
        var (trace, squares) = (0.0, 0.0);
        for (var i = 0; i < p.Length; i++)
        {
            var image = V * p[i];
            trace += p[i].DotProduct(image);
            for (var j = 0; j < p.Length; j++) squares += Math.Pow(image.DotProduct(p[j]), 2);
        }

        return trace * trace / squares;
    }

    /// <summary>F and its degrees of freedom, HTZ: eta = q(q + 1)/ΣΣ Var D_st, F = (eta − q + 1)/(eta q) Q.</summary>
    public (double F, double Df) Joint(Numbers C)
    {
        var q = C.RowCount;
        var plain = Enumerable.Range(0, q).Select(s => Vectors(C.Row(s))).ToArray();
        var mean = Numbers.Build.Dense(q, q, (s, t) => Enumerable.Range(0, clusters.Length).Sum(i => plain[s][i].DotProduct(V * plain[t][i])));
        var root = mean.Evd();
        var inverseRoot = root.EigenVectors * Numbers.Build.DenseDiagonal(q, q, i => 1 / Math.Sqrt(root.EigenValues[i].Real)) * root.EigenVectors.Transpose();
        var p = Enumerable.Range(0, q).Select(s => Vectors((inverseRoot * C).Row(s))).ToArray();
        var images = p.Select(vectors => vectors.Select(vector => V * vector).ToArray()).ToArray();
        var total = 0.0;
        for (var s = 0; s < q; s++)
        {
            for (var t = 0; t < q; t++)
            {
                for (var i = 0; i < clusters.Length; i++)
                {
                    for (var j = 0; j < clusters.Length; j++)
                        total += (p[s][i].DotProduct(images[s][j]) * p[t][i].DotProduct(images[t][j])) + (p[s][i].DotProduct(images[t][j]) * p[t][i].DotProduct(images[s][j]));
                }
            }
        }

        var eta = q * (q + 1) / total;
        var estimate = C * Beta;
        var Q = estimate.DotProduct((C * Covariance * C.Transpose()).Solve(estimate));
        return ((eta - q + 1) / (eta * q) * Q, eta - q + 1);
    }

    private NumberVector[] Vectors(NumberVector c)
    {
        return
        [
            .. clusters.Select((rows, i) =>
            {
                var a = adjustments[i].Transpose() * Part(W, rows, rows) * Part(X, rows) * (M * c);
                return Part(residualMaker, rows).Transpose() * a;
            }),
        ];
    }

    private Numbers Adjustment(int[] rows, RobustAdjustment kind)
    {
        var identity = Numbers.Build.DenseIdentity(rows.Length);
        var hat = Part(X, rows) * M * Part(X, rows).Transpose() * Part(W, rows, rows);
        switch (kind)
        {
            case RobustAdjustment.CR0:
                return identity;
            case RobustAdjustment.CR1:
                return identity * Math.Sqrt(clusters.Length / (clusters.Length - 1.0));
            case RobustAdjustment.CR3:
                return (identity - hat).Inverse();
            default:
                // B = D(I − H)_jV(I − H)_j'D', all of I − H and V, D the upper Cholesky factor of V_j.
                var D = Part(V, rows, rows).Cholesky().Factor.Transpose();
                var maker = Part(residualMaker, rows);
                var eigen = (D * maker * V * maker.Transpose() * D.Transpose()).Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric);
                var largest = eigen.EigenValues.Max(value => value.Real);
                var inverse = Numbers.Build.DenseDiagonal(rows.Length, rows.Length, i => eigen.EigenValues[i].Real > 1e-10 * largest ? 1 / Math.Sqrt(eigen.EigenValues[i].Real) : 0);
                return D.Transpose() * eigen.EigenVectors * inverse * eigen.EigenVectors.Transpose() * D;
        }
    }

    private static Numbers OfTerm(RandomTermData term, double[] G, int n, Func<int, double> root) => Numbers.Build.Dense(n, n, (r, s) =>
    {
        if (term.LevelOfRow.Span[r] != term.LevelOfRow.Span[s]) return 0;
        var sum = 0.0;
        for (var i = 0; i < term.Dimension; i++)
        {
            for (var j = 0; j < term.Dimension; j++) sum += term.Z.Span[r + (i * n)] * G[i + (j * term.Dimension)] * term.Z.Span[s + (j * n)];
        }

        return root(r) * root(s) * sum;
    });

    private static Numbers Part(Numbers matrix, int[] rows) => Numbers.Build.Dense(rows.Length, matrix.ColumnCount, (i, j) => matrix[rows[i], j]);

    private static Numbers Part(Numbers matrix, int[] rows, int[] columns) => Numbers.Build.Dense(rows.Length, columns.Length, (i, j) => matrix[rows[i], columns[j]]);

    private static NumberVector Part(NumberVector vector, int[] rows) => NumberVector.Build.Dense(rows.Length, i => vector[rows[i]]);
}

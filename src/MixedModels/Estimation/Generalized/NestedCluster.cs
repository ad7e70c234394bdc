using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Generalized;

/// <summary>
/// One coarse level's likelihood by adaptive quadrature over its own effects v and, for each of their nodes, over the effects u_i of every fine
/// level in it. A work space of one thread.
/// </summary>
/// <remarks>
/// With rows' images a = T_1'z_1 and c = T_2'z_2, M_i = I + Σ w aa', B_i = Σ w ac', Q_i = M_i⁻¹B_i and S = I + Σ w cc' − Σ B_i'Q_i = R_S R_S', the nodes are
/// v_k = v̂ + R_S⁻ᵀx_k and u_ikm = û_i − Q_i(v_k − v̂) + R_i⁻ᵀx_m, so that one point is Laplace's approximation.
/// Source: Pinheiro and Chao 2006, Journal of Computational and Graphical Statistics 15, 58–81.
/// </remarks>
internal sealed class NestedCluster(GeneralizedData data, StackedTerms fine, StackedTerms coarse, QuadratureGrid fineGrid, QuadratureGrid coarseGrid)
{
    private readonly int p1 = fine.p;
    private readonly int p2 = coarse.p;
    private readonly double[] logs = new double[coarseGrid.Count];
    private double[] inner = [];

    /// <summary>What the nodes add to the log of Laplace's approximation.</summary>
    public double LogRatio { get; private set; }

    /// <summary>Fine level: the lower factor R_i of M_i.</summary>
    public double[][] R { get; private set; } = [];

    /// <summary>Fine level: Q_i (p1×p2).</summary>
    public double[][] Q { get; private set; } = [];

    /// <summary>R_S (p2×p2).</summary>
    public double[] RS { get; } = new double[coarse.p * coarse.p];

    /// <summary>Fine level: a of its rows, p1 a row.</summary>
    public double[][] A { get; private set; } = [];

    /// <summary>Fine level: c of its rows, p2 a row.</summary>
    public double[][] C { get; private set; } = [];

    /// <summary>Shares of the coarse nodes.</summary>
    public ReadOnlySpan<double> Shares => logs;

    /// <summary>Shares of fine nodes given a coarse one: node m of fine level i at (k·levels + i)·count + m.</summary>
    public ReadOnlySpan<double> InnerShares => inner;

    /// <summary>v_k − v̂ of a coarse node.</summary>
    public void CoarseStep(int k, Span<double> delta)
    {
        coarseGrid.Nodes.AsSpan(k * p2, p2).CopyTo(delta);
        TriangularSolve.LowerTransposed(RS, p2, p2, delta, 1, p2);
    }

    /// <summary>u_ikm − û_i of a fine node.</summary>
    public void FineStep(int i, int m, ReadOnlySpan<double> coarseStep, Span<double> delta)
    {
        fineGrid.Nodes.AsSpan(m * p1, p1).CopyTo(delta);
        TriangularSolve.LowerTransposed(R[i], p1, p1, delta, 1, p1);
        for (var j = 0; j < p2; j++) Vectors.AddScaled(-coarseStep[j], Q[i].AsSpan(j * p1, p1), delta);
    }

    /// <summary>Evaluates the coarse level; false where its part of M is not positive definite.</summary>
    /// <param name="rows">Rows by fine level.</param>
    /// <param name="T1">Factor of the fine terms.</param>
    /// <param name="T2">Factor of the coarse terms.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="u">Effects of the fine levels, p1 each.</param>
    /// <param name="v">Effects of the coarse level.</param>
    /// <param name="psi">The family's parameters.</param>
    public bool Evaluate(int[][] rows, double[] T1, double[] T2, ConditionalMode mode, double[] u, double[] v, ReadOnlySpan<double> psi)
    {
        if (!Factor(rows, T1, T2, mode.Densities.Weights)) return false;
        if (inner.Length < coarseGrid.Count * rows.Length * fineGrid.Count) inner = new double[coarseGrid.Count * rows.Length * fineGrid.Count];
        var step = new double[p2];
        for (var k = 0; k < coarseGrid.Count; k++)
        {
            CoarseStep(k, step);
            var sum = coarseGrid.LogWeights[k] - Vectors.Dot(v, step) - (0.5 * Vectors.SumOfSquares(step));
            for (var i = 0; i < rows.Length; i++)
            {
                var own = inner.AsSpan(((k * rows.Length) + i) * fineGrid.Count, fineGrid.Count);
                FineNodes(rows[i], i, step, mode, u.AsSpan(i * p1, p1), psi, own);
                sum += Normalized(own);
            }

            logs[k] = double.IsNaN(sum) ? double.NegativeInfinity : sum;
        }

        LogRatio = Normalized(logs);
        return double.IsFinite(LogRatio);
    }

    /// <summary>The log of each fine node's part, given a coarse node.</summary>
    private void FineNodes(int[] rows, int i, ReadOnlySpan<double> coarseStep, ConditionalMode mode, ReadOnlySpan<double> u, ReadOnlySpan<double> psi, Span<double> logParts)
    {
        var step = new double[p1];
        for (var m = 0; m < fineGrid.Count; m++)
        {
            FineStep(i, m, coarseStep, step);
            var sum = fineGrid.LogWeights[m] - Vectors.Dot(u, step) - (0.5 * Vectors.SumOfSquares(step));
            for (var r = 0; r < rows.Length; r++)
            {
                var row = rows[r];
                var move = Vectors.Dot(A[i].AsSpan(r * p1, p1), step) + Vectors.Dot(C[i].AsSpan(r * p2, p2), coarseStep);
                var eta = mode.Eta[row];
                sum += data.Frequency(row) * (data.Family.Kernel(data.Rows[row], eta + move, psi).Value - data.Family.Kernel(data.Rows[row], eta, psi).Value);
            }

            // A node outside the range of the link has no likelihood.
            logParts[m] = double.IsNaN(sum) ? double.NegativeInfinity : sum;
        }
    }

    private bool Factor(int[][] rows, double[] T1, double[] T2, double[] weights)
    {
        (R, Q, A, C) = (new double[rows.Length][], new double[rows.Length][], new double[rows.Length][], new double[rows.Length][]);
        Array.Clear(RS);
        for (var j = 0; j < p2; j++) RS[j * (p2 + 1)] = 1;
        for (var i = 0; i < rows.Length; i++)
        {
            var (M, B) = (R[i] = new double[p1 * p1], new double[p1 * p2]);
            (A[i], C[i]) = (new double[rows[i].Length * p1], new double[rows[i].Length * p2]);
            for (var j = 0; j < p1; j++) M[j * (p1 + 1)] = 1;
            for (var r = 0; r < rows[i].Length; r++)
            {
                var a = A[i].AsSpan(r * p1, p1);
                var c = C[i].AsSpan(r * p2, p2);
                var w = weights[rows[i][r]];
                fine.Image(T1, rows[i][r], a);
                coarse.Image(T2, rows[i][r], c);
                for (var j = 0; j < p1; j++) Vectors.AddScaled(w * a[j], a, M.AsSpan(j * p1, p1));
                for (var j = 0; j < p2; j++)
                {
                    Vectors.AddScaled(w * c[j], a, B.AsSpan(j * p1, p1));
                    Vectors.AddScaled(w * c[j], c, RS.AsSpan(j * p2, p2));
                }
            }

            if (Cholesky.Factor(M, p1, p1) >= 0) return false;
            Q[i] = (double[])B.Clone();
            TriangularSolve.Lower(M, p1, p1, Q[i], p2, p1);
            TriangularSolve.LowerTransposed(M, p1, p1, Q[i], p2, p1);
            Product.Add(-1, B, p1, true, Q[i], p1, false, RS, p2, p2, p2, p1);
        }

        return Cholesky.Factor(RS, p2, p2) < 0;
    }

    /// <summary>Makes shares of logs; the log of their sum.</summary>
    private static double Normalized(Span<double> logs)
    {
        var (largest, sum) = (double.NegativeInfinity, 0.0);
        foreach (var own in logs) largest = Math.Max(largest, own);
        for (var k = 0; k < logs.Length; k++) sum += logs[k] = Math.Exp(logs[k] - largest);
        for (var k = 0; k < logs.Length; k++) logs[k] /= sum;
        return largest + Math.Log(sum);
    }
}

using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Generalized;

/// <summary>The sums of the gradient of a <see cref="NestedQuadrature"/>, a coarse level added at a time.</summary>
/// <remarks>
/// With shares rho of the nodes, s = Σ a l' − u and sigma_k = Σ_i (Σ_m (Σ c l' − Q_i's)) − v_k: alpha_i = Σ rho s, alpha_v = Σ rho Σ c l' − Σ pi v,
/// D_i = Σ rho s (v_k − v̂)', E_i = M_i⁻¹D_i, N_i and N_S as in (5) from Σ rho x(R_i⁻¹s)' and Σ pi x(R_S⁻¹sigma)'. The log of the sum moves with M_i, B_i and
/// I + Σ w cc' by Mbar_i = −N_i + sym(E_iQ_i') − Q_iN_SQ_i', Bbar_i = −E_i + 2Q_iN_S and −N_S, and through these with w, a and c of the rows; then as in
/// (5) to (7), the mode moving with the joint M of the coarse level.
/// </remarks>
internal sealed class NestedPieces(
    GeneralizedData data, NestedQuadrature owner, LaplaceDeviance deviance, NestedCluster cluster, QuadratureGrid fineGrid, QuadratureGrid coarseGrid, double[] psi)
{
    private readonly int p1 = owner.Fine.p;
    private readonly int p2 = owner.Coarse.p;

    /// <summary>dd/dT_1.</summary>
    public double[] FineSlope { get; } = new double[owner.Fine.p * owner.Fine.p];

    /// <summary>dd/dT_2.</summary>
    public double[] CoarseSlope { get; } = new double[owner.Coarse.p * owner.Coarse.p];

    /// <summary>n numbers whose products with X are dd/dbeta.</summary>
    public double[] Response { get; } = new double[data.n];

    /// <summary>dd/dpsi.</summary>
    public double[] Parameters { get; } = new double[psi.Length];

    /// <summary>Adds a coarse level that has just been evaluated.</summary>
    public void Add(int level)
    {
        var rows = owner.Levels.Rows[level];
        var (u, v) = (owner.FineEffects(deviance, deviance.Mode.u, level), owner.CoarseEffects(deviance, deviance.Mode.u, level));
        var sums = new NodeSums(rows.Length, p1, p2);
        for (var k = 0; k < coarseGrid.Count; k++) AddCoarseNode(k, rows, u, v, sums);
        var (M, B, S) = Adjoints(rows.Length, sums);
        var (h, ofFine, ofCoarse) = RowAdjoints(rows, M, B, S);
        AddMode(level, rows, u, v, sums, h);
        for (var i = 0; i < rows.Length; i++)
        {
            for (var r = 0; r < rows[i].Length; r++)
            {
                owner.Fine.AddOuter(-2, rows[i][r], ofFine[i].AsSpan(r * p1, p1), FineSlope);
                owner.Coarse.AddOuter(-2, rows[i][r], ofCoarse[i].AsSpan(r * p2, p2), CoarseSlope);
            }
        }
    }

    private void AddCoarseNode(int k, int[][] rows, double[] u, double[] v, NodeSums sums)
    {
        var share = cluster.Shares[k];
        if (share == 0) return;
        var (step, sigma, s, move) = (new double[p2], new double[p2], new double[p1], new double[p1]);
        var scores = new double[p2];
        cluster.CoarseStep(k, step);
        for (var j = 0; j < p2; j++)
        {
            sigma[j] = -(v[j] + step[j]);
            sums.AlphaV[j] += share * sigma[j];
        }

        for (var i = 0; i < rows.Length; i++)
        {
            for (var m = 0; m < fineGrid.Count; m++)
            {
                var inner = cluster.InnerShares[(((k * rows.Length) + i) * fineGrid.Count) + m];
                if (inner == 0) continue;
                cluster.FineStep(i, m, step, move);
                Array.Clear(scores);
                for (var j = 0; j < p1; j++) s[j] = -(move[j] += u[(i * p1) + j]);
                AddRows(rows[i], i, share * inner, move, u, step, v, s, scores);
                Vectors.AddScaled(inner, scores, sigma);
                Vectors.AddScaled(share * inner, scores, sums.AlphaV);
                for (var j = 0; j < p2; j++)
                {
                    sigma[j] -= inner * Vectors.Dot(cluster.Q[i].AsSpan(j * p1, p1), s);
                    Vectors.AddScaled(share * inner * step[j], s, sums.D[i].AsSpan(j * p1, p1));
                }

                Vectors.AddScaled(share * inner, s, sums.Alpha.AsSpan(i * p1, p1));
                TriangularSolve.Lower(cluster.R[i], p1, p1, s, 1, p1);
                for (var j = 0; j < p1; j++) Vectors.AddScaled(share * inner * s[j], fineGrid.Nodes.AsSpan(m * p1, p1), sums.C[i].AsSpan(j * p1, p1));
            }
        }

        TriangularSolve.Lower(cluster.RS, p2, p2, sigma, 1, p2);
        for (var j = 0; j < p2; j++) Vectors.AddScaled(share * sigma[j], coarseGrid.Nodes.AsSpan(k * p2, p2), sums.CS.AsSpan(j * p2, p2));
    }

    /// <summary>What the rows of a fine level give at a node: what is direct, s += Σ a l' and the scores Σ c l'.</summary>
    private void AddRows(int[] rows, int i, double share, double[] node, double[] u, double[] coarseStep, double[] v, double[] s, double[] scores)
    {
        var at = new double[p2];
        for (var j = 0; j < p2; j++) at[j] = v[j] + coarseStep[j];
        for (var r = 0; r < rows.Length; r++)
        {
            var a = cluster.A[i].AsSpan(r * p1, p1);
            var c = cluster.C[i].AsSpan(r * p2, p2);
            var eta = deviance.Mode.Eta[rows[r]] + Vectors.Dot(a, node) - Vectors.Dot(a, u.AsSpan(i * p1, p1)) + Vectors.Dot(c, coarseStep);
            var frequency = data.Frequency(rows[r]);
            var first = frequency * data.Family.Kernel(data.Rows[rows[r]], eta, psi).First;
            Response[rows[r]] -= 2 * share * first;
            owner.Fine.AddOuter(-2 * share * first, rows[r], node, FineSlope);
            owner.Coarse.AddOuter(-2 * share * first, rows[r], at, CoarseSlope);
            Vectors.AddScaled(first, a, s);
            Vectors.AddScaled(first, c, scores);
            for (var q = 0; q < psi.Length; q++) Parameters[q] -= 2 * share * frequency * data.Family.ParameterDerivative(q, data.Rows[rows[r]], eta, psi).Value;
        }
    }

    /// <summary>Mbar_i, Bbar_i and −N_S.</summary>
    private (double[][] M, double[][] B, double[] S) Adjoints(int levels, NodeSums sums)
    {
        var NS = QuadratureCurvature.Of(cluster.RS, sums.CS, p2);
        var (M, B) = (new double[levels][], new double[levels][]);
        for (var i = 0; i < levels; i++)
        {
            var (Q, E) = (cluster.Q[i], sums.D[i]);
            TriangularSolve.Lower(cluster.R[i], p1, p1, E, p2, p1);
            TriangularSolve.LowerTransposed(cluster.R[i], p1, p1, E, p2, p1);
            var QN = new double[p1 * p2];
            Product.Add(1, Q, p1, false, NS, p2, false, QN, p1, p1, p2, p2);
            M[i] = QuadratureCurvature.Of(cluster.R[i], sums.C[i], p1);
            Vectors.Scale(-1, M[i]);
            Product.Add(0.5, E, p1, false, Q, p1, true, M[i], p1, p1, p1, p2);
            Product.Add(0.5, Q, p1, false, E, p1, true, M[i], p1, p1, p1, p2);
            Product.Add(-1, QN, p1, false, Q, p1, true, M[i], p1, p1, p1, p2);
            B[i] = QN;
            Vectors.Scale(2, B[i]);
            Vectors.AddScaled(-1, E, B[i]);
        }

        Vectors.Scale(-1, NS);
        return (M, B, NS);
    }

    /// <summary>−2 times the derivative in w of each row, and the derivatives in a and c.</summary>
    private (double[][] H, double[][] OfFine, double[][] OfCoarse) RowAdjoints(int[][] rows, double[][] M, double[][] B, double[] S)
    {
        var (h, ofFine, ofCoarse) = (new double[rows.Length][], new double[rows.Length][], new double[rows.Length][]);
        for (var i = 0; i < rows.Length; i++)
        {
            (h[i], ofFine[i], ofCoarse[i]) = (new double[rows[i].Length], new double[rows[i].Length * p1], new double[rows[i].Length * p2]);
            for (var r = 0; r < rows[i].Length; r++)
            {
                var a = cluster.A[i].AsSpan(r * p1, p1);
                var c = cluster.C[i].AsSpan(r * p2, p2);
                var w = deviance.Mode.Densities.Weights[rows[i][r]];
                var fine = ofFine[i].AsSpan(r * p1, p1);
                var coarse = ofCoarse[i].AsSpan(r * p2, p2);
                var (Ma, Bc, Sc) = (new double[p1], new double[p1], new double[p2]);
                for (var j = 0; j < p1; j++) Vectors.AddScaled(a[j], M[i].AsSpan(j * p1, p1), Ma);
                for (var j = 0; j < p2; j++)
                {
                    Vectors.AddScaled(c[j], B[i].AsSpan(j * p1, p1), Bc);
                    Vectors.AddScaled(c[j], S.AsSpan(j * p2, p2), Sc);
                    coarse[j] = w * Vectors.Dot(B[i].AsSpan(j * p1, p1), a);
                }

                h[i][r] = -2 * (Vectors.Dot(a, Ma) + Vectors.Dot(a, Bc) + Vectors.Dot(c, Sc));
                Vectors.AddScaled(2 * w, Ma, fine);
                Vectors.AddScaled(w, Bc, fine);
                Vectors.AddScaled(2 * w, Sc, coarse);
            }
        }

        return (h, ofFine, ofCoarse);
    }

    /// <summary>What the mode's movement adds: a = M⁻¹(T'Z'c − 2 alpha) over all effects of the coarse level.</summary>
    private void AddMode(int level, int[][] rows, double[] u, double[] v, NodeSums sums, double[][] h)
    {
        var densities = deviance.Mode.Densities;
        var (g, gv) = (sums.Alpha, sums.AlphaV);
        Vectors.Scale(-2, g);
        Vectors.Scale(-2, gv);
        var c = new double[rows.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            c[i] = new double[rows[i].Length];
            for (var r = 0; r < rows[i].Length; r++)
            {
                c[i][r] = -h[i][r] * densities.Third[rows[i][r]];
                Vectors.AddScaled(c[i][r], cluster.A[i].AsSpan(r * p1, p1), g.AsSpan(i * p1, p1));
                Vectors.AddScaled(c[i][r], cluster.C[i].AsSpan(r * p2, p2), gv);
                for (var q = 0; q < psi.Length; q++) Parameters[q] -= h[i][r] * densities.CrossWeights[q][rows[i][r]];
            }
        }

        SolveJoint(rows.Length, g, gv);
        var (fineScores, coarseScores) = (owner.FineEffects(deviance, deviance.Mode.v, level), owner.CoarseEffects(deviance, deviance.Mode.v, level));
        for (var i = 0; i < rows.Length; i++)
        {
            for (var r = 0; r < rows[i].Length; r++)
            {
                var row = rows[i][r];
                var s = Vectors.Dot(cluster.A[i].AsSpan(r * p1, p1), g.AsSpan(i * p1, p1)) + Vectors.Dot(cluster.C[i].AsSpan(r * p2, p2), gv);
                for (var q = 0; q < psi.Length; q++) Parameters[q] += s * densities.Cross[q][row];
                var rest = c[i][r] - (densities.Weights[row] * s);
                Response[row] += rest;
                owner.Fine.AddOuter(rest, row, u.AsSpan(i * p1, p1), FineSlope);
                owner.Coarse.AddOuter(rest, row, v, CoarseSlope);
            }

            for (var j = 0; j < p1; j++) Vectors.AddScaled(g[(i * p1) + j], fineScores.AsSpan(i * p1, p1), FineSlope.AsSpan(j * p1, p1));
        }

        for (var j = 0; j < p2; j++) Vectors.AddScaled(gv[j], coarseScores, CoarseSlope.AsSpan(j * p2, p2));
    }

    /// <summary>[M_i B_i; B_i' ·]⁻¹ in place.</summary>
    private void SolveJoint(int levels, double[] g, double[] gv)
    {
        for (var i = 0; i < levels; i++)
        {
            for (var j = 0; j < p2; j++) gv[j] -= Vectors.Dot(cluster.Q[i].AsSpan(j * p1, p1), g.AsSpan(i * p1, p1));
        }

        TriangularSolve.Lower(cluster.RS, p2, p2, gv, 1, p2);
        TriangularSolve.LowerTransposed(cluster.RS, p2, p2, gv, 1, p2);
        for (var i = 0; i < levels; i++)
        {
            var own = g.AsSpan(i * p1, p1);
            TriangularSolve.Lower(cluster.R[i], p1, p1, own, 1, p1);
            TriangularSolve.LowerTransposed(cluster.R[i], p1, p1, own, 1, p1);
            for (var j = 0; j < p2; j++) Vectors.AddScaled(-gv[j], cluster.Q[i].AsSpan(j * p1, p1), own);
        }
    }

    /// <summary>What is summed over the nodes of a coarse level.</summary>
    private sealed class NodeSums(int levels, int p1, int p2)
    {
        public double[] Alpha { get; } = new double[levels * p1];

        public double[] AlphaV { get; } = new double[p2];

        public double[][] C { get; } = [.. Enumerable.Range(0, levels).Select(_ => new double[p1 * p1])];

        public double[] CS { get; } = new double[p2 * p2];

        public double[][] D { get; } = [.. Enumerable.Range(0, levels).Select(_ => new double[p1 * p2])];
    }
}

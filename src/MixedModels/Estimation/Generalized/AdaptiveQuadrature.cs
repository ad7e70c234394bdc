using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Generalized;

/// <summary>
/// What adaptive Gauss–Hermite quadrature adds to Laplace's approximation where all terms share one grouping factor, and the exact gradient
/// of the sum, nodes and scale moving with the parameters.
/// </summary>
/// <remarks>
/// With shares pi_k of the nodes, s_k = T'Z_l'l'_k − u_k, C = Σ pi_k x_k (R⁻¹s_k)', D its lower triangle, halved and mirrored (diagonal halved),
/// N_l = ½M_l⁻¹ + R⁻ᵀD R⁻¹, h_i = 2 z_i'T N_l T'z_i and a_l = M_l⁻¹(T'Z_l'c − 2Σ pi_k s_k), c = −h∘l''', s = ZTa, kappa = Z'(c − W s): (5)
/// dd/dbeta = X'(−2Σ pi_k l'_k + c − W s), dd/dpsi as in (3) with the nodes' mean in the place of the mode, (6)
/// dd/dT = Σ_l [−2Σ pi_k (Z_l'l'_k)u_k' + kappa_l û_l' + v_l a_l' + 4 A_l T N_l]. (7)
/// With one point x = 0 these are (2) to (4). Docs: docs/generalized-models.md, section 4.
/// </remarks>
internal sealed class AdaptiveQuadrature : IQuadrature
{
    private readonly GeneralizedData data;
    private readonly int[] levelStart;
    private readonly int p;
    private readonly int[] rows;
    private readonly QuadratureLevel level;
    private readonly QuadratureGrid grid;
    private readonly StackedTerms terms;
    private readonly double[][] z;

    /// <summary>The quadrature of some data.</summary>
    /// <param name="data">The data; all terms on one grouping factor.</param>
    /// <param name="standardized">Its columns.</param>
    /// <param name="points">Points a dimension, at least 2.</param>
    public AdaptiveQuadrature(GeneralizedData data, StandardizedData standardized, int points)
    {
        this.data = data;
        terms = new(data, standardized, [.. Enumerable.Range(0, data.Linear.Terms.Count)]);
        (p, z) = (terms.p, terms.Z);
        grid = new(new GaussHermiteRule(points), p);
        level = new(data, grid);
        var factor = data.Linear.Terms[0];
        rows = factor.RowsByLevel();
        levelStart = new int[factor.LevelCount + 1];
        foreach (var own in factor.LevelOfRow.Span) levelStart[own + 1]++;
        for (var l = 0; l < factor.LevelCount; l++) levelStart[l + 1] += levelStart[l];
    }

    /// <inheritdoc/>
    public IQuadrature Of(GeneralizedData other, StandardizedData standardized) => new AdaptiveQuadrature(other, standardized, grid.Points);

    /// <summary>Whether all terms share one grouping factor.</summary>
    public static bool Applies(LinearData data) =>
        data.Terms.Count > 0 && data.Terms.All(term => !term.HasSeveralLevels && term.LevelOfRow.Span.SequenceEqual(data.Terms[0].LevelOfRow.Span));

    /// <summary>The nodes of a level that so many points would make.</summary>
    public static double NodesOf(LinearData data, int points) => Math.Pow(points, data.Terms.Sum(term => term.Dimension));

    /// <inheritdoc/>
    public double Difference(LaplaceDeviance deviance, ReadOnlySpan<double> phi)
    {
        var T = terms.Factor(deviance.Layout.Factors(deviance.Theta(phi)));
        var u = new double[p];
        var sum = 0.0;
        for (var l = 0; l + 1 < levelStart.Length; l++)
        {
            terms.Effects(deviance.Predictor.Offsets, deviance.Mode.u, l, u);
            if (!level.Evaluate(RowsOf(l), z, T, deviance.Mode, u, deviance.Psi(phi))) return double.NaN;
            sum += level.LogRatio;
        }

        return -2 * sum;
    }

    /// <inheritdoc/>
    public double[] Gradient(LaplaceDeviance deviance, ReadOnlySpan<double> phi)
    {
        var gradient = new double[deviance.Dimension];
        var (layout, predictor) = (deviance.Layout, deviance.Predictor);
        var parameters = deviance.Psi(phi).ToArray();
        for (var k = 0; k < parameters.Length; k++) deviance.Mode.Densities.EvaluateParameter(k, deviance.Mode.Eta, parameters);
        var T = terms.Factor(deviance.Layout.Factors(deviance.Theta(phi)));
        var pieces = new LevelPieces(this, deviance, T, parameters);
        for (var l = 0; l + 1 < levelStart.Length; l++) pieces.Add(l);
        terms.AddSlopes(layout, deviance.Theta(phi), pieces.Slope, gradient);
        predictor.FixedProducts(pieces.Response, gradient.AsSpan(layout.Count, predictor.p));
        pieces.Parameters.CopyTo(gradient, deviance.FirstPsi);
        return gradient;
    }

    private ReadOnlySpan<int> RowsOf(int l) => rows.AsSpan(levelStart[l], levelStart[l + 1] - levelStart[l]);

    /// <summary>The sums of equations (5) to (7), a level added at a time.</summary>
    private sealed class LevelPieces(AdaptiveQuadrature owner, LaplaceDeviance deviance, double[] T, double[] psi)
    {
        private readonly int p = owner.p;
        private readonly double[] u = new double[owner.p];
        private readonly double[] v = new double[owner.p];

        /// <summary>dd/dT (p×p).</summary>
        public double[] Slope { get; } = new double[owner.p * owner.p];

        /// <summary>The n-vector of (6).</summary>
        public double[] Response { get; } = new double[owner.data.n];

        /// <summary>dd/dpsi.</summary>
        public double[] Parameters { get; } = new double[psi.Length];

        public void Add(int l)
        {
            var rows = owner.RowsOf(l);
            var level = owner.level;
            owner.terms.Effects(deviance.Predictor.Offsets, deviance.Mode.u, l, u);
            owner.terms.Effects(deviance.Predictor.Offsets, deviance.Mode.v, l, v);
            level.Evaluate(rows, owner.z, T, deviance.Mode, u, psi);
            var (sigma, C) = AddNodes(rows);
            var N = QuadratureCurvature.Of(level.R, C, p);
            var (c, s) = Implicit(rows, N, sigma, out var a);
            AddRows(rows, c, s, a, N);
        }

        /// <summary>What is summed over the nodes; returns Σ pi s_k and C.</summary>
        private (double[] Sigma, double[] C) AddNodes(ReadOnlySpan<int> rows)
        {
            var level = owner.level;
            var (sigma, C, s, product, node) = (new double[p], new double[p * p], new double[p], new double[p], new double[p]);
            for (var k = 0; k < owner.grid.Count; k++)
            {
                var share = level.Shares[k];
                if (share == 0) continue;
                var delta = level.Deltas.Slice(k * p, p);
                Array.Clear(product);
                for (var j = 0; j < p; j++) s[j] = -(node[j] = u[j] + delta[j]);
                for (var i = 0; i < rows.Length; i++)
                {
                    var first = level.First[(k * rows.Length) + i];
                    Response[rows[i]] -= 2 * share * first;
                    for (var j = 0; j < p; j++) product[j] += owner.z[j][rows[i]] * first;
                    Vectors.AddScaled(first, level.Images.Slice(i * p, p), s);
                    AddParameters(rows[i], deviance.Mode.Eta[rows[i]] + Vectors.Dot(level.Images.Slice(i * p, p), delta), -2 * share);
                }

                Vectors.AddScaled(share, s, sigma);
                for (var j = 0; j < p; j++) Vectors.AddScaled(-2 * share * node[j], product, Slope.AsSpan(j * p, p));
                TriangularSolve.Lower(level.R, p, p, s, 1, p);
                for (var j = 0; j < p; j++) Vectors.AddScaled(share * s[j], owner.grid.Nodes.AsSpan(k * p, p), C.AsSpan(j * p, p));
            }

            return (sigma, C);
        }

        private void AddParameters(int row, double eta, double factor)
        {
            for (var q = 0; q < psi.Length; q++)
                Parameters[q] += factor * owner.data.Frequency(row) * owner.data.Family.ParameterDerivative(q, owner.data.Rows[row], eta, psi).Value;
        }

        /// <summary>c, s and a of (5).</summary>
        private (double[] C, double[] S) Implicit(ReadOnlySpan<int> rows, double[] N, double[] sigma, out double[] a)
        {
            var (level, densities) = (owner.level, deviance.Mode.Densities);
            var (c, s, image) = (new double[rows.Length], new double[rows.Length], new double[p]);
            a = new double[p];
            for (var i = 0; i < rows.Length; i++)
            {
                var own = level.Images.Slice(i * p, p);
                Array.Clear(image);
                for (var j = 0; j < p; j++) Vectors.AddScaled(own[j], N.AsSpan(j * p, p), image);
                var h = 2 * Vectors.Dot(own, image);
                c[i] = -h * densities.Third[rows[i]];
                Vectors.AddScaled(c[i], own, a);
                for (var q = 0; q < psi.Length; q++) Parameters[q] -= h * densities.CrossWeights[q][rows[i]];
            }

            Vectors.AddScaled(-2, sigma, a);
            TriangularSolve.Lower(level.R, p, p, a, 1, p);
            TriangularSolve.LowerTransposed(level.R, p, p, a, 1, p);
            for (var i = 0; i < rows.Length; i++)
            {
                s[i] = Vectors.Dot(level.Images.Slice(i * p, p), a);
                for (var q = 0; q < psi.Length; q++) Parameters[q] += s[i] * densities.Cross[q][rows[i]];
            }

            return (c, s);
        }

        private void AddRows(ReadOnlySpan<int> rows, double[] c, double[] s, double[] a, double[] N)
        {
            var weights = deviance.Mode.Densities.Weights;
            var (kappa, A) = (new double[p], new double[p * p]);
            for (var i = 0; i < rows.Length; i++)
            {
                var rest = c[i] - (weights[rows[i]] * s[i]);
                Response[rows[i]] += rest;
                for (var j = 0; j < p; j++)
                {
                    kappa[j] += rest * owner.z[j][rows[i]];
                    for (var k = 0; k < p; k++) A[k + (j * p)] += weights[rows[i]] * owner.z[j][rows[i]] * owner.z[k][rows[i]];
                }
            }

            for (var j = 0; j < p; j++)
            {
                Vectors.AddScaled(u[j], kappa, Slope.AsSpan(j * p, p));
                Vectors.AddScaled(a[j], v, Slope.AsSpan(j * p, p));
            }

            var TN = new double[p * p];
            Product.Add(1, T, p, false, N, p, false, TN, p, p, p, p);
            Product.Add(4, A, p, false, TN, p, false, Slope, p, p, p, p);
        }
    }
}

using MixedModels.Estimation.Storage;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// Where the optimiser starts: variances by the method of moments, one for every column of Z, taken as independent.
/// Never at zero, where the gradient in T vanishes whatever the data say.
/// </summary>
/// <remarks>
/// With e the least squares residual, P = I − QQ' and any weights omega of effects, Omega_a = diag(omega) on the effects of column a:
/// E‖Omega_a^½Z_a'e‖² = Σ_b g_b‖Omega_a^½Z_a'PZ_b‖² + sigma² tr(Omega_a Z_a'PZ_a) and E e'e = Σ_b g_b tr(Z_b'PZ_b) + sigma²(n − p).
/// Solved twice, with weights 1 (MINQUE with prior weights 0; Rao 1971, J. Multivariate Analysis 1, 257–275), then with those of
/// the first solution says, (A_ii/Var z_i'e)², so that a few large levels do not drown the many small ones.
/// </remarks>
internal static class StartValues
{
    /// <summary>The least variance a column starts with, as a share of what makes between- and within-level variation equal.</summary>
    private const double LeastShare = 0.05;

    /// <summary>A share of each effect's own scale that is added to given covariances, as from one without variance no step could leave.</summary>
    private const double LeastVariance = 1e-3;

    /// <summary>The largest relative variance to start with; more is reached by steps.</summary>
    private const double MostRelativeVariance = 1e4;

    /// <summary>A column of which less than this share is left beside X (or of zeros) has no moments: what is left of it is rounding.</summary>
    private const double ExplainedShare = 1e-10;

    /// <summary>Writes start parameters for every term.</summary>
    public static double[] Compute(ProfiledDeviance deviance, StandardizedData data)
    {
        var system = deviance.System;
        var moments = new Moments(system, ColumnOfEffect(system, out var columns), columns, data.Data.n, data.Data.p);
        var omega = new double[system.q];
        Array.Fill(omega, 1);
        var rough = moments.Solve(omega);
        moments.WeighByVariance(rough, omega);
        var ratios = moments.Solve(omega);

        var theta = new double[deviance.Layout.Count];
        var column = 0;
        for (var t = 0; t < system.Terms.Count; t++)
        {
            var p = system.Terms[t].Dimension;
            var variances = new double[p];
            for (var i = 0; i < p; i++, column++)
            {
                // A standardised column has the sum of squares n.
                var hasMoments = moments.Traces[column] > ExplainedShare * data.Data.n;
                var balanced = system.Terms[t].LevelCount / (hasMoments ? moments.Traces[column] : data.Data.n);
                var ratio = hasMoments && !double.IsNaN(ratios[column]) ? ratios[column] : balanced;
                variances[i] = Math.Clamp(ratio, LeastShare * Math.Min(balanced, 1e6), MostRelativeVariance * Math.Max(1, balanced));
            }

            deviance.Layout.Structure(t).Start(variances, deviance.Layout.Slice(theta.AsSpan(), t));
        }

        return theta;
    }

    /// <summary>The parameters at given covariances over sigma², one p_t×p_t a term, column-major, in the user's units.</summary>
    public static double[] FromCovariances(IReadOnlyList<double[]> relative, StandardizedData data, ThetaLayout layout)
    {
        var theta = new double[layout.Count];
        for (var t = 0; t < layout.TermCount; t++)
        {
            var p = layout.Structure(t).Dimension;
            var standardized = Congruence(data.K[t], relative[t], p);
            for (var i = 0; i < p; i++) standardized[i * (p + 1)] += LeastVariance;
            layout.Structure(t).FromCovariance(standardized, layout.Slice(theta.AsSpan(), t));
        }

        return theta;
    }

    /// <summary>Start parameters where there is no residual: equal variances, since only their ratios count.</summary>
    public static double[] WithoutResidual(ProfiledDeviance deviance)
    {
        var theta = new double[deviance.Layout.Count];
        for (var t = 0; t < deviance.Layout.TermCount; t++)
        {
            var variances = new double[deviance.Layout.Structure(t).Dimension];
            Array.Fill(variances, 1);
            deviance.Layout.Structure(t).Start(variances, deviance.Layout.Slice(theta.AsSpan(), t));
        }

        return theta;
    }

    /// <summary>K G K'.</summary>
    private static double[] Congruence(double[] K, double[] G, int p)
    {
        var half = new double[p * p];
        Product.Add(1, K, p, false, G, p, false, half, p, p, p, p);
        var result = new double[p * p];
        Product.Add(1, half, p, false, K, p, true, result, p, p, p, p);
        return result;
    }

    private static int[] ColumnOfEffect(PenalizedSystem system, out int columns)
    {
        var columnOf = new int[system.q];
        columns = 0;
        for (var t = 0; t < system.Terms.Count; t++)
        {
            var p = system.Terms[t].Dimension;
            for (var e = system.Offset(t); e < system.Offset(t + 1); e += p)
            {
                for (var i = 0; i < p; i++) columnOf[e + i] = columns + i;
            }

            columns += p;
        }

        return columnOf;
    }

    /// <summary>The sums that the equations need, from one visit of A and C; the weights come later.</summary>
    private sealed class Moments
    {
        private readonly double[] C;
        private readonly int columns;
        private readonly int n;
        private readonly int[] offsets;
        private readonly int p;
        private readonly double[][] plain;
        private readonly double[] squares;
        private readonly IReadOnlyList<RandomTermData> terms;

        public Moments(PenalizedSystem system, int[] columnOf, int columns, int n, int p)
        {
            terms = system.Terms;
            offsets = [.. Enumerable.Range(0, terms.Count).Select(system.Offset)];
            (ColumnOf, this.columns, this.n, this.p) = (columnOf, columns, n, p);
            (A, squares, C) = (new double[system.q], new double[system.q * columns], ByEffect(system));
            Traces = new double[columns];
            system.VisitCrossProducts(Add);
            plain = Gram(null);
            for (var e = 0; e < A.Length; e++) Traces[columnOf[e]] += A[e] - Inner(e, e);
        }

        /// <summary>The column of Z of every effect.</summary>
        public int[] ColumnOf { get; }

        /// <summary>The diagonal of A.</summary>
        public double[] A { get; }

        /// <summary>tr(Z_a'PZ_a) of every column.</summary>
        public double[] Traces { get; }

        /// <summary>omega_i = (A_ii/Var(z_i'e))² with the variance that relative variances give, sigma² = 1.</summary>
        public void WeighByVariance(double[] ratios, double[] omega)
        {
            for (var e = 0; e < omega.Length; e++)
            {
                var variance = A[e];
                for (var b = 0; b < columns; b++) variance += Math.Max(0, ratios[b]) * Math.Max(0, squares[(e * columns) + b]);
                var share = A[e] / variance;
                omega[e] = A[e] > 0 ? share * share : 1;
            }
        }

        /// <summary>The variances relative to sigma², NaN where sigma² comes out negative and 0 where the equations are singular.</summary>
        public double[] Solve(double[] omega)
        {
            var order = columns + 1;
            var equations = new double[order * order];
            var right = new double[order];
            var weighted = Gram(omega);
            for (var e = 0; e < A.Length; e++)
            {
                var a = ColumnOf[e];
                for (var b = 0; b < columns; b++) equations[a + (b * order)] += omega[e] * squares[(e * columns) + b];
                var toResponse = C[(e * (p + 1)) + p];
                equations[a + (columns * order)] += omega[e] * (A[e] - Inner(e, e));
                right[a] += omega[e] * toResponse * toResponse;
            }

            for (var a = 0; a < columns; a++)
            {
                for (var b = 0; b < columns; b++) equations[a + (b * order)] += Vectors.Dot(weighted[a], plain[b]);
                equations[columns + (a * order)] = Traces[a];
            }

            equations[columns + (columns * order)] = n - p;
            right[columns] = n;
            if (!LinearSolve.InPlace(equations, right, order)) Array.Clear(right);
            var ratios = right[..columns];
            for (var a = 0; a < columns; a++) ratios[a] = right[columns] > 0 ? ratios[a] / right[columns] : double.NaN;
            return ratios;
        }

        // ‖A − CC'‖² = ‖A‖² − 2<A, CC'> + ‖CC'‖², the first two over the entries of A.
        private void Add(int i, int j, double value)
        {
            var product = Inner(i, j);
            var amount = value * (value - (2 * product));
            squares[(i * columns) + ColumnOf[j]] += amount;
            if (i == j) A[i] = value;
            else squares[(j * columns) + ColumnOf[i]] += amount;
        }

        /// <summary>C_i'C_j over the columns of X: mostly few, so that a plain loop is quickest.</summary>
        private double Inner(int i, int j)
        {
            ReadOnlySpan<double> first = C.AsSpan(i * (p + 1), p), second = C.AsSpan(j * (p + 1), p);
            var sum = 0.0;
            for (var c = 0; c < first.Length && c < second.Length; c++) sum += first[c] * second[c];
            return sum;
        }

        /// <summary>C with the p + 1 numbers of an effect side by side.</summary>
        private static double[] ByEffect(PenalizedSystem system)
        {
            var (q, m) = (system.q, system.m);
            var source = system.C;
            var result = new double[q * m];
            for (var c = 0; c < m; c++)
            {
                for (var e = 0; e < q; e++) result[(e * m) + c] = source[e + (c * q)];
            }

            return result;
        }

        /// <summary>C_a'Omega_aC_a (p×p) of every column.</summary>
        private double[][] Gram(double[]? omega)
        {
            var scaled = C;
            if (omega is not null)
            {
                scaled = new double[C.Length];
                for (var e = 0; e < omega.Length; e++) Vectors.CopyScaled(Math.Sqrt(omega[e]), C.AsSpan(e * (p + 1), p + 1), scaled.AsSpan(e * (p + 1), p + 1));
            }

            var gram = new double[columns][];
            for (int t = 0, a = 0; t < terms.Count; t++)
            {
                var (size, levels) = (terms[t].Dimension, terms[t].LevelCount);
                for (var i = 0; i < size; i++, a++)
                {
                    gram[a] = new double[p * p];
                    Product.AddSymmetricRankUpdate(1, scaled.AsSpan((offsets[t] + i) * (p + 1)), size * (p + 1), false, gram[a], p, p, levels);
                    Symmetric.MirrorLower(gram[a], p, p);
                }
            }

            return gram;
        }
    }
}

using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// Where the optimiser starts: variances by the method of moments, one for every column of Z, taken as independent.
/// Never at zero, where the gradient in T vanishes whatever the data say.
/// </summary>
/// <remarks>
/// With e the least squares residual and P = I − QQ': E‖Z_a'e‖² = Σ_b g_b‖Z_a'PZ_b‖² + sigma² tr(Z_a'PZ_a) and
/// E e'e = Σ_b g_b tr(Z_b'PZ_b) + sigma²(n − p) (MINQUE with prior weights 0; Rao 1971, J. Multivariate Analysis 1, 257–275).
/// </remarks>
internal static class StartValues
{
    /// <summary>The least variance a column starts with, as a share of what makes between- and within-level variation equal.</summary>
    private const double LeastShare = 0.05;

    /// <summary>The largest relative variance to start with; more is reached by steps.</summary>
    private const double MostRelativeVariance = 1e4;

    /// <summary>A column of which less than this share is left beside X (or of zeros) has no moments: what is left of it is rounding.</summary>
    private const double ExplainedShare = 1e-10;

    /// <summary>Writes start parameters for every term.</summary>
    public static double[] Compute(ProfiledDeviance deviance, StandardizedData data)
    {
        var system = deviance.System;
        var columnOf = ColumnOfEffect(system, out var columns);
        var order = columns + 1;
        var equations = new double[order * order];
        var right = new double[order];
        FillEquations(system, columnOf, data.Data.n, data.Data.p, equations, right);
        var traces = equations.AsSpan(columns * order, columns).ToArray();
        if (!LinearSolve.InPlace(equations, right, order)) Array.Clear(right);

        var theta = new double[deviance.Layout.Count];
        var column = 0;
        for (var t = 0; t < system.Terms.Count; t++)
        {
            var p = system.Terms[t].Dimension;
            var G = new double[p * p];
            for (var i = 0; i < p; i++, column++)
            {
                // A standardised column has the sum of squares n.
                var left = traces[column] > ExplainedShare * data.Data.n ? traces[column] : data.Data.n;
                var balanced = system.Terms[t].LevelCount / left;
                var ratio = right[columns] > 0 ? right[column] / right[columns] : balanced;
                G[i + (i * p)] = Math.Clamp(ratio, LeastShare * Math.Min(balanced, 1e6), MostRelativeVariance * Math.Max(1, balanced));
            }

            deviance.Layout.Structure(t).FromCovariance(G, deviance.Layout.Slice(theta.AsSpan(), t));
        }

        return theta;
    }

    private static int[] ColumnOfEffect(PenalizedSystem system, out int columns)
    {
        var columnOf = new int[system.q];
        columns = 0;
        for (var t = 0; t < system.Terms.Count; t++)
        {
            var p = system.Terms[t].Dimension;
            for (var e = 0; e < system.Terms[t].LevelCount * p; e++) columnOf[system.Offset(t) + e] = columns + (e % p);
            columns += p;
        }

        return columnOf;
    }

    private static void FillEquations(PenalizedSystem system, int[] columnOf, int n, int p, double[] equations, double[] right)
    {
        var (q, order) = (system.q, right.Length);
        var columns = order - 1;

        // ‖A − CC'‖² = ‖A‖² − 2<A, CC'> + <C'C, C'C>, the first two over the entries of A.
        var C = system.C.ToArray();
        system.VisitCrossProducts((i, j, value) =>
        {
            var product = 0.0;
            for (var c = 0; c < p; c++) product += C[i + (c * q)] * C[j + (c * q)];
            var amount = value * (value - (2 * product));
            equations[columnOf[i] + (columnOf[j] * order)] += amount;
            if (i != j) equations[columnOf[j] + (columnOf[i] * order)] += amount;
            if (i == j)
            {
                equations[columnOf[i] + (columns * order)] += value;
                equations[columns + (columnOf[i] * order)] += value;
            }
        });
        var gram = GramByColumn(C, columnOf, q, p, columns);
        for (var a = 0; a < columns; a++)
        {
            for (var b = 0; b < columns; b++) equations[a + (b * order)] += Vectors.Dot(gram[a], gram[b]);
            var explained = 0.0;
            for (var c = 0; c < p; c++) explained += gram[a][c + (c * p)];
            equations[a + (columns * order)] -= explained;
            equations[columns + (a * order)] -= explained;
        }

        equations[columns + (columns * order)] = n - p;
        for (var e = 0; e < q; e++) right[columnOf[e]] += C[e + (p * q)] * C[e + (p * q)];
        right[columns] = n;
    }

    /// <summary>C_a'C_a (p×p) for the effects of every column of Z.</summary>
    private static double[][] GramByColumn(double[] C, int[] columnOf, int q, int p, int columns)
    {
        var gram = new double[columns][];
        for (var a = 0; a < columns; a++) gram[a] = new double[p * p];
        for (var c = 0; c < p; c++)
        {
            for (var d = 0; d < p; d++)
            {
                for (var e = 0; e < q; e++) gram[columnOf[e]][c + (d * p)] += C[e + (c * q)] * C[e + (d * q)];
            }
        }

        return gram;
    }
}

using MixedModels.Covariance;
using MixedModels.Design;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Prediction;

/// <summary>How far x'beta-hat + z'b-hat may be from x'beta + z'b, at the estimated variances.</summary>
/// <remarks>
/// The inverse of Henderson's equations without forming them. With F = (X'V0⁻¹X)⁻¹ its blocks over sigma² are F, −F VCX'G and
/// L M⁻¹L' + G VCX F VCX'G (Henderson 1975), so that
/// Var = sigma² [z'L M⁻¹L'z + a'F a], a = x − VCX'G z, a sum of nonnegative parts in which no covariance is inverted.
/// Effects of a level that the fit has not seen are independent of all else: they add sigma² z'G_t z.
/// </remarks>
internal sealed class PredictionVariance
{
    private readonly ProfiledDeviance deviance;
    private readonly double[][] G;
    private readonly int p;
    private readonly StandardizedData data;
    private readonly int[] start;

    private PredictionVariance(StandardizedData data, ProfiledDeviance deviance, double[] theta)
    {
        (this.data, this.deviance, p) = (data, deviance, data.Data.p);
        var layout = deviance.Layout;
        G = [.. Enumerable.Range(0, layout.TermCount).Select(t => RelativeCovariance.Of(layout.Structure(t), layout.Slice(theta, t)))];
        start = new int[G.Length + 1];
        for (var t = 0; t < G.Length; t++) start[t + 1] = start[t] + data.Data.Terms[t].Dimension;
    }

    /// <summary>The variances, one a complete row of <paramref name="rows"/>.</summary>
    /// <param name="estimate">The fit.</param>
    /// <param name="theta">Its covariance parameters.</param>
    /// <param name="rows">The columns and levels; a level of −1 is new.</param>
    /// <param name="terms">The random terms of <paramref name="rows"/>; those not among them count as known to be zero.</param>
    /// <remarks>A row costs O(p² + p Σp_t), and with several factors the square of the number of other levels its leading level meets.</remarks>
    public static double[] Of(LinearEstimate estimate, double[] theta, NewDataDesign rows, IReadOnlyList<int> terms) =>
        estimate.AtOptimum((data, deviance) =>
        {
            var variances = new PredictionVariance(data, deviance, theta).Relative(rows, terms);
            Vectors.Scale(estimate.Sigma * estimate.Sigma, variances);
            return variances;
        });

    private double[] Relative(NewDataDesign rows, IReadOnlyList<int> terms)
    {
        var n = rows.Rows.Length;
        var variances = new double[n];
        var levels = new int[G.Length];
        Array.Fill(levels, -1);
        var z = new double[start[^1]];
        var a = new double[p];
        var several = new List<(int Effect, double Weight)>();
        for (var r = 0; r < n; r++)
        {
            several.Clear();
            for (var j = 0; j < p; j++) a[j] = rows.X.Span[r + (j * n)];
            SolveTransposed(data.R, p, a);
            for (var k = 0; k < terms.Count; k++)
            {
                var (t, row) = (terms[k], rows.RandomTerms[k]);
                if (row.Memberships is { } memberships)
                {
                    variances[r] += AddMemberships(t, row, memberships, r, a, several);
                    continue;
                }

                var own = z.AsSpan(start[t]..start[t + 1]);
                for (var j = 0; j < own.Length; j++) own[j] = row.Z.Span[r + (j * n)];
                SolveTransposed(data.K[t], own.Length, own);
                levels[t] = row.LevelOfRow.Span[r];
                if (levels[t] < 0) variances[r] += Form(G[t], own);
                else SubtractKnown(t, levels[t], own, a);
            }

            TriangularSolve.Lower(deviance.RX, p, p, a, 1, p);
            variances[r] += Vectors.SumOfSquares(a) + (several.Count == 0 ? deviance.System.ConditionalVariance(levels, z) : Together(levels, z, several));
        }

        return variances;
    }

    /// <summary>The same for a row with several levels of a term: known ones join <paramref name="known"/>; returns what new ones add.</summary>
    private double AddMemberships(int term, NewDataRandomTerm row, Memberships memberships, int r, double[] a, List<(int Effect, double Weight)> known)
    {
        var (n, variance) = (memberships.RowStart.Length - 1, 0.0);
        var own = new double[start[term + 1] - start[term]];
        for (var e = memberships.RowStart.Span[r]; e < memberships.RowStart.Span[r + 1]; e++)
        {
            for (var j = 0; j < own.Length; j++) own[j] = memberships.Weights.Span[e] * row.Z.Span[r + (j * n)];
            SolveTransposed(data.K[term], own.Length, own);
            var level = memberships.Levels.Span[e];
            if (level < 0)
            {
                variance += Form(G[term], own);
                continue;
            }

            SubtractKnown(term, level, own, a);
            for (var j = 0; j < own.Length; j++) known.Add((deviance.System.Offset(term) + (level * own.Length) + j, own[j]));
        }

        return variance;
    }

    /// <summary>z'L M⁻¹L'z with the levels of ordinary terms beside those of rows that have several.</summary>
    private double Together(ReadOnlySpan<int> levels, ReadOnlySpan<double> z, List<(int Effect, double Weight)> several)
    {
        for (var t = 0; t < levels.Length; t++)
        {
            for (var j = start[t]; j < start[t + 1] && levels[t] >= 0; j++)
                several.Add((deviance.System.Offset(t) + (levels[t] * (start[t + 1] - start[t])) + j - start[t], z[j]));
        }

        return deviance.System.ConditionalVarianceOf([.. several.Select(entry => entry.Effect)], [.. several.Select(entry => entry.Weight)]);
    }

    /// <summary>a −= VCX'G z for one term's level.</summary>
    private void SubtractKnown(int term, int level, ReadOnlySpan<double> z, double[] a)
    {
        var (size, system) = (z.Length, deviance.System);
        Span<double> image = stackalloc double[size];
        image.Clear();
        for (var j = 0; j < size; j++) Vectors.AddScaled(z[j], G[term].AsSpan(j * size, size), image);
        var first = system.Offset(term) + (level * size);
        var VC = system.VC;
        for (var c = 0; c < a.Length; c++) a[c] -= Vectors.Dot(VC.Slice((c * system.q) + first, size), image);
    }

    private static double Form(double[] S, ReadOnlySpan<double> z)
    {
        var form = 0.0;
        for (var j = 0; j < z.Length; j++) form += z[j] * Vectors.Dot(S.AsSpan(j * z.Length, z.Length), z);
        return form;
    }

    /// <summary>b := R⁻ᵀb; R' is lower triangular but stored as the upper triangle R.</summary>
    private static void SolveTransposed(ReadOnlySpan<double> R, int p, Span<double> b)
    {
        for (var j = 0; j < p; j++)
        {
            for (var k = 0; k < j; k++) b[j] -= R[k + (j * p)] * b[k];
            b[j] /= R[j * (p + 1)];
        }
    }
}

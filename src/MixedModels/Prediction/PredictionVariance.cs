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
    /// <param name="residuals">What known residuals say about those of the rows; null where they take no part.</param>
    /// <remarks>A row costs O(p² + p Σp_t), and with several factors the square of the number of other levels its leading level meets.</remarks>
    public static double[] Of(LinearEstimate estimate, double[] theta, NewDataDesign rows, IReadOnlyList<int> terms, NewResiduals? residuals = null) =>
        estimate.AtOptimum((data, deviance) =>
        {
            var variances = new PredictionVariance(data, deviance, theta).Relative(rows, terms, residuals);
            Vectors.Scale(estimate.Sigma * estimate.Sigma, variances);
            return variances;
        });

    /// <summary>The rows with x less what known residuals explain, u'WX.</summary>
    public static NewDataDesign WithoutKnown(LinearEstimate estimate, NewDataDesign rows, NewResiduals residuals) => estimate.AtOptimum((data, _) =>
    {
        var (m, n, p) = (rows.Rows.Length, data.Data.n, data.Data.p);
        var X = rows.X.ToArray();
        for (var r = 0; r < m; r++)
        {
            foreach (var (row, weight) in residuals.Known[r])
            {
                for (var j = 0; j < p; j++)
                {
                    for (var k = 0; k <= j; k++) X[r + (j * m)] -= weight * data.Q[row + (k * n)] * data.R[k + (j * p)];
                }
            }
        }

        return new NewDataDesign(rows.TableRows, rows.Rows, X, rows.Offset, rows.RandomTerms);
    });

    private double[] Relative(NewDataDesign rows, IReadOnlyList<int> terms, NewResiduals? residuals)
    {
        var n = rows.Rows.Length;
        var variances = new double[n];
        var levels = new int[G.Length];
        Array.Fill(levels, -1);
        var z = new double[start[^1]];
        var a = new double[p];
        var hasSeveral = terms.Where((_, k) => rows.RandomTerms[k].Memberships is not null).Any();
        for (var r = 0; r < n; r++)
        {
            for (var j = 0; j < p; j++) a[j] = rows.X.Span[r + (j * n)];
            SolveTransposed(data.R, p, a);
            if (hasSeveral || residuals?.Known[r] is [_, ..])
            {
                variances[r] = OfSeveralLevels(rows, terms, r, residuals?.Known[r] ?? [], a);
                continue;
            }

            for (var k = 0; k < terms.Count; k++)
            {
                var t = terms[k];
                var own = z.AsSpan(start[t]..start[t + 1]);
                for (var j = 0; j < own.Length; j++) own[j] = rows.RandomTerms[k].Z.Span[r + (j * n)];
                SolveTransposed(data.K[t], own.Length, own);
                levels[t] = rows.RandomTerms[k].LevelOfRow.Span[r];
                if (levels[t] < 0) variances[r] += Form(G[t], own);
                else SubtractKnown(t, levels[t], own, a);
            }

            TriangularSolve.Lower(deviance.RX, p, p, a, 1, p);
            variances[r] += Vectors.SumOfSquares(a) + deviance.System.ConditionalVariance(levels, z);
        }

        return variances;
    }

    /// <summary>The same of a row that has effects of several levels of a term, by membership or through known residuals.</summary>
    private double OfSeveralLevels(NewDataDesign rows, IReadOnlyList<int> terms, int r, (int Row, double Weight)[] known, double[] a)
    {
        var (variance, effects) = (0.0, new SortedDictionary<(int Term, int Level), double[]>());
        for (var k = 0; k < terms.Count; k++)
        {
            var (t, row) = (terms[k], rows.RandomTerms[k]);
            var own = new double[start[t + 1] - start[t]];
            for (var j = 0; j < own.Length; j++) own[j] = row.Z.Span[r + (j * rows.Rows.Length)];
            SolveTransposed(data.K[t], own.Length, own);
            foreach (var (level, weight) in LevelsOf(row, r))
            {
                // Levels not seen are independent of all else, and of each other.
                if (level < 0) variance += weight * weight * Form(G[t], own);
                else Add(effects, (t, level), weight, own);
            }
        }

        foreach (var (row, weight) in known)
        {
            for (var j = 0; j < p; j++) a[j] -= weight * data.Q[row + (j * data.Data.n)];
            for (var t = 0; t < G.Length; t++) SubtractRow(effects, t, row, weight);
        }

        var (places, weights) = (new List<int>(), new List<double>());
        foreach (var ((term, level), own) in effects)
        {
            SubtractKnown(term, level, own, a);
            for (var j = 0; j < own.Length; j++) places.Add(deviance.System.Offset(term) + (level * own.Length) + j);
            weights.AddRange(own);
        }

        TriangularSolve.Lower(deviance.RX, p, p, a, 1, p);
        return variance + Vectors.SumOfSquares(a) + deviance.System.ConditionalVarianceOf([.. places], [.. weights]);
    }

    private static IEnumerable<(int Level, double Weight)> LevelsOf(NewDataRandomTerm row, int r)
    {
        if (row.Memberships is not { } memberships) return [(row.LevelOfRow.Span[r], 1)];
        return Enumerable.Range(memberships.RowStart.Span[r], memberships.RowStart.Span[r + 1] - memberships.RowStart.Span[r])
            .Select(e => (memberships.Levels.Span[e], memberships.Weights.Span[e]));
    }

    /// <summary>Subtracts a whitened row's effects of one term, times its weight.</summary>
    private void SubtractRow(SortedDictionary<(int Term, int Level), double[]> effects, int term, int row, double weight)
    {
        var (own, entries) = (new double[start[term + 1] - start[term]], data.Data.Terms[term].LevelOfRow.Length);
        var (first, end) = data.Data.Terms[term].Entries(row);
        for (var e = first; e < end; e++)
        {
            for (var j = 0; j < own.Length; j++) own[j] = data.Z[term][e + (j * entries)];
            Add(effects, (term, data.Data.Terms[term].LevelOfRow.Span[e]), -weight, own);
        }
    }

    private static void Add(SortedDictionary<(int Term, int Level), double[]> effects, (int Term, int Level) place, double weight, double[] z)
    {
        if (!effects.TryGetValue(place, out var sum)) effects.Add(place, sum = new double[z.Length]);
        Vectors.AddScaled(weight, z, sum);
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

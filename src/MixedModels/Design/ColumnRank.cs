using System.Diagnostics;

namespace MixedModels.Design;

/// <summary>Finds the columns of a matrix that depend on columns before them.</summary>
/// <remarks>
/// A column counts as dependent where at most the tolerance of its norm is left once the independent columns before it are projected
/// out. Of a tall matrix a sample of rows decides where it can, rigorously: what is left over all rows is no less than what is left
/// over some of them (so independence shown by the sample holds), and no more than what any combination leaves over all rows (so the
/// sample's own combination, tried on every row, shows dependence). Where neither shows, all rows decide.
/// </remarks>
internal static class ColumnRank
{
    /// <summary>The residual norm relative to the column's norm at which a column counts as dependent, as in R's <c>lm</c> and lme4.</summary>
    public const double Tolerance = 1e-7;

    // Rounding moves a norm by far less than this factor, so a sample is trusted only beyond it.
    private const double SampleMargin = 10;

    // Rows a column that a sample has; the golden ratio spreads them without a period that a design could share.
    private const int SampleRowsPerColumn = 8;
    private const int SmallestSample = 1024;
    private const double GoldenRatio = 0.6180339887498949;

    /// <summary>The independent columns in their order; the earliest of dependent ones is kept. O(n p + p³), at worst O(n p²).</summary>
    /// <param name="X">n×p, column-major, finite.</param>
    /// <param name="rows">n.</param>
    /// <param name="columns">p.</param>
    public static List<int> Independent(ReadOnlySpan<double> X, int rows, int columns)
    {
        Debug.Assert(X.Length == rows * columns, "X is n×p.");
        var scales = new double[columns];
        var norms = new double[columns];
        for (var j = 0; j < columns; j++)
            (scales[j], norms[j]) = Measure(X.Slice(j * rows, rows));

        var sampleRows = Math.Max(SmallestSample, SampleRowsPerColumn * columns);
        if (sampleRows <= rows / 4)
        {
            var sample = new int[sampleRows];
            for (var i = 0; i < sampleRows; i++)
                sample[i] = (int)(rows * (i * GoldenRatio % 1.0));
            if (FromSample(X, rows, sample, scales, norms) is { } certain)
                return certain;
        }

        var factor = new ColumnFactorization(columns);
        factor.Fold(X, rows, scales);
        var kept = new List<int>();
        for (var j = 0; j < columns; j++)
        {
            if (norms[j] > 0 && factor.Project(j) > Tolerance * norms[j])
            {
                factor.Keep(j);
                kept.Add(j);
            }
        }

        return kept;
    }

    // Null where the sample leaves a column undecided.
    private static List<int>? FromSample(ReadOnlySpan<double> X, int rows, int[] sample, double[] scales, double[] norms)
    {
        var columns = norms.Length;
        var sampled = new double[sample.Length * columns];
        for (var j = 0; j < columns; j++)
        {
            for (var i = 0; i < sample.Length; i++)
                sampled[(j * sample.Length) + i] = X[(j * rows) + sample[i]];
        }

        var factor = new ColumnFactorization(columns);
        factor.Fold(sampled, sample.Length, scales);
        var kept = new List<int>();
        for (var j = 0; j < columns; j++)
        {
            if (norms[j] == 0)
                continue;
            if (factor.Project(j) > SampleMargin * Tolerance * norms[j])
            {
                factor.Keep(j);
                kept.Add(j);
            }
            else if (Remainder(X, rows, j, kept, factor.Combination(), scales) > Tolerance / SampleMargin * norms[j])
            {
                return null;
            }
        }

        return kept;
    }

    // ‖s_j X_j − Σ b_k s_k X_k‖ over all rows.
    private static double Remainder(ReadOnlySpan<double> X, int rows, int j, List<int> kept, double[] combination, double[] scales)
    {
        var left = new double[rows];
        DenseColumns.AddScaled(scales[j], X.Slice(j * rows, rows), left);
        for (var k = 0; k < kept.Count; k++)
        {
            if (combination[k] != 0)
                DenseColumns.AddScaled(-combination[k] * scales[kept[k]], X.Slice(kept[k] * rows, rows), left);
        }

        return Math.Sqrt(DenseColumns.Dot(left, left));
    }

    // A power of two that brings the largest entry near 1, so that no square overflows, and the norm after it; dependence has no scale.
    private static (double Scale, double Norm) Measure(ReadOnlySpan<double> column)
    {
        var largest = DenseColumns.LargestMagnitude(column);
        if (largest == 0)
            return (0, 0);
        var scale = Math.ScaleB(1, Math.Clamp(-Math.ILogB(largest), -1000, 1000));
        return (scale, Math.Sqrt(DenseColumns.SumOfSquares(scale, column)));
    }
}

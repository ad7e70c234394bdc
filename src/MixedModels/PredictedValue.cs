using System.Runtime.InteropServices;

namespace MixedModels;

/// <summary>The prediction for one row.</summary>
/// <param name="Row">The zero-based row of the table.</param>
/// <param name="Fit">The predicted mean, on the scale of the formula's response (of <c>log(y)</c>, logarithms); NaN where a value the prediction needs is missing.</param>
/// <param name="StandardError">Its standard error; null where it was not asked for.</param>
/// <param name="Lower">The lower end of its interval; null where it was not asked for.</param>
/// <param name="Upper">The upper end of its interval; null where it was not asked for.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PredictedValue(int Row, double Fit, double? StandardError = null, double? Lower = null, double? Upper = null)
{
    /// <summary>The prediction of a row with a missing value.</summary>
    internal static PredictedValue Missing(int row, PredictionOptions options) => new(
        row,
        double.NaN,
        options.NeedsVariance ? double.NaN : null,
        options.Interval is null ? null : double.NaN,
        options.Interval is null ? null : double.NaN);

    /// <summary>Whether a value the prediction needs is missing in the row.</summary>
    public bool IsMissing => double.IsNaN(Fit);
}

namespace MixedModels;

/// <summary>One marginal mean, or one slope.</summary>
/// <param name="Levels">The level of each factor asked for, by the factor's name; numbers as R writes them.</param>
/// <param name="Estimate">The estimate, on the scale asked for; NaN where the data do not determine it.</param>
/// <param name="StandardError">Its standard error; NaN with the estimate.</param>
/// <param name="DegreesOfFreedom">Degrees of freedom; null for the normal distribution.</param>
/// <param name="Lower">The lower end of the interval.</param>
/// <param name="Upper">The upper end of the interval.</param>
public sealed record MarginalMean(
    IReadOnlyDictionary<string, string> Levels, double Estimate, double StandardError, double? DegreesOfFreedom, double Lower, double Upper)
{
    /// <summary>Whether the data determine it.</summary>
    public bool IsEstimable => !double.IsNaN(Estimate);
}

/// <summary>One contrast of marginal means.</summary>
/// <param name="Contrast">Its name, such as <c>low - high</c>.</param>
/// <param name="Levels">The level of each by-factor, by the factor's name; empty without one.</param>
/// <param name="Estimate">The estimate, a ratio where <see cref="MeanContrastTable.Kind"/> says so; NaN where the data do not determine it.</param>
/// <param name="StandardError">Its standard error; NaN with the estimate.</param>
/// <param name="DegreesOfFreedom">Degrees of freedom; null for the normal distribution.</param>
/// <param name="Statistic">Estimate over standard error; of a ratio, those of its logarithm.</param>
/// <param name="PValue">Two-sided, adjusted for the family.</param>
/// <param name="Lower">The lower end of the interval, simultaneous with those of the family where it is adjusted.</param>
/// <param name="Upper">The upper end of the interval.</param>
public sealed record MeanContrast(
    string Contrast,
    IReadOnlyDictionary<string, string> Levels,
    double Estimate,
    double StandardError,
    double? DegreesOfFreedom,
    double Statistic,
    double PValue,
    double Lower,
    double Upper);

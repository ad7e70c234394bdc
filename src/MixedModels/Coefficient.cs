namespace MixedModels;

/// <summary>One row of the table of fixed effects.</summary>
/// <param name="Name">The column's name, as R names it.</param>
/// <param name="Estimate">The generalized least squares estimate at the estimated variances.</param>
/// <param name="StandardError">The square root of the diagonal of sigma² (X'V0⁻¹X)⁻¹.</param>
/// <param name="Statistic">Estimate over standard error.</param>
/// <param name="DegreesOfFreedom">Denominator degrees of freedom; null where none were asked for.</param>
/// <param name="PValue">Two-sided p-value; null where no degrees of freedom were asked for.</param>
public sealed record Coefficient(
    string Name, double Estimate, double StandardError, double Statistic, double? DegreesOfFreedom = null, double? PValue = null);

using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>The estimated covariance of one random-effects term.</summary>
/// <param name="Group">The grouping factor, <c>a:b</c> for an interaction.</param>
/// <param name="Structure">The covariance structure's name in the formula language: <c>us</c> or <c>diag</c>.</param>
/// <param name="LevelCount">The number of levels of the grouping factor that occur.</param>
/// <param name="ColumnNames">The names of the p random effects a level has.</param>
/// <param name="Covariance">p×p covariance of the effects, on the response's scale squared (variance, not SD).</param>
/// <param name="StandardDeviations">p standard deviations, the square roots of the diagonal.</param>
/// <param name="Correlations">p×p correlations; NaN where a standard deviation is 0.</param>
public sealed record RandomTermEstimate(
    string Group,
    string Structure,
    int LevelCount,
    IReadOnlyList<string> ColumnNames,
    Matrix Covariance,
    IReadOnlyList<double> StandardDeviations,
    Matrix Correlations);

using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>The conditional modes (BLUPs) of one random-effects term.</summary>
/// <param name="Group">The grouping factor, <c>a:b</c> for an interaction.</param>
/// <param name="ColumnNames">The names of the p random effects a level has.</param>
/// <param name="Levels">The q levels.</param>
/// <param name="Modes">q×p modes, on the response's scale.</param>
/// <param name="StandardDeviations">q×p conditional standard deviations given the estimated parameters.</param>
public sealed record ConditionalModes(
    string Group, IReadOnlyList<string> ColumnNames, IReadOnlyList<string> Levels, Matrix Modes, Matrix StandardDeviations)
{
    /// <summary>A level: the p×p conditional covariance of its effects given the estimated parameters (variance, not SD). Empty where it was not computed.</summary>
    public IReadOnlyList<Matrix> Covariances { get; init; } = [];
}

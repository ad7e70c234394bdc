using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>The estimated covariance of residuals within a subject. Immutable.</summary>
public sealed record ResidualEstimate
{
    /// <summary>The structure's name, <c>ar1</c>; <c>independent</c> where only standard deviations differ.</summary>
    public required string Structure { get; init; }

    /// <summary>What the structure means.</summary>
    public required string Words { get; init; }

    /// <summary>The structure's parameters, a group after the other.</summary>
    public IReadOnlyList<NamedParameter> Parameters { get; init; } = [];

    /// <summary>The parameters of the variance functions: standard deviations of strata relative to the first, powers and rates.</summary>
    public IReadOnlyList<NamedParameter> Variance { get; init; } = [];

    /// <summary>Covariances over the visits of structures that have few and named ones, a group each.</summary>
    public IReadOnlyList<ResidualVisits> Groups { get; init; } = [];
}

/// <summary>The residual standard deviations and correlations of the visits, in one group. Immutable.</summary>
/// <param name="Group">The group; empty where there is one.</param>
/// <param name="Visits">v names.</param>
/// <param name="StandardDeviations">v standard deviations, on the response's scale.</param>
/// <param name="Correlations">v×v.</param>
public sealed record ResidualVisits(string Group, IReadOnlyList<string> Visits, IReadOnlyList<double> StandardDeviations, Matrix Correlations);

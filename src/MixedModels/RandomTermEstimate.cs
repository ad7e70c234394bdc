using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>The estimated covariance of one random-effects term.</summary>
/// <param name="Group">The grouping factor, <c>a:b</c> for an interaction.</param>
/// <param name="Structure">The covariance structure's name in the formula language, such as <c>us</c>, <c>diag</c> or <c>ar1</c>.</param>
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
    Matrix Correlations)
{
    /// <summary>What the structure has beside standard deviations and free correlations; empty for <c>us</c> and <c>diag</c>.</summary>
    public IReadOnlyList<NamedParameter> Parameters { get; init; } = [];

    /// <summary>Whether all effects have one variance, as in <c>homcs</c>, <c>ar1</c> or <c>exp</c>.</summary>
    public bool HasOneVariance => new Design.EffectStructure(Structure, 0).HasOneVariance;

    /// <summary>The covariance of the effects in words.</summary>
    public string Description => StructureWords.Covariance(Structure, ColumnNames.Count, Rank);

    /// <summary>The latent variables of <c>rr</c>; of no meaning to other structures.</summary>
    public int Rank { get; init; } = 2;

    /// <summary>Whether every correlation is its own, as in <c>us</c> and, but for the rank, in <c>rr</c>.</summary>
    public bool HasFreeCorrelations => Structure is "us" or "rr";
}

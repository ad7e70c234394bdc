namespace MixedModels;

/// <summary>Which residuals a <see cref="Semivariogram"/> compares, and how pairs are gathered.</summary>
public sealed record SemivariogramOptions
{
    /// <summary><see cref="ResidualKind.Scaled"/> (over the row's residual standard deviation; nlme's "pearson") or <see cref="ResidualKind.Normalized"/>.</summary>
    public ResidualKind Kind { get; init; } = ResidualKind.Scaled;

    /// <summary>The numeric column whose differences are distances; null for the coordinates of the residual structure, without one for the places of rows in their group.</summary>
    public string? Distance { get; init; }

    /// <summary>The group within whose levels rows are compared; null for the subjects of the residual structure, else the random term of most levels.</summary>
    public string? Within { get; init; }

    /// <summary>How many bins, with about as many pairs each; fewer where fewer distances occur.</summary>
    public int Bins { get; init; } = 20;

    /// <summary>The largest distance looked at; null for all.</summary>
    public double? MostDistance { get; init; }
}

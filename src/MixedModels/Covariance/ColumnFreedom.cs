namespace MixedModels.Covariance;

/// <summary>Which changes of the columns of Z a covariance structure allows: after Z = Z*K it must hold for K G K' whenever it holds for G.</summary>
internal enum ColumnFreedom
{
    /// <summary>One scale for all columns together: structures in which effects share a variance.</summary>
    ScaledTogether,

    /// <summary>A scale a column: structures with a variance an effect and correlations of their own.</summary>
    Scaled,

    /// <summary>Any invertible K.</summary>
    Mixed,
}

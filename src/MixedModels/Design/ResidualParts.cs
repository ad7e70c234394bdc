namespace MixedModels.Design;

/// <summary>What of a residual structure and its variance functions is wanted over new rows; columns of the rest need not be there.</summary>
[Flags]
internal enum ResidualParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The variance functions.</summary>
    Functions = 1,

    /// <summary>The groups with parameters of their own.</summary>
    Groups = 2,

    /// <summary>Where the rows stand among the visits or in space.</summary>
    Places = 4,

    /// <summary>Whose rows they are.</summary>
    Subjects = 8,
}

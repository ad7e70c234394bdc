namespace MixedModels.Formula;

/// <summary>The residual structures of the formula language: names, arguments, and whether they go by visits or by distances.</summary>
internal static class ResidualNames
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "us", "cs", "csh", "ar1", "ar1h", "toep", "toeph", "ad", "adh", "arma", "car1", "corus",
        "sp_exp", "sp_gau", "sp_sph", "sp_lin", "sp_ratio", "rw",
    ];

    /// <summary>Whether the structure goes by distances between coordinates.</summary>
    public static bool HasCoordinates(string structure) => MostCoordinates(structure) > 0;

    /// <summary>The dimensions in which the structure is positive definite for every range; 0 for one that goes by visits.</summary>
    public static int MostCoordinates(string structure) => structure switch
    {
        "car1" or "sp_lin" => 1,
        "sp_sph" => 3,
        "sp_exp" or "sp_gau" or "sp_ratio" => 16,
        _ => 0,
    };

    /// <summary>The named arguments of a structure.</summary>
    public static IReadOnlyList<string> ArgumentsOf(string structure) => structure switch
    {
        "arma" => ["p", "q"],
        "car1" => ["nugget"],
        _ when structure.StartsWith("sp_", StringComparison.Ordinal) => ["nugget"],
        _ => [],
    };
}

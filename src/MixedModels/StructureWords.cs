using System.Globalization;

namespace MixedModels;

/// <summary>Covariance structures in words, the same in summaries and explanations.</summary>
internal static class StructureWords
{
    /// <summary>The covariance of p effects in a few words.</summary>
    public static string Covariance(string structure, int p, int rank) => structure switch
    {
        _ when p == 1 => "one variance",
        "us" => string.Create(CultureInfo.InvariantCulture, $"any {p} × {p} covariance"),
        "diag" => string.Create(CultureInfo.InvariantCulture, $"{p} variances, no covariances"),
        "homdiag" => "one variance, no covariances",
        "rr" => string.Create(CultureInfo.InvariantCulture, $"a covariance of rank {Math.Min(rank, p)}"),
        _ => $"{(structure is "cs" or "hetar1" or "toep" ? string.Create(CultureInfo.InvariantCulture, $"{p} variances") : "one variance")}, {Correlations(structure)}",
    };

    /// <summary>The correlations of a structure.</summary>
    public static string Correlations(string structure) => structure switch
    {
        "diag" or "homdiag" => "no correlations",
        "cs" or "homcs" => "the same correlation rho between any two",
        "ar1" or "hetar1" => "correlation rho^d at the distance d in their order",
        "toep" or "homtoep" => "a correlation for each distance in their order",
        "ou" => "correlation exp(−rate·d) at the distance d in time",
        "exp" => "correlation exp(−d/range) at the distance d",
        "gau" => "correlation exp(−(d/range)²) at the distance d",
        "mat" => "Matérn correlation at the distance d",
        _ => "correlations of their own",
    };
}

using MixedModels.Diagnostics;

namespace MixedModels;

/// <summary>
/// How residuals of one subject come to differ with the distance between them: half the mean squared difference of standardised residuals, bin by bin, beside
/// what the fitted structure says it is. Immutable.
/// </summary>
/// <remarks>
/// For rows of distance d with residuals of variance 1 and correlation rho(d) the expectation is 1 − rho(d). Source: Cressie 1993, Statistics for spatial data,
/// section 2.4; Pinheiro and Bates 2000, Mixed-effects models in S and S-PLUS, section 5.3.2 (the R function <c>Variogram</c>).
/// </remarks>
public sealed class Semivariogram
{
    internal Semivariogram(ResidualKind kind, string distance, string within, int pairs, IReadOnlyList<SemivariogramBin> bins) =>
        (Kind, Distance, Within, Pairs, Bins) = (kind, distance, within, pairs, bins);

    /// <summary>Which residuals.</summary>
    public ResidualKind Kind { get; }

    /// <summary>What the distance is measured in: a column, or columns joined by <c>+</c>.</summary>
    public string Distance { get; }

    /// <summary>The group within whose levels rows are compared.</summary>
    public string Within { get; }

    /// <summary>The pairs of all bins.</summary>
    public int Pairs { get; }

    /// <summary>The bins by distance, ascending.</summary>
    public IReadOnlyList<SemivariogramBin> Bins { get; }

    /// <summary>Compares the residuals of a fit. O(Σ n_i²) over the groups, at most five million pairs.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">Residuals, distance, group and bins; null for the defaults.</param>
    /// <exception cref="InferenceException">There is no such column or group, none to take by default, no two rows in one group, or too many pairs.</exception>
    /// <exception cref="ArgumentException">The residuals are of another kind, or bins or distance are not positive.</exception>
    internal static Semivariogram Of(LinearMixedModelFit fit, SemivariogramOptions? options)
    {
        options ??= new();
        if (options.Kind is not (ResidualKind.Scaled or ResidualKind.Normalized))
            throw new ArgumentOutOfRangeException(nameof(options), options.Kind, "A semivariogram compares residuals of unit variance: scaled or normalized ones.");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Bins, 1, nameof(options));
        if (options.MostDistance is { } most && !(most > 0)) throw new ArgumentOutOfRangeException(nameof(options), most, "The largest distance must be positive.");
        return SemivariogramPairs.Of(fit, options);
    }
}

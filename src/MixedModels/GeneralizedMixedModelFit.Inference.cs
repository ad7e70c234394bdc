using MixedModels.Inference.Generalized;

namespace MixedModels;

/// <content>Shares of variance, and intervals.</content>
public sealed partial class GeneralizedMixedModelFit
{
    /// <summary>What stands for the variance of an observation in <see cref="RSquared"/> where nothing is chosen.</summary>
    public ObservationVariance ObservationVariance => GeneralizedComponents.Default(Family);

    /// <summary>The shares of fixed effects, and of fixed and random effects, in the variance of observations on the predictor's scale; defined on the boundary too.</summary>
    /// <param name="kind">What stands for the variance of an observation about its mean; null for <see cref="ObservationVariance"/>.</param>
    /// <exception cref="InferenceException">The kind is not one for the family and link.</exception>
    /// <remarks>Source: Nakagawa, Johnson and Schielzeth 2017, J. R. Soc. Interface 14. See docs/r-squared.md.</remarks>
    public RSquared RSquared(ObservationVariance? kind = null) => Components(kind).RSquared();

    /// <summary>The share of each grouping factor in the variance that the fixed effects leave; empty without random terms.</summary>
    /// <param name="kind">What stands for the variance of an observation about its mean; null for <see cref="ObservationVariance"/>.</param>
    /// <exception cref="InferenceException">The kind is not one for the family and link.</exception>
    public IReadOnlyList<IntraclassCorrelation> IntraclassCorrelations(ObservationVariance? kind = null)
    {
        var components = Components(kind);
        return
        [
            .. RandomTerms.Select(term => term.Group).Distinct(StringComparer.Ordinal).Select(group => new IntraclassCorrelation(
                group, components.Share(t => string.Equals(RandomTerms[t].Group, group, StringComparison.Ordinal)))),
        ];
    }

    /// <summary>Wald intervals of all parameters: fixed effects as they are, standard deviations and the family's by their logarithm, correlations by Fisher's z.</summary>
    /// <param name="level">The level, between 0 and 1.</param>
    /// <returns>In the order of the tables; NaN ends on the boundary, where there is no such approximation. Parameters of structures beyond standard deviations and free correlations are left out.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1.</exception>
    public ConfidenceIntervalTable WaldIntervals(double level = 0.95) => level is > 0 and < 1
        ? new(new GeneralizedWaldIntervals(Design, estimate, Family, TailQuantileOf(level)).List(), level, DegreesOfFreedom.None, [])
        : throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level lies between 0 and 1, such as 0.95.");

    private GeneralizedComponents Components(ObservationVariance? kind) => kind is { } asked && !Enum.IsDefined(asked)
        ? throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such variance of observations.")
        : new(Design, estimate, Family, kind ?? ObservationVariance);
}

using MixedModels.Inference.Generalized;

namespace MixedModels;

/// <content>Shares of variance.</content>
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

    private GeneralizedComponents Components(ObservationVariance? kind) => kind is { } asked && !Enum.IsDefined(asked)
        ? throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such variance of observations.")
        : new(Design, estimate, Family, kind ?? ObservationVariance);
}

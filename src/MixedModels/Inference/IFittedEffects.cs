using MixedModels.Design;

namespace MixedModels.Inference;

/// <summary>
/// All that inference on fixed effects sees of a fit. It works in the fit's own coordinates delta of the fixed effects, in which their
/// covariance is a multiple of the identity; a contrast c of beta is carried into them by <see cref="ToCoordinates"/>.
/// </summary>
/// <remarks>
/// A model class implements this once. One whose variance parameters have no exact small-sample theory (generalized models) leaves
/// <see cref="Variances"/> and <see cref="KenwardRoger"/> to throw, and has the asymptotic method.
/// </remarks>
internal interface IFittedEffects
{
    /// <summary>The design: names, terms, groups.</summary>
    ModelDesign Design { get; }

    /// <summary>Whether the variances were estimated by REML.</summary>
    bool IsRestricted { get; }

    /// <summary>p coordinates delta of the estimate, in the response's unit.</summary>
    ReadOnlySpan<double> Coordinates { get; }

    /// <summary>The variance of every coordinate at the estimated variances; their covariances are zero.</summary>
    double CoordinateVariance { get; }

    /// <summary>Replaces c by the weights of delta that give the same function: c'beta = result'delta.</summary>
    void ToCoordinates(Span<double> c);

    /// <summary>How Cov(delta) moves with the variance parameters, and how well these are known.</summary>
    VarianceInformation Variances();

    /// <summary>What the Kenward–Roger approximation is made of.</summary>
    /// <param name="observed">Whether the variance parameters' covariance is from the observed information rather than the expected one.</param>
    KenwardRogerPieces KenwardRoger(bool observed);
}

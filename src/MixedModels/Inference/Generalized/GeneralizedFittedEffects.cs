using MixedModels.Design;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Generalized;

/// <summary>
/// A generalized model as inference sees it: beta and its covariance, normal in large samples. Coordinates: beta = F delta with F the lower
/// triangular root of Cov(beta), so that Cov(delta) = I. Immutable.
/// </summary>
internal sealed class GeneralizedFittedEffects : IFittedEffects
{
    private readonly double[] coordinates;
    private readonly double[] root;

    /// <summary>The effects of a fit.</summary>
    /// <param name="design">The design.</param>
    /// <param name="coefficients">p fixed effects.</param>
    /// <param name="covariance">p×p covariance of them.</param>
    public GeneralizedFittedEffects(ModelDesign design, double[] coefficients, ReadOnlySpan<double> covariance)
    {
        Design = design;
        var p = coefficients.Length;
        root = new double[p * p];
        SemidefiniteCholesky.Factor(covariance.ToArray(), p, root);
        coordinates = (double[])coefficients.Clone();
        for (var i = 0; i < p; i++)
        {
            for (var k = 0; k < i; k++) coordinates[i] -= root[i + (k * p)] * coordinates[k];

            // A coefficient without a standard error has no coordinate; its tests are not a number.
            coordinates[i] = root[i * (p + 1)] > 0 ? coordinates[i] / root[i * (p + 1)] : 0;
        }
    }

    /// <inheritdoc/>
    public ModelDesign Design { get; }

    /// <inheritdoc/>
    public bool IsRestricted => false;

    /// <inheritdoc/>
    public ReadOnlySpan<double> Coordinates => coordinates;

    /// <inheritdoc/>
    public double CoordinateVariance => 1;

    /// <inheritdoc/>
    public void ToCoordinates(Span<double> c)
    {
        // c'beta = (F'c)'delta; F' is upper triangular, so the first entries are overwritten last needed.
        var p = coordinates.Length;
        for (var j = 0; j < p; j++)
        {
            var sum = 0.0;
            for (var i = j; i < p; i++) sum += root[i + (j * p)] * c[i];
            c[j] = sum;
        }
    }

    /// <inheritdoc/>
    public VarianceInformation Variances() => throw Refusal("Satterthwaite's");

    /// <inheritdoc/>
    public KenwardRogerPieces KenwardRoger(bool observed) => throw Refusal("Kenward and Roger's");

    /// <summary>Why a method with finite degrees of freedom is not for these models.</summary>
    internal static InferenceException Refusal(string method) => new(
        $"{method} degrees of freedom are derived for Gaussian responses with an identity link; for other families there is no such theory. "
        + "Use z tests (method 'none', the default here), or compare models by likelihood ratios.");
}

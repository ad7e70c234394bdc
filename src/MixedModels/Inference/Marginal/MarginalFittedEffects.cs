using MixedModels.Design;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Marginal;
using MixedModels.Inference.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Marginal;

/// <summary>
/// A model with dependent or unequal residuals as inference sees it. Coordinates as for independent ones: beta = R⁻¹RX⁻ᵀ delta with RX the factor of
/// Q'V⁻¹Q, so that Cov(delta) = sigma² I. Safe for concurrent use.
/// </summary>
internal sealed class MarginalFittedEffects : IFittedEffects
{
    private readonly double[] coordinates;
    private readonly double[] R;
    private readonly double[] RX;
    private readonly double scale;
    private readonly MarginalEstimate marginal;
    private readonly Lazy<(VarianceInformation Information, int[] Active)> variances;

    /// <summary>Takes what is cheap; the rest when it is asked for.</summary>
    public MarginalFittedEffects(ModelDesign design, MarginalEstimate marginal, double sigma)
    {
        (Design, this.marginal, scale, R) = (design, marginal, marginal.Data.Scale, marginal.Data.R);
        (RX, coordinates, IsRestricted) = marginal.AtOptimum((deviance, _) => ((double[])deviance.RX.Clone(), CoordinatesOf(marginal.Data, deviance), deviance.Reml));
        CoordinateVariance = sigma * sigma;
        variances = new(() => marginal.AtOptimum(VariancesOf));
    }

    /// <inheritdoc/>
    public ModelDesign Design { get; }

    /// <inheritdoc/>
    public bool IsRestricted { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<double> Coordinates => coordinates;

    /// <inheritdoc/>
    public double CoordinateVariance { get; }

    /// <inheritdoc/>
    public void ToCoordinates(Span<double> c)
    {
        // R' is lower triangular but stored as the upper triangle R.
        var p = coordinates.Length;
        for (var j = 0; j < p; j++)
        {
            for (var k = 0; k < j; k++) c[j] -= R[k + (j * p)] * c[k];
            c[j] /= R[j * (p + 1)];
        }

        TriangularSolve.Lower(RX, p, p, c, 1, p);
    }

    /// <inheritdoc/>
    public VarianceInformation Variances() => variances.Value.Information;

    /// <summary>The places in (theta, phi) of the parameters that move V, in the order of <see cref="Variances"/>; sigma stands last there.</summary>
    public IReadOnlyList<int> Active => variances.Value.Active;

    /// <inheritdoc/>
    public KenwardRogerPieces KenwardRoger(bool observed) => marginal.AtOptimum((deviance, psi) => deviance.Plan.FormsBlocks
        ? MarginalKenwardRoger.Of(deviance, psi, CoordinateVariance, observed)
        : throw new InferenceException(FormattableString.Invariant(
            $"Kenward and Roger's degrees of freedom form the covariance of rows that hang together, here {deviance.Plan.LargestBlock:N0}; this version goes to {MarginalPlan.MostRows:N0}. Use Satterthwaite's (--df satterthwaite).")));

    /// <summary>delta = RX'(Projection + Scale·beta*).</summary>
    private static double[] CoordinatesOf(StandardizedData data, MarginalDeviance deviance)
    {
        var p = data.Data.p;
        var delta = new double[p];
        for (var j = 0; j < p; j++)
        {
            for (var i = j; i < p; i++) delta[j] += deviance.RX[i + (j * p)] * (data.Projection[i] + (data.Scale * deviance.beta[i]));
        }

        return delta;
    }

    /// <summary>The Hessian of the deviance in (theta, phi) and sigma, none profiled out, and dCov(delta); parameters that move nothing are held.</summary>
    private (VarianceInformation Information, int[] Active) VariancesOf(MarginalDeviance deviance, double[] psi)
    {
        var information = deviance.Information(psi);
        int[] active = information.Active;
        var (p, K, s) = (coordinates.Length, active.Length, Math.Sqrt(deviance.r2 / deviance.nu));
        var hessian = new double[(K + 1) * (K + 1)];
        var sizes = new double[K + 1];
        for (var i = 0; i < K; i++)
        {
            for (var j = 0; j < K; j++) hessian[i + (j * (K + 1))] = information.Hessian[active[i] + (active[j] * psi.Length)];
            hessian[i + (K * (K + 1))] = hessian[K + (i * (K + 1))] = 2 * information.H[active[i]][^1] / (s * s * s);
            sizes[i] = information.Sizes[active[i]];
        }

        sizes[K] = hessian[^1] = 4 * deviance.nu / (s * s);
        var covariance = InformationInverse.Of(hessian, sizes, out var isDefinite);
        Vectors.Scale(2, covariance);
        return (new([.. active.Select(k => Gradient(information.H[k], p)), SigmaGradient(p, s)], covariance, isDefinite, psi.Length - K) { Slopes = [.. active.Select(k => Slope(information.H[k], p))] }, active);
    }

    /// <summary>−U'E_ke: the derivative of delta.</summary>
    private double[] Slope(double[] H, int p)
    {
        var slope = H.AsSpan(p * (p + 1), p).ToArray();
        Vectors.Scale(-scale, slope);
        return slope;
    }

    /// <summary>sigma² H_k: the derivative of Cov(delta).</summary>
    private double[] Gradient(double[] H, int p)
    {
        var gradient = new double[p * p];
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++) gradient[i + (j * p)] = CoordinateVariance * H[i + (j * (p + 1))];
        }

        return gradient;
    }

    private double[] SigmaGradient(int p, double s)
    {
        var gradient = new double[p * p];
        for (var j = 0; j < p; j++) gradient[j * (p + 1)] = 2 * CoordinateVariance / s;
        return gradient;
    }
}

using MixedModels.Design;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Marginal;
using MixedModels.Inference.Marginal;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Linear;

/// <summary>
/// A linear mixed model as inference sees it. Coordinates: beta = R⁻¹RX⁻ᵀ delta with W½X = QR and RX the factor of Q'V0⁻¹Q, so that
/// Cov(delta) = sigma² I. Safe for concurrent use; the products with the engine's matrices are made when first asked for.
/// </summary>
internal sealed class LinearFittedEffects : IFittedEffects
{
    /// <summary>Rows that a block of V may have: a product of such matrices takes about a second.</summary>
    private const int MostRows = 2_500;

    private readonly double[] coordinates;
    private readonly LinearEstimate estimate;
    private readonly double[] R;
    private readonly double[] RX;
    private readonly double scale;
    private readonly double[] theta;
    private readonly Lazy<VarianceInformation> variances;
    private readonly Lazy<(DirectionProducts Products, IReadOnlyList<double> Weights)> linear;
    private readonly Lazy<(DirectionProducts Products, IReadOnlyList<double> Weights)> linearWithVariance;

    /// <summary>Takes what is cheap from an estimate; the rest when it is asked for.</summary>
    public LinearFittedEffects(ModelDesign design, LinearEstimate estimate, double[] theta)
    {
        (Design, this.estimate, this.theta) = (design, estimate, theta);
        (R, RX, scale, coordinates, IsRestricted) = estimate.AtOptimum((data, deviance) =>
            (data.R, (double[])deviance.RX.Clone(), data.Scale, CoordinatesOf(data, deviance), deviance.Reml));
        CoordinateVariance = estimate.Sigma * estimate.Sigma;
        variances = new(() => estimate.AtOptimum((_, deviance) => VariancesOf(deviance)));
        linear = new(() => LinearProducts(withoutVariance: true));
        linearWithVariance = new(() => LinearProducts(withoutVariance: false));
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
    public VarianceInformation Variances() => variances.Value;

    /// <inheritdoc/>
    public KenwardRogerPieces KenwardRoger(bool observed)
    {
        // SAS leaves variances on the boundary out of its observed information; pbkrtest keeps them in the expected one.
        var structures = estimate.AtOptimum((_, deviance) => Enumerable.Range(0, deviance.Layout.TermCount).Select(deviance.Layout.Structure).ToArray());
        if (!estimate.AtOptimum((_, deviance) => deviance.System.HasResidual))
            throw new InferenceException("Kenward and Roger's degrees of freedom are not available without a residual variance in this version. Use Satterthwaite's (--df satterthwaite).");
        if (Array.Exists(structures, structure => structure.LinearEntries.Count == 0)) return estimate.AtOptimum((data, deviance) => OfStructures(data, deviance, observed));

        var (products, weights) = (observed ? linearWithVariance : linear).Value;
        return estimate.AtOptimum((_, deviance) => LinearKenwardRoger.Pieces(deviance, products, weights, theta.Length, scale, observed));
    }

    /// <summary>Structures that are not linear in their parameters: V in dense blocks, with the term in its second derivatives in natural parameters.</summary>
    private KenwardRogerPieces OfStructures(StandardizedData data, ProfiledDeviance deviance, bool observed)
    {
        if (data.Data.Terms.FirstOrDefault(term => term.HasSeveralLevels) is not null)
            throw new InferenceException("Kenward and Roger's degrees of freedom are not available beside rows of several levels and these structures. Use Satterthwaite's (--df satterthwaite).");
        var marginal = new MarginalDeviance(data, ResidualData.Independent(data.Data.n), deviance.Layout, deviance.Reml, MarginalRoute.Blocks);
        if (marginal.Plan.LargestBlock > MostRows)
        {
            throw new InferenceException(FormattableString.Invariant(
                $"Kenward and Roger's degrees of freedom need V in dense blocks beside structures that are not linear in their parameters; {marginal.Plan.LargestBlock:N0} rows hang together here, and they go to {MostRows:N0}. Use Satterthwaite's (--df satterthwaite)."));
        }

        marginal.Value(theta);
        return MarginalKenwardRoger.Of(marginal, theta, CoordinateVariance, observed);
    }

    private (DirectionProducts Products, IReadOnlyList<double> Weights) LinearProducts(bool withoutVariance) => estimate.AtOptimum((_, deviance) =>
    {
        var (directions, weights) = VarianceDirections.Linear(deviance.Layout, theta, withoutVariance && BlockSums.NeedsNoCurve(deviance.System));
        return (new DirectionProducts(deviance, theta, directions), (IReadOnlyList<double>)weights);
    });

    /// <summary>delta = RX'(Projection + Scale·beta*).</summary>
    private static double[] CoordinatesOf(StandardizedData data, ProfiledDeviance deviance)
    {
        var p = data.Data.p;
        var delta = new double[p];
        for (var j = 0; j < p; j++)
        {
            for (var i = j; i < p; i++) delta[j] += deviance.RX[i + (j * p)] * (data.Projection[i] + (data.Scale * deviance.beta[i]));
        }

        return delta;
    }

    /// <summary>The Hessian of the deviance in theta and sigma, neither profiled out, and dCov(delta) (docs/inference.md, section 2).</summary>
    private VarianceInformation VariancesOf(ProfiledDeviance deviance)
    {
        var (directions, places) = VarianceDirections.OfTheta(deviance.Layout, theta);
        var products = new DirectionProducts(deviance, theta, directions);
        var gammas = new LinearDerivatives(deviance, theta);
        var (p, k, s) = (coordinates.Length, directions.Count, Math.Sqrt(deviance.r2 / deviance.nu));
        var hessian = new double[(k + 1) * (k + 1)];
        var sizes = new double[k + 1];
        for (var i = 0; i < k; i++)
        {
            var term = directions[i].Term;
            for (var j = 0; j < k; j++)
            {
                var trace = deviance.Reml ? products.RestrictedTrace(i, j) : products.Trace(i, j);
                var quadratic = 2 * products.Quadratic[i + (j * k)] / (s * s);
                var start = deviance.Layout.Start(term);
                var curvature = directions[j].Term == term
                    ? deviance.Layout.Structure(term).SecondDerivative(places[i] - start, places[j] - start, deviance.Layout.Slice(theta, term), gammas.Gamma(term)) : 0;
                hessian[i + (j * (k + 1))] = quadratic - trace + curvature;
                if (i == j) sizes[i] = quadratic + trace;
            }

            hessian[i + (k * (k + 1))] = hessian[k + (i * (k + 1))] = 2 * products.b[i] / (s * s * s);
        }

        sizes[k] = hessian[^1] = 4 * deviance.nu / (s * s);
        var gradients = Gradients(products.N, s, p);
        if (!deviance.System.HasResidual)
        {
            // The scale of theta says all that sigma could: it is held.
            (hessian, sizes, gradients) = (Leading(hessian, k + 1, k), sizes[..k], gradients[..k]);
        }

        var covariance = InformationInverse.Of(hessian, sizes, out var isDefinite);
        Vectors.Scale(2, covariance);
        return new(gradients, covariance, isDefinite, theta.Length - k) { Slopes = [.. products.h.Select(Slope)] };
    }

    /// <summary>−Y'E_kw: the derivative of delta.</summary>
    private double[] Slope(double[] h)
    {
        var slope = (double[])h.Clone();
        Vectors.Scale(-scale, slope);
        return slope;
    }

    private static double[] Leading(double[] A, int n, int k)
    {
        var leading = new double[k * k];
        for (var j = 0; j < k; j++) A.AsSpan(j * n, k).CopyTo(leading.AsSpan(j * k));
        return leading;
    }

    /// <summary>dCov(delta): sigma² N_k along theta, 2 sigma I along sigma; in the response's unit squared.</summary>
    private double[][] Gradients(double[][] N, double s, int p)
    {
        var gradients = new double[N.Length + 1][];
        for (var k = 0; k < N.Length; k++)
        {
            gradients[k] = (double[])N[k].Clone();
            Vectors.Scale(CoordinateVariance, gradients[k]);
        }

        gradients[^1] = new double[p * p];
        for (var j = 0; j < p; j++) gradients[^1][j * (p + 1)] = 2 * CoordinateVariance / s;
        return gradients;
    }
}

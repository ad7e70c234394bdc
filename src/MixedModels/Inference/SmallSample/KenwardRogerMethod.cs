using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.SmallSample;

/// <summary>
/// <c>kenward-roger</c> and <c>kenward-roger-observed</c>: Cov(beta) is corrected for the variances being estimated, and F is scaled so
/// that its first two moments are those of an F distribution.
/// </summary>
/// <remarks>
/// Source: Kenward and Roger 1997, Small Sample Inference for Fixed Effects from Restricted Maximum Likelihood, Biometrics 53,
/// sections 2 and 3; cases in which a factor of the moments is zero as in Halekoh and Højsgaard 2014, J. Stat. Softw. 59(9), section 4.
/// Where V is linear in its parameters, the term in second derivatives of V, −¼ Σ W_ij R_ij, is absent; <c>kenward-roger-linear</c> leaves it out of other models too.
/// </remarks>
internal sealed class KenwardRogerMethod : SmallSampleMethod
{
    /// <summary>A numerator and a denominator that are both rounding of zero stand for 1.</summary>
    private const double Zero = 1e-14;

    private readonly double[] adjusted;
    private readonly KenwardRogerPieces pieces;
    private readonly int r;

    /// <summary>The adjusted covariance at a fit.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="observed">Whether the parameters' covariance is from the observed information rather than the expected one.</param>
    /// <param name="linear">Whether the term in second derivatives of V is left out.</param>
    public KenwardRogerMethod(IFittedEffects fit, bool observed, bool linear = false)
        : base(fit)
    {
        if (!fit.IsRestricted) throw NeedsReml();
        pieces = fit.KenwardRoger(observed);
        r = pieces.P.Count;
        adjusted = Adjust(linear);
    }

    /// <summary>The refusal of a fit by maximum likelihood.</summary>
    public static InferenceException NeedsReml() => new(
        "Kenward and Roger's degrees of freedom rest on REML, and this fit is by maximum likelihood. "
        + "Fit by REML (--reml, the default), or use Satterthwaite's degrees of freedom (--df satterthwaite).");

    /// <inheritdoc/>
    public override IReadOnlyList<Finding> Findings => MethodFindings.For("Kenward and Roger's", pieces.IsDefinite, pieces.HeldParameters);

    /// <inheritdoc/>
    public override double Variance(ContrastRows c) => c.QuadraticForm(adjusted)[0];

    /// <inheritdoc/>
    public override double[] Covariance(ContrastRows L) => L.QuadraticForm(adjusted);

    /// <inheritdoc/>
    public override double Df(ContrastRows c) => Moments(c).Df;

    /// <inheritdoc/>
    public override FTest Joint(ContrastRows L, ReadOnlySpan<double> values)
    {
        var (df, scale) = Moments(L);
        return new(scale * WaldStatistic(L, values, Covariance(L)), L.Count, df);
    }

    /// <inheritdoc/>
    protected override double JointDf(ContrastRows L, double[] S) => Moments(L).Df;

    /// <summary>Phi_A = Phi + 2 Phi [Σ W_ij (Q_ij − P_i Phi P_j − ¼ R_ij)] Phi, with Phi a multiple of the identity.</summary>
    private double[] Adjust(bool linear)
    {
        var p = Fit.Coordinates.Length;
        var (Phi, correction) = (pieces.Phi, new double[p * p]);
        if (!linear && pieces.Curvature.Length > 0) Vectors.AddScaled(-0.25, pieces.Curvature, correction);
        for (var j = 0; j < r; j++)
        {
            for (var i = 0; i < r; i++)
            {
                var weight = pieces.W[i + (j * r)];
                Vectors.AddScaled(weight, pieces.Q[i + (j * r)], correction);
                Product.Add(-weight * Phi, pieces.P[i], p, false, pieces.P[j], p, false, correction, p, p, p, p);
            }
        }

        var result = new double[p * p];
        for (var j = 0; j < p; j++)
        {
            // Symmetric in theory; the two triangles differ by rounding.
            for (var i = 0; i < p; i++) result[i + (j * p)] = Phi * Phi * (correction[i + (j * p)] + correction[j + (i * p)]);
            result[j * (p + 1)] += Phi;
        }

        return result;
    }

    /// <summary>Denominator degrees of freedom m and the factor lambda of F.</summary>
    private (double Df, double Scale) Moments(ContrastRows L)
    {
        if (!pieces.IsDefinite) return (double.NaN, double.NaN);
        double q = L.Count;
        var (A1, A2) = TraceSums(L);

        // No uncertainty of the variances reaches these functions.
        if (A2 <= 0) return (double.PositiveInfinity, 1);
        var B = (A1 + (6 * A2)) / (2 * q);
        var g = (((q + 1) * A1) - ((q + 4) * A2)) / ((q + 2) * A2);
        var denominator = (3 * q) + (2 * (1 - g));
        var (c1, c2, c3) = (g / denominator, (q - g) / denominator, (q + 2 - g) / denominator);
        var (V0, V1, V2) = (1 + (c1 * B), 1 - (c2 * B), 1 - (c3 * B));
        if (Math.Abs(V0) < 1e-10) V0 = 0;
        var ratio = Ratio(1 - (A2 / q), V1);
        var rho = ratio * ratio * V0 / (q * V2);
        var m = 4 + ((q + 2) / ((q * rho) - 1));

        // At m = 2 the mean of F is infinite; lambda tends to no limit there and is left at 1, as in pbkrtest.
        var lambda = Math.Abs(m - 2) < 1e-2 ? 1 : m * (1 - (A2 / q)) / (m - 2);
        return (m, lambda);
    }

    /// <summary>A1 = Σ W_ij tr(U_i) tr(U_j) and A2 = Σ W_ij tr(U_iU_j) with U_i = (L Phi L')⁻¹ L Phi P_i Phi L', q×q.</summary>
    private (double A1, double A2) TraceSums(ContrastRows L)
    {
        var q = L.Count;
        var factor = new double[q * q];
        for (var j = 0; j < q; j++)
        {
            for (var i = 0; i < q; i++) factor[i + (j * q)] = pieces.Phi * Vectors.Dot(L.Delta(i), L.Delta(j));
        }

        if (Cholesky.Factor(factor, q, q) >= 0) return (double.NaN, double.NaN);
        var U = new double[r][];
        var traces = new double[r];
        for (var i = 0; i < r; i++)
        {
            U[i] = L.QuadraticForm(pieces.P[i]);
            Vectors.Scale(pieces.Phi * pieces.Phi, U[i]);
            TriangularSolve.Lower(factor, q, q, U[i], q, q);
            TriangularSolve.LowerTransposed(factor, q, q, U[i], q, q);
            for (var a = 0; a < q; a++) traces[i] += U[i][a * (q + 1)];
        }

        var (A1, A2) = (0.0, 0.0);
        for (var j = 0; j < r; j++)
        {
            for (var i = 0; i < r; i++)
            {
                A1 += pieces.W[i + (j * r)] * traces[i] * traces[j];
                A2 += pieces.W[i + (j * r)] * TraceOfProduct(U[i], U[j], q);
            }
        }

        return (A1, A2);
    }

    private static double TraceOfProduct(double[] A, double[] B, int q)
    {
        var sum = 0.0;
        for (var j = 0; j < q; j++)
        {
            for (var i = 0; i < q; i++) sum += A[i + (j * q)] * B[j + (i * q)];
        }

        return sum;
    }

    private static double Ratio(double x, double y) => Math.Abs(x) < Zero && Math.Abs(y) < Zero ? 1 : x / y;
}

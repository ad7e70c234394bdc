using MixedModels.Covariance;
using MixedModels.Design;
using MixedModels.Estimation.Generalized;
using MixedModels.LinearAlgebra;

namespace MixedModels.Prediction;

/// <summary>How far the predictor x'beta-hat + z'b-hat of a generalized model may be from its value, in the normal approximation at the mode.</summary>
/// <remarks>
/// The mode moves with beta by db = −L M⁻¹L'Z'WX dbeta = −P dbeta, so Var = z'L M⁻¹L'z + a'Cov(beta)a with a = x − P'z; effects of a level not seen
/// add z'G_t z. Skaug and Fournier 2006, section 3 (there with all outer parameters; here theta and psi are taken as known in the mode).
/// </remarks>
internal static class GeneralizedPredictionVariance
{
    /// <summary>The variances on the predictor's scale, one a complete row of <paramref name="rows"/>; and, of uncertain parameters, the covariances with those of the family (k a row).</summary>
    /// <param name="estimate">The fit.</param>
    /// <param name="rows">The columns and levels; a level of −1 is new.</param>
    /// <param name="terms">The random terms of <paramref name="rows"/>; those not among them count as known to be zero.</param>
    /// <param name="withVariances">Whether the parameters of covariances and of the family are uncertain too; else they count as known.</param>
    public static (double[] Variances, double[] WithFamily) Of(GeneralizedEstimate estimate, NewDataDesign rows, IReadOnlyList<int> terms, bool withVariances) => estimate.AtOptimum((data, deviance) =>
    {
        var (n, p, layout) = (rows.Rows.Length, data.Data.p, deviance.Layout);
        var (first, covariance) = withVariances ? (layout.Count, estimate.Covariance.Standardized) : (0, estimate.Covariance.StandardizedCoefficients);
        var all = withVariances ? estimate.AllParameters : p;
        var (variances, gradient, image) = (new double[n], new double[all], new double[all]);
        var psi = withVariances ? estimate.FamilyParameters.Length : 0;
        var withFamily = new double[n * psi];
        var J = terms.Count == 0 ? [] : withVariances ? ModeMovement.OfAll(deviance, estimate.Optimum) : ModeMovement.OfCoefficients(deviance);
        var dimensions = data.Data.Terms.Select(term => term.Dimension).ToArray();
        var levels = new int[layout.TermCount];
        Array.Fill(levels, -1);
        var z = new double[dimensions.Sum()];
        for (var r = 0; r < n; r++)
        {
            Array.Clear(gradient);
            var a = gradient.AsSpan(first, p);
            for (var j = 0; j < p; j++) a[j] = rows.X.Span[r + (j * n)];
            SolveTransposed(data.R, p, a);
            Vectors.Scale(Math.Sqrt(data.Data.n), a);
            for (var k = 0; k < terms.Count; k++)
            {
                var t = terms[k];
                var own = z.AsSpan(dimensions[..t].Sum(), dimensions[t]);
                for (var j = 0; j < own.Length; j++) own[j] = rows.RandomTerms[k].Z.Span[r + (j * n)];
                SolveTransposed(data.K[t], own.Length, own);
                levels[t] = rows.RandomTerms[k].LevelOfRow.Span[r];
                if (levels[t] < 0) variances[r] += Form(RelativeCovariance.Of(layout.Structure(t), layout.Slice(deviance.Theta(estimate.Optimum.Phi), t)), own);
                else Add(J, deviance.Predictor.Offsets[t] + (levels[t] * own.Length), deviance.Predictor.q, own, gradient);
            }

            Array.Clear(image);
            for (var j = 0; j < all; j++)
            {
                if (gradient[j] != 0) Vectors.AddScaled(gradient[j], covariance.AsSpan(j * all, all), image);
            }

            image.AsSpan(all - psi).CopyTo(withFamily.AsSpan(r * psi));
            variances[r] += Vectors.Dot(gradient, image) + (terms.Count == 0 ? 0 : deviance.System.ConditionalVariance(levels, z));
        }

        return (variances, withFamily);
    });

    private static void Add(double[] J, int first, int q, ReadOnlySpan<double> z, double[] gradient)
    {
        for (var c = 0; c < gradient.Length; c++) gradient[c] += Vectors.Dot(J.AsSpan((c * q) + first, z.Length), z);
    }

    private static double Form(double[] S, ReadOnlySpan<double> z)
    {
        var form = 0.0;
        for (var j = 0; j < z.Length; j++) form += z[j] * Vectors.Dot(S.AsSpan(j * z.Length, z.Length), z);
        return form;
    }

    private static void SolveTransposed(ReadOnlySpan<double> R, int p, Span<double> b)
    {
        for (var j = 0; j < p; j++)
        {
            for (var k = 0; k < j; k++) b[j] -= R[k + (j * p)] * b[k];
            b[j] /= R[j * (p + 1)];
        }
    }
}

using MixedModels.Design;
using MixedModels.Estimation.Generalized;
using MixedModels.Families;
using MixedModels.LinearAlgebra;

namespace MixedModels.Prediction;

/// <summary>Responses averaged over the random effects, E g⁻¹(x'beta + offset + z'b) with b ~ N(0, G), and their delta-method variances.</summary>
/// <remarks>With s² = z'Gz and m that expectation: dm/dbeta = E(g⁻¹)'·x, dm/ds² = ½E(g⁻¹)''. Source: Zeger, Liang and Albert 1988, Biometrics 44, section 3.</remarks>
internal static class AveragedPrediction
{
    /// <summary>The averages, one a complete row of <paramref name="rows"/>. O(rows × (nodes + effects)).</summary>
    /// <param name="estimate">The fit.</param>
    /// <param name="link">The link, under which averages exist.</param>
    /// <param name="rows">The columns of every random term; their levels do not matter.</param>
    /// <param name="withVariances">Whether the parameters of covariances are uncertain too.</param>
    /// <param name="needsVariance">Whether the variances are wanted; else they are NaN.</param>
    public static (double[] Means, double[] Variances) Of(GeneralizedEstimate estimate, Link link, NewDataDesign rows, bool withVariances, bool needsVariance)
    {
        var (n, p) = (rows.Rows.Length, estimate.Coefficients.Length);
        var derivatives = withVariances ? estimate.CovarianceDerivatives : [];
        var size = p + derivatives.Count;
        var covariance = !needsVariance ? [] : withVariances ? estimate.Covariance.OfEffects() : estimate.Covariance.Coefficients;
        var (means, variances) = (new double[n], new double[n]);
        var (gradient, image) = (new double[size], new double[size]);
        for (var r = 0; r < n; r++)
        {
            var eta = rows.Offset.IsEmpty ? 0 : rows.Offset.Span[r];
            for (var j = 0; j < p; j++) eta += estimate.Coefficients[j] * rows.X.Span[r + (j * n)];
            var s2 = 0.0;
            for (var t = 0; t < rows.RandomTerms.Count; t++) s2 += Form(rows, t, r, estimate.Covariances[t]);
            var average = AveragedMean.Of(link, eta, s2);
            (means[r], variances[r]) = (average.Value, double.NaN);
            if (!needsVariance) continue;
            for (var j = 0; j < p; j++) gradient[j] = average.First * rows.X.Span[r + (j * n)];
            for (var k = 0; k < derivatives.Count; k++) gradient[p + k] = 0.5 * average.Second * Form(rows, derivatives[k].Term, r, derivatives[k].Derivative);
            Array.Clear(image);
            for (var j = 0; j < size; j++)
            {
                if (gradient[j] != 0) Vectors.AddScaled(gradient[j], covariance.AsSpan(j * size, size), image);
            }

            variances[r] = Vectors.Dot(gradient, image);
        }

        return (means, variances);
    }

    /// <summary>z'Sz of a row.</summary>
    private static double Form(NewDataDesign rows, int term, int row, double[] S)
    {
        var n = rows.Rows.Length;
        var z = rows.RandomTerms[term].Z.Span;
        var p = z.Length / n;
        var form = 0.0;
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++) form += z[row + (i * n)] * S[i + (j * p)] * z[row + (j * n)];
        }

        return form;
    }
}

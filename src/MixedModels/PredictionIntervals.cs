using MixedModels.Design;
using MixedModels.Inference;
using MixedModels.Inference.SmallSample;
using MixedModels.Numerics;

namespace MixedModels;

/// <summary>Standard errors and intervals of a fit's predictions (docs/prediction.md).</summary>
internal static class PredictionIntervals
{
    /// <summary>Adds to predicted means what the options ask for.</summary>
    /// <param name="means">The predictions, one a complete row.</param>
    /// <param name="rows">Where those rows stand in their table.</param>
    /// <param name="errors">Variance and degrees of freedom of each, the residual not among them.</param>
    /// <param name="residual">The variance of a new observation about its mean, one a row; empty where none is to be added.</param>
    /// <param name="level">The level of the intervals; null for none.</param>
    public static PredictedValue[] Of(
        double[] means, ReadOnlySpan<int> rows, (double[] Variances, double[] Df) errors, ReadOnlySpan<double> residual, double? level)
    {
        var predicted = new PredictedValue[means.Length];
        var (df, quantile) = (double.NaN, double.NaN);
        for (var r = 0; r < predicted.Length; r++)
        {
            var error = Math.Sqrt(errors.Variances[r] + (residual.IsEmpty ? 0 : residual[r]));
            predicted[r] = new(rows[r], means[r], error);
            if (level is not { } wanted) continue;
            if (errors.Df[r] != df) (df, quantile) = (errors.Df[r], TailProbability.StudentQuantile(1 - wanted, errors.Df[r]));
            var half = quantile * error;
            predicted[r] = predicted[r] with { Lower = means[r] - half, Upper = means[r] + half };
        }

        return predicted;
    }

    /// <summary>The variance of x'beta-hat and its degrees of freedom by a method, one a row. O(rows × variance parameters × p²).</summary>
    public static (double[] Variances, double[] Df) OfFixedEffects(SmallSampleMethod method, NewDataDesign rows, bool needsDf)
    {
        var (n, p) = (rows.Rows.Length, method.Fit.Coordinates.Length);
        var (variances, dfs) = (new double[n], new double[n]);
        for (var r = 0; r < n; r++)
        {
            var x = new double[p];
            for (var j = 0; j < p; j++) x[j] = rows.X.Span[r + (j * n)];
            var c = new ContrastRows(method.Fit, x);

            // A row of zeros is a constant: known exactly, whatever the degrees of freedom.
            var isConstant = Array.TrueForAll(x, value => value == 0);
            variances[r] = isConstant ? 0 : method.Variance(c);
            dfs[r] = isConstant || !needsDf ? double.PositiveInfinity : method.Df(c);
        }

        return (variances, dfs);
    }

    /// <summary>The method for predictions in which random effects take part.</summary>
    /// <exception cref="InferenceException">The method asked for is about fixed effects alone.</exception>
    public static DegreesOfFreedom ConditionalMethod(DegreesOfFreedom? asked, DegreesOfFreedom ofFit) => asked switch
    {
        null => ofFit.IsNormal() ? DegreesOfFreedom.None : DegreesOfFreedom.Residual,
        DegreesOfFreedom.Residual or DegreesOfFreedom.None => asked.Value,
        _ => throw new InferenceException(
            $"Degrees of freedom by '{asked.Value.Name()}' are those of functions of the fixed effects, and random effects take part in these predictions. "
            + "Ask for residual or none, or predict for the population."),
    };

    /// <summary>Refuses the derivatives of predictions in the covariances where they have none in this version.</summary>
    /// <exception cref="InferenceException">There is no residual variance, or rows belong to several levels.</exception>
    public static void RequireDerivatives(ModelDesign design)
    {
        var why = !design.HasFreeResidual ? "fits without a residual variance (--dispersion \"~0\")"
            : design.RandomTerms.FirstOrDefault(term => term.Memberships is not null) is { } several ? $"rows that belong to several levels, here of '{several.Group}'"
            : null;
        if (why is not null) throw new InferenceException($"The uncertainty of the covariances in a prediction is not in this version for {why}. Leave it out (--theta).");
    }

    /// <summary>Refuses the uncertainty of the variances where predictions move with beta alone, or hold it already.</summary>
    /// <exception cref="InferenceException">No random effect takes part and no known residual, or the method's standard errors hold it.</exception>
    public static void RequireMoved(IReadOnlyList<int> terms, PredictionOptions options, DegreesOfFreedom method)
    {
        if (terms.Count > 0) return;
        if (!options.IncludeResidual)
        {
            throw new InferenceException(
                "The delta method for the uncertainty of the variances is for predictions in which random effects or known residuals take part. For the population ask for Kenward and Roger's method (--df kenward-roger), whose standard errors hold it.");
        }

        if (method.AdjustsStandardErrors())
            throw new InferenceException($"Standard errors by '{method.Name()}' hold the uncertainty of the variances in the fixed effects already, and the delta method would add it again. Ask for another method (--df satterthwaite), or leave --theta out.");
    }

    /// <summary>Refuses variances whose information is not definite.</summary>
    /// <exception cref="InferenceException">It is not.</exception>
    public static VarianceInformation RequireDefinite(VarianceInformation variances) => variances.IsDefinite
        ? variances
        : throw new InferenceException(
            "The uncertainty of the variances cannot be found: the likelihood has no positive curvature at the estimates. Look at the fit's findings, or leave this uncertainty out.");

    /// <summary>Refuses intervals for observations that leave some of their variance out.</summary>
    /// <exception cref="InferenceException">Some random terms take no part.</exception>
    public static void RequireAllTerms(ModelDesign design, IReadOnlyList<int> terms)
    {
        if (terms.Count == design.RandomTerms.Count) return;
        throw new InferenceException(
            "A new observation varies by all random terms of the model, and some take no part in these predictions. "
            + "Predict conditionally with every term; for a group not seen before, give it a new level and predict new levels at the population.");
    }

    /// <summary>The same degrees of freedom for every row.</summary>
    public static double[] Constant(DegreesOfFreedom method, int residual, int rows)
    {
        var df = new double[rows];
        Array.Fill(df, method == DegreesOfFreedom.None ? double.PositiveInfinity : residual);
        return df;
    }
}

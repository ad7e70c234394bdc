using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Estimation.Generalized;
using MixedModels.Families;
using MixedModels.Inference.Generalized;
using MixedModels.Inference.SmallSample;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Means;

/// <summary>What marginal means on the response's scale need of a generalized model: its link, and how much random effects vary the predictor. Immutable.</summary>
/// <param name="design">The design.</param>
/// <param name="estimate">The estimate.</param>
/// <param name="link">The link.</param>
/// <param name="covariance">The covariance of its parameters, the model's or a robust one.</param>
/// <param name="method">The tests that go with it.</param>
internal sealed class GeneralizedMeans(
    ModelDesign design, GeneralizedEstimate estimate, Link link, GeneralizedCovariance covariance, Func<IFittedEffects, SmallSampleMethod> method)
{
    private readonly Lazy<SmallSampleMethod> known = new(() => method(
        new GeneralizedFittedEffects(design, new double[estimate.Coefficients.Length], covariance.Coefficients)));

    private readonly Lazy<SmallSampleMethod> uncertain = new(() => method(
        new GeneralizedFittedEffects(design, new double[estimate.Coefficients.Length + estimate.CovarianceDerivatives.Count], covariance.OfEffects())));

    /// <summary>The link.</summary>
    public Link Link => link;

    /// <summary>p fixed effects.</summary>
    public double[] Coefficients => estimate.Coefficients;

    /// <summary>The number of parameters of the random effects' covariances.</summary>
    public int CovarianceParameters => estimate.CovarianceDerivatives.Count;

    /// <summary>The number of parameters whose deviations from the estimates make a mean uncertain: fixed effects, then those of covariances.</summary>
    public int DeviationCount(bool withVariances) => Coefficients.Length + (withVariances ? CovarianceParameters : 0);

    /// <summary>These deviations, whose estimates are zero, as inference sees them.</summary>
    public SmallSampleMethod Deviations(bool withVariances) => withVariances ? uncertain.Value : known.Value;

    /// <summary>Refuses averages that do not exist.</summary>
    /// <exception cref="InferenceException">Under the link a normal predictor has no mean response.</exception>
    public void RequireAverage() => GeneralizedAverages.Require(link);

    /// <summary>Every column of the fixed part over a grid.</summary>
    public double[] Columns(DataTable grid) => design.AllColumns(grid);

    /// <summary>The variance that random effects give the predictor in each row of a grid, z'Gz summed over the terms.</summary>
    /// <param name="grid">The grid; numbers that only random terms use are held at their mean.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="withDerivatives">Whether the derivatives are wanted.</param>
    /// <returns>The variances, and their derivatives in the covariance parameters (rows×parameters, column-major) or nothing.</returns>
    /// <exception cref="InferenceException">A random term varies in a way that the grid does not determine.</exception>
    public (double[] Variances, double[] Derivatives) PredictorVariances(DataTable grid, int rows, bool withDerivatives)
    {
        var (variances, derivatives) = (new double[rows], new double[withDerivatives ? rows * CovarianceParameters : 0]);
        for (var t = 0; t < design.RandomTerms.Count; t++)
        {
            var Z = Columns(t, grid, rows);
            AddForms(Z, rows, estimate.Covariances[t], variances);
            for (var k = 0; withDerivatives && k < CovarianceParameters; k++)
            {
                var (term, dG) = estimate.CovarianceDerivatives[k];
                if (term == t) AddForms(Z, rows, dG, derivatives.AsSpan(k * rows, rows));
            }
        }

        return (variances, derivatives);
    }

    /// <summary>z'Sz of each row, added.</summary>
    private static void AddForms(double[] Z, int rows, double[] S, Span<double> forms)
    {
        var p = Z.Length / rows;
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++)
            {
                for (var r = 0; r < rows; r++) forms[r] += Z[r + (i * rows)] * S[i + (j * p)] * Z[r + (j * rows)];
            }
        }
    }

    private double[] Columns(int term, DataTable grid, int rows)
    {
        if (design.RandomTerms[term].Memberships is not null)
        {
            throw new InferenceException(
                $"A row's share in several groups decides how much {design.RandomTerms[term].Group} varies its predictor, and a reference grid has none. Ask for the response scale (--scale response), at random effects of zero.");
        }

        var missing = new List<Column>();
        foreach (var name in design.RandomSources(term).Except(grid.Columns.Select(column => column.Name), StringComparer.Ordinal))
        {
            if (design.Data[name] is not NumericColumn numbers)
            {
                throw new InferenceException(
                    $"The random effects of {design.RandomTerms[term].Group} vary with the factor '{name}', which is not in the fixed part, so a reference grid does not say which of them count. "
                    + "Ask for the response scale (--scale response), at random effects of zero.");
            }

            var mean = 0.0;
            foreach (var row in design.Rows.Span) mean += numbers.Values.Span[row] / design.Observations;
            missing.Add(new NumericColumn(name, [.. Enumerable.Repeat(mean, rows)]));
        }

        return design.RandomColumns(term, missing.Count == 0 ? grid : new([.. grid.Columns, .. missing]));
    }
}

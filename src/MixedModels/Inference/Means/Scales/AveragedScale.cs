using MixedModels.Families;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Means.Scales;

/// <summary>
/// Population-averaged means: for each row of the grid E g⁻¹(x'beta + s·u), u ~ N(0, 1), with s² = z'Gz of that row's random effects, averaged over the
/// rows of a cell. Its intervals are made on the scale of the link of the mean itself.
/// </summary>
/// <remarks>
/// With m that expectation, dm/dbeta = E(g⁻¹)'·x and dm/ds² = ½E(g⁻¹)''. Source: Zeger, Liang and Albert 1988, Models for longitudinal data: a generalized
/// estimating equation approach, Biometrics 44, 1049–1060, section 3.
/// </remarks>
internal sealed class AveragedScale : LinearizedScale
{
    private readonly Link link;

    /// <summary>Evaluates the means.</summary>
    /// <exception cref="InferenceException">The average does not exist under the link.</exception>
    public AveragedScale(MeanFunctions functions, ReferenceGrid grid, GeneralizedMeans means)
        : base(means, grid.Cells, functions.Options.VarianceUncertainty)
    {
        link = means.Link;
        means.RequireAverage();
        var k = functions.Options.VarianceUncertainty ? means.CovarianceParameters : 0;
        var table = grid.Table();
        var columns = means.Columns(table);
        var (variances, derivatives) = means.PredictorVariances(table, grid.Rows, k > 0);
        var shares = grid.Shares(functions.Options.Weights);
        var count = columns.Length / grid.Rows;
        var (all, sums) = (new double[count], new double[grid.Cells]);
        for (var row = 0; row < grid.Rows; row++)
        {
            if (shares[row] == 0) continue;
            var cell = row % grid.Cells;
            for (var j = 0; j < count; j++) all[j] = columns[row + (j * grid.Rows)];
            if (functions.Weights(all) is not { } x)
            {
                sums[cell] = double.NaN;
                continue;
            }

            var average = AveragedMean.Of(link, functions.Offset + Vectors.Dot(x, means.Coefficients), variances[row]);
            sums[cell] += shares[row] * average.Value;
            var gradient = GradientOf(cell);
            Vectors.AddScaled(shares[row] * average.First, x, gradient[..x.Length]);
            for (var j = 0; j < k; j++) gradient[x.Length + j] += shares[row] * 0.5 * average.Second * derivatives[row + (j * grid.Rows)];
        }

        for (var cell = 0; cell < grid.Cells; cell++) Set(cell, sums[cell]);
    }

    /// <inheritdoc/>
    protected override (double Centre, Func<double, Taylor> Curve) CurveOf(int cell) => (link.Predictor(ValueOf(cell)), link.Mean);
}

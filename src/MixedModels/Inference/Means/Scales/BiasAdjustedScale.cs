using MixedModels.Families;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Means.Scales;

/// <summary>
/// g⁻¹(eta) + ½s²(g⁻¹)''(eta) at the link's mean eta, s² the mean over a cell's rows of the variance that random effects give the predictor: the
/// average over the random effects to second order.
/// </summary>
/// <remarks>
/// Lenth's emmeans calls it <c>bias.adjust</c>, with sigma = s given by its user. The intervals are as there: made on the link's scale, their ends adjusted as the mean is. It
/// can leave the range of the mean where s is large; the averaged scale cannot.
/// </remarks>
internal sealed class BiasAdjustedScale : LinearizedScale
{
    private readonly double[] etas;
    private readonly Link link;
    private readonly double[] variances;

    /// <summary>Evaluates the means.</summary>
    public BiasAdjustedScale(MeanFunctions functions, ReferenceGrid grid, GeneralizedMeans means)
        : base(means, grid.Cells, functions.Options.VarianceUncertainty)
    {
        link = means.Link;
        (etas, variances) = (new double[grid.Cells], new double[grid.Cells]);
        var k = functions.Options.VarianceUncertainty ? means.CovarianceParameters : 0;
        var (rowVariances, derivatives) = means.PredictorVariances(grid.Table(), grid.Rows, k > 0);
        var shares = grid.Shares(functions.Options.Weights);
        var slopes = new double[grid.Cells * k];
        for (var row = 0; row < grid.Rows; row++)
        {
            var cell = row % grid.Cells;
            variances[cell] += shares[row] * rowVariances[row];
            for (var j = 0; j < k; j++) slopes[(cell * k) + j] += shares[row] * derivatives[row + (j * grid.Rows)];
        }

        for (var cell = 0; cell < grid.Cells; cell++)
        {
            if (functions.Weights(cell) is not { } x) continue;
            etas[cell] = functions.Offset + Vectors.Dot(x, means.Coefficients);
            var adjusted = Curve(etas[cell], variances[cell]);
            Set(cell, adjusted.Value);
            var gradient = GradientOf(cell);
            Vectors.AddScaled(adjusted.First, x, gradient[..x.Length]);
            Vectors.AddScaled(0.5 * link.Mean(etas[cell]).Second, slopes.AsSpan(cell * k, k), gradient[x.Length..]);
        }
    }

    /// <inheritdoc/>
    protected override (double Centre, Func<double, Taylor> Curve) CurveOf(int cell) => (etas[cell], eta => Curve(eta, variances[cell]));

    /// <summary>The adjusted mean and its first derivative; higher ones are not used.</summary>
    private Taylor Curve(double eta, double variance)
    {
        var mean = link.Mean(eta);
        return new(mean.Value + (0.5 * variance * mean.Second), mean.First + (0.5 * variance * mean.Third), double.NaN, double.NaN);
    }
}

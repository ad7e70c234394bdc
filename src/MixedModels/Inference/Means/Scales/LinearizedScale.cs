using MixedModels.Families;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Means.Scales;

/// <summary>
/// Means that are curved functions of the fixed effects and variances, by the delta method: each with its value and gradient at the estimates, so that
/// contrasts are differences of means of the response.
/// </summary>
internal abstract class LinearizedScale : MeanScaling
{
    private readonly double[] gradients;
    private readonly GeneralizedMeans means;
    private readonly double[] values;
    private readonly bool withVariances;

    /// <summary>Makes room for the means of a grid's cells; the maker fills it by <see cref="Set"/>.</summary>
    protected LinearizedScale(GeneralizedMeans means, int cells, bool withVariances)
    {
        (this.means, this.withVariances) = (means, withVariances);
        values = new double[cells];
        gradients = new double[cells * means.DeviationCount(withVariances)];
        Array.Fill(values, double.NaN);
    }

    /// <summary>The interval of a mean is made on the predictor's scale about this point of this curve, and carried back along it.</summary>
    protected abstract (double Centre, Func<double, Taylor> Curve) CurveOf(int cell);

    /// <summary>The value of a cell's mean.</summary>
    protected double ValueOf(int cell) => values[cell];

    /// <summary>A cell's gradient: p fixed effects, then, where they are uncertain, the covariance parameters.</summary>
    protected Span<double> GradientOf(int cell) => gradients.AsSpan(cell * means.DeviationCount(withVariances), means.DeviationCount(withVariances));

    /// <summary>Sets the value of a cell's mean.</summary>
    protected void Set(int cell, double value) => values[cell] = value;

    /// <inheritdoc/>
    public sealed override MeanEstimates Estimate(MeanFunctions functions, MeanGroup group, IReadOnlyList<WeightedContrast> contrasts)
    {
        // Deviations from the estimates are zero at the estimates, so all of a value is its constant.
        var method = means.Deviations(withVariances);
        var (constants, kept, rows) = (new double[contrasts.Count], new List<int>(), new List<double>());
        for (var i = 0; i < contrasts.Count; i++)
        {
            var row = new double[means.DeviationCount(withVariances)];
            for (var m = 0; m < group.Cells.Count; m++)
            {
                var weight = contrasts[i].Weights[m];
                if (weight == 0) continue;
                constants[i] += weight * values[group.Cells[m]];
                Vectors.AddScaled(weight, GradientOf(group.Cells[m]), row);
            }

            if (double.IsNaN(constants[i])) continue;
            kept.Add(i);
            rows.AddRange(row);
        }

        return new(method, constants, kept, new(method.Fit, [.. rows]));
    }

    /// <inheritdoc/>
    public sealed override ShownEstimate Mean(int cell, double value, double error, double half)
    {
        if (double.IsNaN(value)) return new(value, error, double.NaN, double.NaN);
        var (centre, curve) = CurveOf(cell);
        var own = half / Math.Abs(curve(centre).First);
        var (first, second) = (curve(centre - own).Value, curve(centre + own).Value);
        return new(value, error, Math.Min(first, second), Math.Max(first, second));
    }
}

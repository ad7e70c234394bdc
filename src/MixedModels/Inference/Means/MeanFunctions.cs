using MixedModels.Design;
using MixedModels.Inference.Contrasts;
using MixedModels.Inference.SmallSample;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Means;

/// <summary>
/// Marginal means as linear functions of the fixed effects: a row of weights of all columns for each combination of the factors asked for,
/// by-group after by-group. Immutable.
/// </summary>
internal sealed class MeanFunctions
{
    /// <summary>A weight below this share of the numbers it is a sum of is rounding of zero.</summary>
    private const double Rounding = 1e-13;

    private readonly Estimability estimability;
    private readonly double[] rows;
    private readonly double[] sizes;
    private readonly double offset;
    private readonly SmallSampleMethod method;

    /// <summary>Makes the reference grid and averages over it.</summary>
    /// <exception cref="InferenceException">A name or level is not there, or the grid is too large.</exception>
    public MeanFunctions(SmallSampleMethod method, DegreesOfFreedom name, IReadOnlyList<string> over, IReadOnlyList<string> by, MarginalMeansOptions options)
    {
        (this.method, Method, Options) = (method, name, options);
        var design = method.Fit.Design;
        var axes = new GridAxes(design, options);
        GridAxis[] overAxes = [.. over.Select(axes.Factor)];
        GridAxis[] byAxes = [.. by.Select(axes.Factor)];
        GridAxis[] asked = [.. overAxes, .. byAxes];
        RequireDistinct(asked);
        (Over, By) = ([.. overAxes.Select(axis => axis.Name)], [.. byAxes.Select(axis => axis.Name)]);
        estimability = new(design);
        var grid = new ReferenceGrid(design, axes.All, asked);
        (rows, sizes) = options.Trend is { } trend ? Slopes(grid, axes, trend, options) : grid.Means(options.Weights);
        offset = options.Trend is null && !design.Offset.IsEmpty ? Mean(design.Offset.Span) : 0;
        Count = grid.Cells;
        GroupSize = overAxes.Aggregate(1, (product, axis) => product * axis.Labels.Count);
        Levels = [.. Enumerable.Range(0, Count).Select(cell => LevelsOf(grid, asked, cell))];
        Labels = [.. Enumerable.Range(0, GroupSize).Select(cell => Label(grid, overAxes, cell))];
        Averaged = [.. axes.All.Except(asked).Select(axis => Word(axis, options.Trend))];
    }

    /// <summary>The number of means.</summary>
    public int Count { get; }

    /// <summary>The number of means in a by-group.</summary>
    public int GroupSize { get; }

    /// <summary>The factors the means are over.</summary>
    public IReadOnlyList<string> Over { get; }

    /// <summary>The by-factors.</summary>
    public IReadOnlyList<string> By { get; }

    /// <summary>For each mean the levels of its factors.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Levels { get; }

    /// <summary>The names that the means of a group have in contrasts.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>What the means are averaged over and held at, in words.</summary>
    public IReadOnlyList<string> Averaged { get; }

    /// <summary>How degrees of freedom are found.</summary>
    public DegreesOfFreedom Method { get; }

    /// <summary>The cluster-robust covariance behind the errors, its cluster named; null for the model's own.</summary>
    public RobustCovariance? Robust => method.Robust;

    /// <summary>What was asked for.</summary>
    public MarginalMeansOptions Options { get; }

    /// <summary>What the method has to say about itself.</summary>
    public IReadOnlyList<Finding> MethodFindings => method.Findings;

    /// <summary>Estimates of combinations of the means of one group.</summary>
    /// <param name="group">The by-group.</param>
    /// <param name="contrasts">A weight a mean of the group.</param>
    public MeanEstimates Estimate(int group, IReadOnlyList<WeightedContrast> contrasts)
    {
        var columns = estimability.Names.Count;
        var weights = new List<double>();
        var estimates = new double[contrasts.Count];
        var kept = new List<int>();
        for (var i = 0; i < contrasts.Count; i++)
        {
            var (row, size) = (new double[columns], new double[columns]);
            for (var m = 0; m < GroupSize; m++)
            {
                var start = ((group * GroupSize) + m) * columns;
                Vectors.AddScaled(contrasts[i].Weights[m], rows.AsSpan(start, columns), row);
                Vectors.AddScaled(Math.Abs(contrasts[i].Weights[m]), sizes.AsSpan(start, columns), size);
            }

            for (var j = 0; j < columns; j++) row[j] = Math.Abs(row[j]) < Rounding * size[j] ? 0 : row[j];
            var isEstimable = estimability.Obstacle(row, size) is null;
            estimates[i] = isEstimable ? offset * contrasts[i].Weights.Sum() : double.NaN;
            if (!isEstimable) continue;
            kept.Add(i);
            weights.AddRange(estimability.Kept(row));
        }

        return new(method, estimates, kept, new(method.Fit, [.. weights]));
    }

    private static (double[] Rows, double[] Sizes) Slopes(ReferenceGrid grid, GridAxes axes, string trend, MarginalMeansOptions options)
    {
        var covariate = axes.Covariate(trend);
        var (least, most, _) = axes.Range(covariate.Name);
        return grid.Slopes(covariate, most - least, options.Weights);
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var mean = Vectors.Sum(values) / values.Length;
        var rest = 0.0;
        foreach (var value in values) rest += value - mean;
        return mean + (rest / values.Length);
    }

    private static void RequireDistinct(GridAxis[] asked)
    {
        var twice = asked.GroupBy(axis => axis.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any());
        if (twice is not null) throw new InferenceException($"'{twice.Key}' stands twice among the factors of the means (--over, --by); name it once.");
    }

    private static Dictionary<string, string> LevelsOf(ReferenceGrid grid, GridAxis[] asked, int cell)
    {
        var levels = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var k = 0; k < asked.Length; k++) levels.Add(asked[k].Name, asked[k].Labels[grid.PlaceOf(cell, k)]);
        return levels;
    }

    /// <summary>Levels that are numbers get their factor's name before them, and what has an operator in it gets parentheses.</summary>
    private static string Label(ReferenceGrid grid, GridAxis[] over, int cell)
    {
        if (over.Length == 0) return "overall";
        var label = string.Join(' ', over.Select((axis, k) =>
        {
            var level = axis.Labels[grid.PlaceOf(cell, k)];
            return axis.Labels.All(IsNumber) ? axis.Name + level : level;
        }));
        return label.AsSpan().IndexOfAny("+-*/") >= 0 ? $"({label})" : label;
    }

    private static bool IsNumber(string level) =>
        double.TryParse(level, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out _);

    private static string Word(GridAxis axis, string? trend)
    {
        if (axis.IsCategorical) return axis.Name;
        var values = string.Join(", ", axis.Values.Select(value => value.ToString("G6", System.Globalization.CultureInfo.InvariantCulture)));
        return string.Equals(axis.Name, trend, StringComparison.Ordinal) ? $"slope at {axis.Name} = {values}" : $"{axis.Name} = {values}";
    }
}

using MixedModels.Design;
using MixedModels.Inference.Contrasts;
using MixedModels.Inference.Means.Scales;
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
    private readonly SmallSampleMethod method;

    /// <summary>Makes the reference grid and averages over it.</summary>
    /// <exception cref="InferenceException">A name or level is not there, or the grid is too large.</exception>
    /// <param name="method">How errors and degrees of freedom are found.</param>
    /// <param name="name">The name of the method.</param>
    /// <param name="over">The factors the means are over.</param>
    /// <param name="by">The by-factors.</param>
    /// <param name="options">What the means are of.</param>
    /// <param name="means">The generalized model whose means they are; null for a linear one.</param>
    public MeanFunctions(
        SmallSampleMethod method, DegreesOfFreedom name, IReadOnlyList<string> over, IReadOnlyList<string> by, MarginalMeansOptions options, GeneralizedMeans? means = null)
    {
        (this.method, Method, Options) = (method, name, options);
        var design = method.Fit.Design;
        var axes = new GridAxes(design, options);
        var nesting = new NestedAxes(design, axes.All);
        GridAxis[] askedOver = [.. over.Select(axes.Factor)];
        GridAxis[] askedBy = [.. by.Select(axes.Factor)];
        RequireDistinct([.. askedOver, .. askedBy]);

        // What is nested means something only beside its nest.
        var overAxes = nesting.WithNests(askedOver, askedBy);
        var byAxes = nesting.WithNests(askedBy, overAxes);
        GridAxis[] asked = [.. overAxes, .. byAxes];
        (Over, By) = ([.. overAxes.Select(axis => axis.Name)], [.. byAxes.Select(axis => axis.Name)]);
        estimability = new(design);
        var grid = new ReferenceGrid(design, axes.All, asked, nesting);
        (rows, sizes) = options.Trend is { } trend ? Slopes(grid, axes, trend, options) : grid.Means(options.Weights);
        Offset = options.Trend is null && !design.Offset.IsEmpty ? Mean(design.Offset.Span) : 0;
        Groups = GroupsOf(grid, overAxes);
        Levels = [.. Groups.SelectMany(group => group.Cells).Select(cell => LevelsOf(grid, asked, cell))];
        Averaged = [.. axes.All.Except(asked).Select(axis => Word(axis, options.Trend))];
        Nestings = [.. nesting.Words];
        Scaling = MeanScaling.Create(this, grid, means);
    }

    /// <summary>On which scale they are compared and shown.</summary>
    public MeanScaling Scaling { get; }

    /// <summary>The mean offset of the rows used; 0 for slopes.</summary>
    public double Offset { get; }

    /// <summary>The by-groups that have means, in their order.</summary>
    public IReadOnlyList<MeanGroup> Groups { get; }

    /// <summary>The factors nested in others, in words.</summary>
    public IReadOnlyList<string> Nestings { get; }

    /// <summary>The factors the means are over.</summary>
    public IReadOnlyList<string> Over { get; }

    /// <summary>The by-factors.</summary>
    public IReadOnlyList<string> By { get; }

    /// <summary>For each mean, group after group, the levels of its factors.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Levels { get; }

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

    /// <summary>The weights of the kept columns in the linear predictor of a cell; null where it cannot be estimated.</summary>
    public double[]? Weights(int cell)
    {
        var columns = estimability.Names.Count;
        return Weights(rows.AsSpan(cell * columns, columns), sizes.AsSpan(cell * columns, columns));
    }

    /// <summary>The same of weights of all columns.</summary>
    /// <param name="row">A weight a column.</param>
    /// <param name="size">The size of the numbers each is a sum of; empty for the weights themselves.</param>
    public double[]? Weights(ReadOnlySpan<double> row, ReadOnlySpan<double> size = default) =>
        estimability.Obstacle(row, size) is null ? estimability.Kept(row) : null;

    /// <summary>Estimates of combinations of the linear predictors of one group.</summary>
    /// <param name="group">The by-group.</param>
    /// <param name="contrasts">A weight a mean of the group.</param>
    public MeanEstimates Estimate(MeanGroup group, IReadOnlyList<WeightedContrast> contrasts)
    {
        var columns = estimability.Names.Count;
        var weights = new List<double>();
        var estimates = new double[contrasts.Count];
        var kept = new List<int>();
        for (var i = 0; i < contrasts.Count; i++)
        {
            var (row, size) = (new double[columns], new double[columns]);
            for (var m = 0; m < group.Cells.Count; m++)
            {
                var start = group.Cells[m] * columns;
                Vectors.AddScaled(contrasts[i].Weights[m], rows.AsSpan(start, columns), row);
                Vectors.AddScaled(Math.Abs(contrasts[i].Weights[m]), sizes.AsSpan(start, columns), size);
            }

            for (var j = 0; j < columns; j++) row[j] = Math.Abs(row[j]) < Rounding * size[j] ? 0 : row[j];
            var isEstimable = estimability.Obstacle(row, size) is null;
            estimates[i] = isEstimable ? Offset * contrasts[i].Weights.Sum() : double.NaN;
            if (!isEstimable) continue;
            kept.Add(i);
            weights.AddRange(estimability.Kept(row));
        }

        return new(method, estimates, kept, new(method.Fit, [.. weights]));
    }

    private static MeanGroup[] GroupsOf(ReferenceGrid grid, GridAxis[] over)
    {
        var size = over.Aggregate(1, (product, axis) => product * axis.Labels.Count);
        var groups = new List<MeanGroup>();
        var start = 0;
        for (var first = 0; first < grid.Cells; first += size)
        {
            int[] cells = [.. Enumerable.Range(first, size).Where(grid.Occurs)];
            if (cells.Length == 0) continue;
            groups.Add(new(start, cells, [.. cells.Select(cell => Label(grid, over, cell))]));
            start += cells.Length;
        }

        return [.. groups];
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

using System.Globalization;
using MixedModels.Data;
using MixedModels.Design;

namespace MixedModels.Inference.Means;

/// <summary>
/// All combinations of the levels and values of the axes, and averages over them: for each cell of the factors asked for, a weight for
/// every column of the fixed part. A workspace of one thread.
/// </summary>
internal sealed class ReferenceGrid
{
    /// <summary>160 MB of numbers.</summary>
    private const double MostNumbers = 2e7;

    private readonly ModelDesign design;
    private readonly GridAxis[] asked;
    private readonly GridAxis[] others;
    private readonly GridAxis[] axes;
    private readonly NestedAxes nesting;
    private readonly int rows;

    /// <summary>Lays out the grid: the factors asked for vary fastest, the first of them first.</summary>
    /// <exception cref="InferenceException">It is too large; the message has the figure.</exception>
    public ReferenceGrid(ModelDesign design, IReadOnlyList<GridAxis> all, IReadOnlyList<GridAxis> asked, NestedAxes nesting)
    {
        (this.design, this.nesting) = (design, nesting);
        this.asked = [.. asked];
        others = [.. all.Except(asked)];
        axes = [.. asked, .. others];
        RequireSize();
        Cells = asked.Aggregate(1, (product, axis) => product * axis.Labels.Count);
        rows = axes.Aggregate(1, (product, axis) => product * axis.Labels.Count);
    }

    /// <summary>The number of combinations of the factors asked for.</summary>
    public int Cells { get; }

    /// <summary>Whether a combination of the factors asked for is in the grid: its levels, and some levels of the others, belong together.</summary>
    public bool Occurs(int cell)
    {
        for (var row = cell; row < rows; row += Cells)
        {
            if (Occurs(row, nesting)) return true;
        }

        return false;
    }

    /// <summary>The number of combinations of all axes; the cell of a row is its remainder by <see cref="Cells"/>.</summary>
    public int Rows => rows;

    /// <summary>The grid as a table.</summary>
    public DataTable Table() => Table(null, 0, null);

    /// <summary>The weight of each row in its cell.</summary>
    public double[] Shares(MeanWeights weights) => weights == MeanWeights.Equal ? EqualShares() : ProportionalShares();

    /// <summary>Averages of the design's columns over the other axes, and of their sizes: cell after cell, a weight a column.</summary>
    public (double[] Rows, double[] Sizes) Means(MeanWeights weights) => Average(design.AllColumns(Table()), weights);

    /// <summary>The same of the columns' derivatives in a covariate.</summary>
    /// <remarks>
    /// Symmetric differences D(h) of the replayed design, extrapolated: (4D(h/2) − D(h))/3 is exact for polynomials up to the fourth degree
    /// and off by h⁴f⁗′/480 else, a relative 1e-12 for the steps taken.
    /// </remarks>
    public (double[] Rows, double[] Sizes) Slopes(GridAxis covariate, double range, MeanWeights weights)
    {
        double Step(double x) => 1e-3 * (x == 0 ? range : Math.Max(Math.Min(range, Math.Abs(x)), 1e-3 * range));
        var slopes = new double[rows * design.AllColumnNames.Count];
        var places = Places(Array.IndexOf(axes, covariate));
        foreach (var (share, factor) in new[] { (1.0, -1.0 / 3), (0.5, 4.0 / 3) })
        {
            var above = design.AllColumns(Table(covariate, share, Step));
            var below = design.AllColumns(Table(covariate, -share, Step));
            for (var i = 0; i < slopes.Length; i++)
                slopes[i] += factor * (above[i] - below[i]) / (2 * share * Step(covariate.Values[places[i % rows]]));
        }

        return Average(slopes, weights);
    }

    private void RequireSize()
    {
        var size = axes.Aggregate(1.0, (product, axis) => product * axis.Labels.Count);
        if (size * design.AllColumnNames.Count <= MostNumbers) return;
        var sides = string.Join(" × ", axes.Where(axis => axis.Labels.Count > 1).Select(axis => $"{axis.Labels.Count} of {axis.Name}"));
        throw new InferenceException(string.Create(
            CultureInfo.InvariantCulture,
            $"The reference grid has {size:N0} rows ({sides}) and {design.AllColumnNames.Count} columns, {size * design.AllColumnNames.Count:N0} numbers; it goes to {MostNumbers:N0}. Hold some of its factors at one level (--at \"{axes.MaxBy(axis => axis.Labels.Count)!.Name}=…\")."));
    }

    private DataTable Table(GridAxis? moved, double steps, Func<double, double>? step)
    {
        Column[] columns = [.. axes.Select((axis, k) => ReferenceEquals(axis, moved) ? axis.Shifted(Places(k), steps, step) : axis.Over(Places(k)))];

        // A table without a column has no rows, and the grid of an intercept has one.
        return new(columns.Length > 0 ? columns : [new NumericColumn("(Intercept)", [1])]);
    }

    private int[] Places(int k) => [.. Enumerable.Range(0, rows).Select(row => PlaceOf(row, k))];

    /// <summary>The place of a cell, or a row, on the k-th axis; the factors asked for come first.</summary>
    public int PlaceOf(int row, int k)
    {
        for (var i = 0; i < k; i++) row /= axes[i].Labels.Count;
        return row % axes[k].Labels.Count;
    }

    private bool Occurs(int row, NestedAxes nested) => nested.IsEmpty || nested.Occurs(axis => PlaceOf(row, Array.IndexOf(axes, axis)));

    private (double[] Rows, double[] Sizes) Average(double[] columns, MeanWeights weights)
    {
        var count = design.AllColumnNames.Count;
        var shares = Shares(weights);
        var (averages, sizes) = (new double[Cells * count], new double[Cells * count]);
        for (var j = 0; j < count; j++)
        {
            for (var row = 0; row < rows; row++)
            {
                var part = shares[row] * columns[row + (j * rows)];
                averages[((row % Cells) * count) + j] += part;
                sizes[((row % Cells) * count) + j] += Math.Abs(part);
            }
        }

        return (averages, sizes);
    }

    /// <summary>The weight of each row of the grid in its cell: equal over the levels of an axis, those of its nest where it has one.</summary>
    private double[] EqualShares()
    {
        var shares = new double[rows];
        if (nesting.IsEmpty)
        {
            Array.Fill(shares, (double)Cells / rows);
            return shares;
        }

        for (var row = 0; row < rows; row++)
        {
            if (!Occurs(row, nesting)) continue;
            var own = row;
            shares[row] = 1;
            foreach (var axis in others) shares[row] /= nesting.LevelsWithin(axis, nest => PlaceOf(own, Array.IndexOf(axes, nest)));
        }

        // A level whose nest is restricted away leaves less than the whole.
        return Normalized(shares);
    }

    /// <summary>The weight of each row of the grid in its cell: how often its levels of the other axes occur.</summary>
    private double[] ProportionalShares()
    {
        // Chosen values of a covariate do not occur in the rows; they count alike.
        var counts = new double[rows / Cells];
        foreach (var row in design.Rows.Span) Count(row, counts);
        if (counts.Sum() == 0) throw new InferenceException("No row of the fit has the levels that the grid is restricted to, so proportional weights are all zero. Use equal weights.");
        var shares = new double[rows];
        for (var row = 0; row < rows; row++) shares[row] = Occurs(row, nesting) ? counts[row / Cells] : 0;
        return Normalized(shares);
    }

    private double[] Normalized(double[] shares)
    {
        var sums = new double[Cells];
        for (var row = 0; row < rows; row++) sums[row % Cells] += shares[row];
        for (var row = 0; row < rows; row++) shares[row] = sums[row % Cells] > 0 ? shares[row] / sums[row % Cells] : 0;
        return shares;
    }

    private void Count(int row, double[] shares)
    {
        var matching = new List<int> { 0 };
        var stride = 1;
        foreach (var axis in others)
        {
            var place = axis.IsCategorical ? axis.PlaceOf(design.Data[axis.Name], row) : -1;
            if (axis.IsCategorical && place < 0) return;
            var step = stride;
            matching = [.. matching.SelectMany(start => place >= 0 ? [start + (place * step)] : Enumerable.Range(0, axis.Labels.Count).Select(p => start + (p * step)))];
            stride *= axis.Labels.Count;
        }

        foreach (var combination in matching) shares[combination]++;
    }
}

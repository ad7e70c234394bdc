using System.Text;
using MixedModels.Data;

namespace MixedModels.Benchmarks.Calibration;

/// <summary>
/// A small split plot: six whole plots, treatment a of two levels between them, b of three levels within, two rows a cell. Without an effect of either, so that every
/// rejection is an error.
/// </summary>
/// <param name="Title">What the page calls it.</param>
/// <param name="Keep">Which rows are there.</param>
/// <param name="PlotDeviation">The standard deviation between plots; that of the residual is 1.</param>
internal sealed record SplitPlot(string Title, Func<int, bool> Keep, double PlotDeviation)
{
    private const int Plots = 6, Inner = 3, Rows = 2;

    public static IReadOnlyList<SplitPlot> All { get; } =
    [
        new("balanced, SD between plots 1", _ => true, 1),
        new("balanced, SD between plots 0.3", _ => true, 0.3),

        // A third of the rows lost, most from one treatment, every cell of a and b still seen.
        new("unbalanced, SD between plots 1", row => row % 7 is not (2 or 5) && row is not (0 or 1 or 6), 1),
        new("unbalanced, SD between plots 0.3", row => row % 7 is not (2 or 5) && row is not (0 or 1 or 6), 0.3),
    ];

    public LinearMixedModel Model { get; } = new("y ~ a * b + (1 | plot)");

    public DataTable Table()
    {
        var text = new StringBuilder("plot,a,b,y\n");
        for (var row = 0; row < Plots * Inner * Rows; row++)
        {
            var plot = row / (Inner * Rows);
            if (Keep(row)) text.Append(FormattableString.Invariant($"P{plot},{(plot % 2 == 0 ? "low" : "high")},{"xyz"[row / Rows % Inner]},0\n"));
        }

        return DataTable.ReadDelimited(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())));
    }

    public LinearParameters Parameters => new()
    {
        Coefficients = new double[2 * Inner],
        Covariances = [new(1, 1, [PlotDeviation * PlotDeviation])],
        Sigma = 1,
    };
}

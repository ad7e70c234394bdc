using MixedModels.Estimation.Linear;
using MixedModels.Families;

namespace MixedModels.Estimation.Generalized;

/// <summary>A generalized linear mixed model's data as numbers. Immutable.</summary>
/// <param name="Linear">X, Z and levels in the user's units; its response and weights are not used.</param>
/// <param name="Rows">n responses with trials and weights.</param>
/// <param name="Offset">n offsets, or empty where all are 0.</param>
/// <param name="Frequencies">How many identical rows each stands for: multipliers of its log-density; empty where all are 1.</param>
/// <param name="Family">The distribution of the response with its link.</param>
internal sealed record GeneralizedData(LinearData Linear, Observation[] Rows, ReadOnlyMemory<double> Offset, double[] Frequencies, Family Family)
{
    /// <summary>The number of rows.</summary>
    public int n => Rows.Length;

    /// <summary>How many rows a row stands for.</summary>
    public double Frequency(int row) => Frequencies.Length == 0 ? 1 : Frequencies[row];

    /// <summary>Some rows.</summary>
    /// <param name="linear">Their X, Z and levels.</param>
    /// <param name="rows">Their numbers.</param>
    public GeneralizedData OfRows(LinearData linear, int[] rows) => new(
        linear, [.. rows.Select(row => Rows[row])], Offset.IsEmpty ? default : StandardizedColumns.Taken(Offset.Span, n, rows), StandardizedColumns.Taken(Frequencies, n, rows), Family);

    /// <summary>The part of the log-likelihood that no parameter touches.</summary>
    public double Constant()
    {
        var sum = 0.0;
        for (var i = 0; i < n; i++) sum += Frequency(i) * Family.Constant(Rows[i]);
        return sum;
    }
}

using MixedModels.Data;
using MixedModels.Execution;

namespace MixedModels.Design;

/// <summary>
/// A column for each distinct position that coordinates take in the rows a design is made from: 1 in the rows at that position. Positions
/// are in ascending order, the first coordinate first. Immutable.
/// </summary>
internal sealed class PositionColumns : IEffectColumns
{
    private readonly double[][] positions;
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly NumericVariable[] variables;

    /// <summary>Learns the positions.</summary>
    /// <param name="variables">The coordinates, one column each.</param>
    /// <param name="frame">The rows.</param>
    /// <exception cref="DataException">A coordinate is not finite, or there are more columns than can be held.</exception>
    public PositionColumns(IReadOnlyList<NumericVariable> variables, ModelFrame frame)
    {
        this.variables = [.. variables];
        var rows = Rows(frame);
        positions = [.. rows.DistinctBy(Key, StringComparer.Ordinal).Order(Comparer<double[]>.Create(Compare))];
        for (var k = 0; k < positions.Length; k++) places.Add(Key(positions[k]), k);
        var label = string.Join(':', variables.Select(variable => variable.Label));
        MatrixSize.Require($"The positions of {label}", frame.Count, positions.Length, AvailableMemory.Bytes);
        TermNames = [label];
        ColumnNames = [.. positions.Select(position => $"{label}({Key(position)})")];
        Assign = [.. positions.Select(_ => 1)];
        Pieces = [[.. variables.Select(variable => new TermPiece(variable, null, null))]];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> Assign { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> TermNames { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TermPiece[]> Pieces { get; }

    /// <summary>The positions, p×d column-major.</summary>
    public double[] Positions()
    {
        var result = new double[positions.Length * variables.Length];
        for (var e = 0; e < result.Length; e++) result[e] = positions[e % positions.Length][e / positions.Length];
        return result;
    }

    /// <inheritdoc/>
    /// <exception cref="DataException">A row is at a position that was not among those learnt.</exception>
    public double[] Evaluate(ModelFrame frame)
    {
        var rows = Rows(frame);
        var Z = new double[rows.Length * positions.Length];
        for (var r = 0; r < rows.Length; r++)
        {
            if (!places.TryGetValue(Key(rows[r]), out var place))
            {
                throw new DataException(
                    $"Row {frame.Rows.Span[r] + 1} is at {TermNames[0]} = {Key(rows[r])}, which is not among the {positions.Length} positions the model was made from. "
                    + "Leave the row out, or predict for the population.");
            }

            Z[r + (place * rows.Length)] = 1;
        }

        return Z;
    }

    private double[][] Rows(ModelFrame frame)
    {
        var columns = variables.Select(variable => frame.Numbers(variable.Label)).ToArray();
        return [.. Enumerable.Range(0, frame.Count).Select(r => columns.Select(column => column.Span[r]).ToArray())];
    }

    private static string Key(double[] position) => string.Join(',', position.Select(NumberName.Of));

    private static int Compare(double[] first, double[] second)
    {
        for (var c = 0; c < first.Length; c++)
        {
            var order = first[c].CompareTo(second[c]);
            if (order != 0) return order;
        }

        return 0;
    }
}

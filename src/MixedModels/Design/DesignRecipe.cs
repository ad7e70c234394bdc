using MixedModels.Data;

namespace MixedModels.Design;

/// <summary>The vectors of a design beside its matrices; empty where it has none.</summary>
internal sealed record DesignVectors(
    ReadOnlyMemory<double> Response, ReadOnlyMemory<double> Offset, ReadOnlyMemory<double> Weights, ReadOnlyMemory<double> Trials, ReadOnlyMemory<double> Frequencies);

/// <summary>What a design has learnt, so that it can be made again over new data. Immutable.</summary>
/// <param name="Variables">The variables of the fixed terms.</param>
/// <param name="Matrix">The fixed effects.</param>
/// <param name="Kept">The independent columns of <paramref name="Matrix"/>.</param>
/// <param name="Offsets">The offsets.</param>
/// <param name="RandomTerms">The random terms.</param>
internal sealed record DesignRecipe(
    IReadOnlyList<Variable> Variables,
    MatrixRecipe Matrix,
    IReadOnlyList<int> Kept,
    IReadOnlyList<NumericVariable> Offsets,
    IReadOnlyList<RandomRecipe> RandomTerms)
{
    /// <summary>Makes the columns over another table.</summary>
    /// <param name="table">The table; columns of random terms that are not wanted need not be there.</param>
    /// <param name="randomTerms">The indices of the random terms wanted.</param>
    /// <param name="withLevels">Whether their groups are wanted; else every row has a level that is new, and the groups' columns need not be there.</param>
    /// <param name="residual">The residuals' clauses where something of them is wanted; else null.</param>
    public NewDataDesign Replay(DataTable table, IReadOnlyList<int> randomTerms, bool withLevels = true, ResidualReplay? residual = null)
    {
        var frame = new ModelFrame(new TableColumns(table));
        RandomRecipe[] wanted = [.. randomTerms.Select(index => RandomTerms[index])];
        foreach (var variable in Variables.Concat(Offsets))
            frame.Add(variable);
        foreach (var term in wanted)
            term.AddTo(frame, withLevels);
        residual?.AddTo(frame);
        frame.FindCompleteRows();
        return new NewDataDesign(
            table.RowCount,
            frame.Rows,
            SelectColumns(Matrix.Evaluate(frame), frame.Count),
            Offset(frame),
            [.. wanted.Select(term => term.Replay(frame, withLevels))])
        {
            Residual = residual?.Over(frame),
        };
    }

    /// <summary>The sum of the offsets over the complete rows; empty where there is none.</summary>
    public ReadOnlyMemory<double> Offset(ModelFrame frame)
    {
        if (Offsets.Count == 0)
            return default;
        var sum = new double[frame.Count];
        foreach (var offset in Offsets)
        {
            var values = frame.Numbers(offset.Label).Span;
            for (var i = 0; i < sum.Length; i++)
                sum[i] += values[i];
        }

        return sum;
    }

    /// <summary>The kept columns of a matrix of all.</summary>
    public double[] SelectColumns(double[] full, int rows)
    {
        if (Kept.Count == Matrix.ColumnNames.Count)
            return full;
        var selected = new double[rows * Kept.Count];
        for (var j = 0; j < Kept.Count; j++)
            full.AsSpan(Kept[j] * rows, rows).CopyTo(selected.AsSpan(j * rows, rows));
        return selected;
    }
}

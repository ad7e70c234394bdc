namespace MixedModels.Reporting.Tables;

/// <summary>A column of words.</summary>
/// <param name="header">The column's heading.</param>
/// <param name="cells">The cells, one a row.</param>
internal sealed class TextColumn(string header, IReadOnlyList<string> cells)
    : ResultColumn(header, Alignment.Left)
{
    /// <inheritdoc/>
    public override int Length => cells.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Displayed() => cells;

    /// <inheritdoc/>
    public override string Exact(int row) => cells[row];
}

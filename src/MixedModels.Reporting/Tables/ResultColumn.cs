namespace MixedModels.Reporting.Tables;

/// <summary>One column of a <see cref="ResultTable"/>: what people read and what programs read.</summary>
/// <param name="header">The column's heading; may be empty.</param>
/// <param name="alignment">The side on which cells stand.</param>
internal abstract class ResultColumn(string header, Alignment alignment)
{
    /// <summary>The heading.</summary>
    public string Header { get; } = header;

    /// <summary>The side on which cells stand.</summary>
    public Alignment Alignment { get; } = alignment;

    /// <summary>The number of rows.</summary>
    public abstract int Length { get; }

    /// <summary>The cells rounded for reading, one a row.</summary>
    public abstract IReadOnlyList<string> Displayed();

    /// <summary>The cell of a zero-based row in full precision; a missing number is <c>NA</c>.</summary>
    public abstract string Exact(int row);
}

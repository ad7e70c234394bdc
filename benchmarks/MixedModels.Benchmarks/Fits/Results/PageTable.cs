using System.Text;

namespace MixedModels.Benchmarks.Fits.Results;

/// <summary>A Markdown table: the first column to the left, the others to the right.</summary>
internal sealed class PageTable(params IReadOnlyList<string> heads)
{
    private readonly List<IReadOnlyList<string>> rows = [];

    public bool IsEmpty => rows.Count == 0;

    public void Add(params IReadOnlyList<string> cells) => rows.Add(cells);

    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text, heads);
        Append(text, [.. heads.Select((_, column) => column == 0 ? "---" : "---:")]);
        foreach (var row in rows) Append(text, row);
        return text.ToString();
    }

    // A bar inside a cell, as every formula has, would end it, in code too.
    private static void Append(StringBuilder text, IReadOnlyList<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
}

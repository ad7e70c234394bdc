using System.Globalization;
using MixedModels.Data;

namespace MixedModels.Tests.Design;

/// <summary>Small tables for design tests.</summary>
internal static class Tables
{
    public static NumericColumn Numbers(string name, params double[] values) => new(name, values);

    /// <summary>A factor from the levels of its rows ("" is missing); its levels in order of first appearance unless given.</summary>
    public static FactorColumn Factor(string name, string[] rows, string[]? levels = null, bool isOrdered = false)
    {
        levels ??= [.. rows.Where(row => row.Length > 0).Distinct(StringComparer.Ordinal)];
        return new FactorColumn(name, levels, Array.ConvertAll(rows, row => row.Length == 0 ? -1 : Array.IndexOf(levels, row)), isOrdered);
    }

    public static FactorColumn Factor(string name, string rows, bool isOrdered = false) => Factor(name, rows.Split(' '), isOrdered: isOrdered);

    public static DataTable Of(params Column[] columns) => new(columns);

    /// <summary>A column of texts: a factor when its levels are given or a text is no number.</summary>
    public static Column Column(string name, string[] texts, string[]? levels, bool isOrdered)
    {
        if (levels is not null)
            return Factor(name, Array.ConvertAll(texts, text => text is "NA" ? "" : text), levels, isOrdered);
        if (Array.TrueForAll(texts, text => text is "NA" || double.TryParse(text, CultureInfo.InvariantCulture, out _)))
            return new NumericColumn(name, Array.ConvertAll(texts, text => text is "NA" ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture)));
        return Factor(name, Array.ConvertAll(texts, text => text is "NA" ? "" : text), [.. texts.Where(text => text is not "NA").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
    }

    public static DataTable ReadCsv(string path, IReadOnlyDictionary<string, (string[] Levels, bool IsOrdered)> factors)
    {
        var lines = File.ReadAllLines(path).Where(line => line.Length > 0).Select(line => Array.ConvertAll(line.Split(','), cell => cell.Trim('"'))).ToArray();
        var columns = lines[0].Select((name, j) =>
        {
            var texts = lines.Skip(1).Select(cells => cells[j]).ToArray();
            return factors.TryGetValue(name, out var factor) ? Column(name, texts, factor.Levels, factor.IsOrdered) : Column(name, texts, null, isOrdered: false);
        });
        return new DataTable([.. columns]);
    }

    /// <summary>The columns of a column-major matrix as rows of text, for comparison by eye in a failure.</summary>
    public static double[][] Rows(ReadOnlyMemory<double> matrix, int rows)
    {
        var columns = rows == 0 ? 0 : matrix.Length / rows;
        return [.. Enumerable.Range(0, rows).Select(i => Enumerable.Range(0, columns).Select(j => matrix.Span[(j * rows) + i]).ToArray())];
    }
}

using System.Globalization;
using MixedModels.Data;

namespace MixedModels.Data;

// Stand-ins until the Data room's own types of these names are merged; delete this file then.
internal static class NearestNames
{
    public static string Suggest(string wanted, IEnumerable<string> names)
    {
        var near = names.Where(name => name.Length > 0 && string.Equals(name[..1], wanted[..Math.Min(1, wanted.Length)], StringComparison.OrdinalIgnoreCase)).Take(3).ToArray();
        return near.Length == 0 ? "" : "; nearest: " + Quote(near);
    }

    public static string SuggestOrList(string wanted, IReadOnlyCollection<string> names)
    {
        var near = Suggest(wanted, names);
        return near.Length > 0 || names.Count == 0 ? near : "; there are " + Quote(names.Take(8));
    }

    public static string Quote(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}

internal static class NumberName
{
    public static string Of(double value)
    {
        if (double.IsInfinity(value))
            return value > 0 ? "Inf" : "-Inf";
        var text = value.ToString("G15", CultureInfo.InvariantCulture);
        return value >= 1e5 && value % 1e5 == 0 ? value.ToString("0e+00", CultureInfo.InvariantCulture) : text;
    }
}

internal static class ColumnFactors
{
    public static FactorColumn ToFactor(this Column column)
    {
        if (column is FactorColumn factor)
            return factor;
        var values = ((NumericColumn)column).Values.ToArray();
        var distinct = values.Where(value => !double.IsNaN(value)).Distinct().Order().ToArray();
        var codes = values.Select(value => double.IsNaN(value) ? -1 : Array.BinarySearch(distinct, value)).ToArray();
        return new FactorColumn(column.Name, [.. distinct.Select(NumberName.Of)], codes);
    }
}

using System.Runtime.InteropServices;

namespace MixedModels.Data;

/// <summary>The distinct values of a column of numbers and each row's place among them.</summary>
internal static class DistinctValues
{
    /// <summary>Whole numbers are counted in a table where their range is at most so many times the rows.</summary>
    private const int WidestRange = 4;

    /// <summary>Finds the distinct values in ascending order. O(n + k log k) for k of them.</summary>
    /// <param name="values">n numbers; NaN is missing.</param>
    /// <param name="distinct">The values, ascending.</param>
    /// <returns>n places in <paramref name="distinct"/>; −1 for a missing value.</returns>
    public static int[] Rank(ReadOnlySpan<double> values, out double[] distinct) =>
        IsCompact(values, out var least, out var range) ? RankCompact(values, least, range, out distinct) : RankAny(values, out distinct);

    private static bool IsCompact(ReadOnlySpan<double> values, out double least, out int range)
    {
        (least, range) = (double.PositiveInfinity, 0);
        var most = double.NegativeInfinity;
        foreach (var value in values)
        {
            if (double.IsNaN(value))
                continue;
            if (value != Math.Floor(value))
                return false;
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        // Without a value present the width is minus infinity.
        var width = most - least + 1;
        if (!(width > 0 && width <= (double)WidestRange * values.Length && width < Array.MaxLength))
            return false;
        range = (int)width;
        return true;
    }

    private static int[] RankCompact(ReadOnlySpan<double> values, double least, int range, out double[] distinct)
    {
        var place = new int[range];
        foreach (var value in values)
        {
            if (!double.IsNaN(value))
                place[(int)(value - least)] = 1;
        }

        var found = new List<double>();
        for (var i = 0; i < range; i++)
        {
            if (place[i] == 0)
                continue;
            place[i] = found.Count;
            found.Add(least + i);
        }

        distinct = [.. found];
        var rank = new int[values.Length];
        for (var row = 0; row < rank.Length; row++)
            rank[row] = double.IsNaN(values[row]) ? -1 : place[(int)(values[row] - least)];
        return rank;
    }

    private static int[] RankAny(ReadOnlySpan<double> values, out double[] distinct)
    {
        var codeOf = new Dictionary<double, int>();
        var found = new List<double>();
        var rank = new int[values.Length];
        for (var row = 0; row < rank.Length; row++)
        {
            rank[row] = -1;
            if (double.IsNaN(values[row]))
                continue;
            ref var code = ref CollectionsMarshal.GetValueRefOrAddDefault(codeOf, values[row], out var known);
            if (!known)
            {
                code = found.Count;
                found.Add(values[row]);
            }

            rank[row] = code;
        }

        distinct = [.. found];
        int[] order = [.. Enumerable.Range(0, distinct.Length)];
        Array.Sort(distinct, order);
        var place = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
            place[order[i]] = i;
        for (var row = 0; row < rank.Length; row++)
            rank[row] = rank[row] < 0 ? -1 : place[rank[row]];
        return rank;
    }
}

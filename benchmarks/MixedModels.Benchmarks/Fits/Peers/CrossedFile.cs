using System.Globalization;
using System.Runtime.InteropServices;
using MixedModels.Data;

namespace MixedModels.Benchmarks.Fits.Peers;

/// <summary>Writes data as blocked_cholesky.cpp reads them: n and the two numbers of levels, then the columns one after the other.</summary>
internal static class CrossedFile
{
    public static void Write(string path, DataTable table, CrossedColumns columns)
    {
        var (first, second) = (table[columns.First].ToFactor(), table[columns.Second].ToFactor());
        using var file = File.Create(path);
        Write<long>(file, [table.RowCount, first.Levels.Count, second.Levels.Count]);
        Write(file, first.Codes.Span);
        Write(file, second.Codes.Span);
        Write(file, ((NumericColumn)table[columns.Response]).Values.Span);
        Write<double>(file, columns.Covariate is { } covariate ? Numbers(table[covariate]) : CoinTosses(table.RowCount));
        if (columns.Third is { } third) Write<int>(file, Combinations(table[third.A].ToFactor(), table[third.B].ToFactor()));
    }

    private static void Write<T>(Stream file, ReadOnlySpan<T> values)
        where T : unmanaged => file.Write(MemoryMarshal.AsBytes(values));

    private static double[] Numbers(Column column)
    {
        var factor = column.ToFactor();
        return [.. factor.Codes.ToArray().Select(code => double.Parse(factor.Levels[code], CultureInfo.InvariantCulture))];
    }

    private static double[] CoinTosses(int count)
    {
        var random = new Random(1);
        var tosses = new double[count];
        for (var r = 0; r < count; r++) tosses[r] = random.Next(2);
        return tosses;
    }

    private static int[] Combinations(FactorColumn a, FactorColumn b)
    {
        var codes = new int[a.Length];
        for (var r = 0; r < codes.Length; r++) codes[r] = (a.Codes.Span[r] * b.Levels.Count) + b.Codes.Span[r];
        return codes;
    }
}

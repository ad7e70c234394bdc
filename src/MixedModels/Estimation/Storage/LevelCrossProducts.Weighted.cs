using System.Runtime.CompilerServices;
using MixedModels.Execution;

namespace MixedModels.Estimation.Storage;

/// <content>
/// Cross-products with weights that change while the rows stay: the rows are kept sorted by level, so that only the weights are gathered.
/// </content>
internal sealed unsafe partial class LevelCrossProducts
{
    private SystemRows? sorted;
    private SystemRows? sortedFrom;

    /// <summary>Works on a level, its rows in the data, and the place of the first of them among the sorted rows.</summary>
    public delegate void LevelBody(int level, ReadOnlySpan<int> rows, int first);

    /// <summary>Makes all anew from rows of the same levels and their weights.</summary>
    public void Fill(SystemRows rows, ReadOnlySpan<double> weights)
    {
        var own = Sorted(rows);
        fixed (double* start = weights)
        {
            var w = start;
            Each((level, numbers, first) =>
            {
                if (p == 2 && m == 0) AddPair(level, own, numbers, first, w);
                else AddWeighted(level, own, numbers, first, w);
            });
        }
    }

    /// <summary>The rows sorted by level; kept for as long as the same rows are asked for.</summary>
    public SystemRows Sorted(SystemRows rows)
    {
        if (sorted is not null && sortedFrom == rows) return sorted;
        (sorted, sortedFrom) = (sorted ?? rows.Blank(), rows);
        sorted.SetOrdered(rows, RowsByLevel);
        return sorted;
    }

    /// <summary>Does something with every level, in parts that threads share.</summary>
    public void Each(LevelBody body)
    {
        var order = RowsByLevel;
        ThreadTeam.Run(team, Parts, part =>
        {
            for (int level = firstLevel[part], row = firstRow[part]; level < firstLevel[part + 1]; row += size[level++])
                body(level, order.AsSpan(row, size[level]), row);
        });
    }

    /// <summary>A random intercept and slope alone: three sums in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddPair(int level, SystemRows own, ReadOnlySpan<int> numbers, int first, double* w)
    {
        ReadOnlySpan<double> z1 = own.Columns[0].AsSpan(first, numbers.Length);
        ReadOnlySpan<double> z2 = own.Columns[1].AsSpan(first, numbers.Length);
        double a11 = 0, a21 = 0, a22 = 0;
        for (var r = 0; r < numbers.Length; r++)
        {
            var weighted = w[numbers[r]] * z1[r];
            a11 += weighted * z1[r];
            a21 += weighted * z2[r];
            a22 += w[numbers[r]] * z2[r] * z2[r];
        }

        (A[3 * level], A[(3 * level) + 1], A[(3 * level) + 2]) = (a11, a21, a22);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddWeighted(int level, SystemRows own, ReadOnlySpan<int> numbers, int first, double* w)
    {
        var (q, e) = (Levels * p, level * LevelColumns.PackedSize(p));
        for (var i = 0; i < p; i++)
        {
            ReadOnlySpan<double> z = own.Columns[i].AsSpan(first, numbers.Length);
            for (var j = 0; j <= i; j++) A[e++] = WeightedDot(z, own.Columns[j].AsSpan(first, numbers.Length), numbers, w);
            var effect = Columns.Effect(level, i);
            for (var c = 0; c < m; c++) C[effect + (c * q)] = WeightedDot(z, own.Columns[p + c].AsSpan(first, numbers.Length), numbers, w);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double WeightedDot(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<int> numbers, double* w)
    {
        var sum = 0.0;
        x = x[..numbers.Length];
        y = y[..numbers.Length];
        for (var r = 0; r < numbers.Length; r++) sum += w[numbers[r]] * x[r] * y[r];
        return sum;
    }
}

using System.Numerics;
using System.Runtime.InteropServices;

namespace MixedModels.Design;

/// <summary>The two vector operations of <see cref="ColumnRank"/>.</summary>
internal static class DenseColumns
{
    /// <summary>x'y.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var wide = MemoryMarshal.Cast<double, Vector<double>>(x);
        var other = MemoryMarshal.Cast<double, Vector<double>>(y);
        var sums = Vector<double>.Zero;
        for (var i = 0; i < wide.Length; i++)
            sums += wide[i] * other[i];
        var sum = Vector.Sum(sums);
        for (var i = wide.Length * Vector<double>.Count; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    /// <summary>y += factor · x.</summary>
    public static void AddScaled(double factor, ReadOnlySpan<double> x, Span<double> y)
    {
        var wide = MemoryMarshal.Cast<double, Vector<double>>(x);
        var into = MemoryMarshal.Cast<double, Vector<double>>(y);
        for (var i = 0; i < wide.Length; i++)
            into[i] += factor * wide[i];
        for (var i = wide.Length * Vector<double>.Count; i < x.Length; i++)
            y[i] += factor * x[i];
    }
}

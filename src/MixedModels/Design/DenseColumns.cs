using System.Numerics;
using System.Runtime.InteropServices;

namespace MixedModels.Design;

/// <summary>The vector operations of <see cref="ColumnRank"/>.</summary>
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

    /// <summary>The largest absolute value; 0 of an empty vector.</summary>
    public static double LargestMagnitude(ReadOnlySpan<double> x)
    {
        var wide = MemoryMarshal.Cast<double, Vector<double>>(x);
        var most = Vector<double>.Zero;
        foreach (var values in wide)
            most = Vector.Max(most, Vector.Abs(values));
        var largest = 0.0;
        for (var i = 0; i < Vector<double>.Count; i++)
            largest = Math.Max(largest, most[i]);
        for (var i = wide.Length * Vector<double>.Count; i < x.Length; i++)
            largest = Math.Max(largest, Math.Abs(x[i]));
        return largest;
    }

    /// <summary>Σ (factor · x)².</summary>
    public static double SumOfSquares(double factor, ReadOnlySpan<double> x)
    {
        var wide = MemoryMarshal.Cast<double, Vector<double>>(x);
        var (even, odd) = (Vector<double>.Zero, Vector<double>.Zero);
        for (var i = 0; i + 1 < wide.Length; i += 2)
        {
            var (first, second) = (factor * wide[i], factor * wide[i + 1]);
            even += first * first;
            odd += second * second;
        }

        var sum = Vector.Sum(even + odd);
        for (var i = (wide.Length & ~1) * Vector<double>.Count; i < x.Length; i++)
            sum += factor * x[i] * (factor * x[i]);
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

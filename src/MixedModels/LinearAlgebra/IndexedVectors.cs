using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MixedModels.LinearAlgebra;

/// <summary>Sparse vectors, a list of places and the values there, against dense ones. No place occurs twice in a list.</summary>
internal static unsafe class IndexedVectors
{
    /// <summary>y[places] += alpha·x.</summary>
    public static void AddScaled(double alpha, ReadOnlySpan<double> x, ReadOnlySpan<int> places, Span<double> y)
    {
        Debug.Assert(x.Length == places.Length, "a value a place");
        fixed (double* px = x, py = y)
        {
            fixed (int* p = places) AddScaled(alpha, px, p, x.Length, py);
        }
    }

    /// <summary>Σ x·y[places].</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<int> places, ReadOnlySpan<double> y)
    {
        Debug.Assert(x.Length == places.Length, "a value a place");
        fixed (double* px = x, py = y)
        {
            fixed (int* p = places) return Dot(px, p, x.Length, py);
        }
    }

    // As no place occurs twice, the four updates of a turn do not wait for each other.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScaled(double alpha, double* x, int* places, int n, double* y)
    {
        var i = 0;
        for (; i + 4 <= n; i += 4)
        {
            double* first = y + places[i], second = y + places[i + 1], third = y + places[i + 2], fourth = y + places[i + 3];
            var (a, b, c, d) = (*first + (alpha * x[i]), *second + (alpha * x[i + 1]), *third + (alpha * x[i + 2]), *fourth + (alpha * x[i + 3]));
            *first = a;
            *second = b;
            *third = c;
            *fourth = d;
        }

        for (; i < n; i++) y[places[i]] += alpha * x[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Dot(double* x, int* places, int n, double* y)
    {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        var i = 0;
        for (; i + 4 <= n; i += 4)
        {
            s0 += x[i] * y[places[i]];
            s1 += x[i + 1] * y[places[i + 1]];
            s2 += x[i + 2] * y[places[i + 2]];
            s3 += x[i + 3] * y[places[i + 3]];
        }

        for (; i < n; i++) s0 += x[i] * y[places[i]];
        return s0 + s1 + (s2 + s3);
    }
}

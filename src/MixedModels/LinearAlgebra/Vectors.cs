using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MixedModels.LinearAlgebra;

/// <summary>
/// Operations on vectors. Sums run over sixteen lanes in a fixed order, whatever the width of the hardware, so that the bits
/// depend on the data and the length only.
/// </summary>
internal static unsafe class Vectors
{
    /// <summary>x'y. Empty vectors give 0.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Debug.Assert(x.Length == y.Length, "a dot product pairs vectors of one length");
        fixed (double* px = x, py = y)
            return Dot(px, py, x.Length);
    }

    /// <summary>x'x.</summary>
    public static double SumOfSquares(ReadOnlySpan<double> x)
    {
        fixed (double* px = x)
            return Dot(px, px, x.Length);
    }

    /// <summary>The Euclidean norm √(x'x).</summary>
    public static double Norm(ReadOnlySpan<double> x) => Math.Sqrt(SumOfSquares(x));

    /// <summary>The sum of the elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Sum(ReadOnlySpan<double> x)
    {
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        var i = 0;
        fixed (double* px = x)
        {
            for (; i + 16 <= x.Length; i += 16)
            {
                s0 += Vector256.Load(px + i);
                s1 += Vector256.Load(px + i + 4);
                s2 += Vector256.Load(px + i + 8);
                s3 += Vector256.Load(px + i + 12);
            }
        }

        var sum = Vector256.Sum(s0 + s1 + (s2 + s3));
        for (; i < x.Length; i++)
            sum += x[i];
        return sum;
    }

    /// <summary>y += alpha x.</summary>
    public static void AddScaled(double alpha, ReadOnlySpan<double> x, Span<double> y)
    {
        Debug.Assert(x.Length == y.Length, "the vectors have one length");
        fixed (double* px = x, py = y)
            AddScaled(alpha, px, py, x.Length);
    }

    /// <summary>y += alpha x, then z'y for the new y: with the bits of the two operations, in one pass. z may be y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double AddScaledThenDot(double alpha, ReadOnlySpan<double> x, Span<double> y, ReadOnlySpan<double> z)
    {
        // A block stays in the nearest cache between the two, and a multiple of sixteen keeps the lanes of the sum.
        const int block = 512;
        Debug.Assert(x.Length == y.Length && z.Length == y.Length, "the vectors have one length");
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        fixed (double* px = x, py = y, pz = z)
        {
            for (var first = 0; first < y.Length; first += block)
            {
                var count = Math.Min(block, y.Length - first);
                AddScaled(alpha, px + first, py + first, count);
                double* a = pz + first, b = py + first;
                var i = 0;
                for (; i + 16 <= count; i += 16)
                {
                    s0 = MultiplyAdd(Vector256.Load(a + i), Vector256.Load(b + i), s0);
                    s1 = MultiplyAdd(Vector256.Load(a + i + 4), Vector256.Load(b + i + 4), s1);
                    s2 = MultiplyAdd(Vector256.Load(a + i + 8), Vector256.Load(b + i + 8), s2);
                    s3 = MultiplyAdd(Vector256.Load(a + i + 12), Vector256.Load(b + i + 12), s3);
                }

                for (; i + 4 <= count; i += 4)
                    s0 = MultiplyAdd(Vector256.Load(a + i), Vector256.Load(b + i), s0);
            }
        }

        var sum = Vector256.Sum(s0 + s1 + (s2 + s3));
        for (var i = y.Length & ~3; i < y.Length; i++)
            sum += z[i] * y[i];
        return sum;
    }

    /// <summary>target = alpha x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyScaled(double alpha, ReadOnlySpan<double> x, Span<double> target)
    {
        Debug.Assert(x.Length == target.Length, "the vectors have one length");
        var a = Vector256.Create(alpha);
        var i = 0;
        fixed (double* px = x, py = target)
        {
            for (; i + 4 <= x.Length; i += 4)
                (Vector256.Load(px + i) * a).Store(py + i);
        }

        for (; i < x.Length; i++)
            target[i] = alpha * x[i];
    }

    /// <summary>target = x∘y, which may be one of the two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> target)
    {
        Debug.Assert(x.Length == target.Length && y.Length == target.Length, "the vectors have one length");
        var i = 0;
        fixed (double* px = x, py = y, pt = target)
        {
            for (; i + 4 <= x.Length; i += 4)
                (Vector256.Load(px + i) * Vector256.Load(py + i)).Store(pt + i);
        }

        for (; i < x.Length; i++)
            target[i] = x[i] * y[i];
    }

    /// <summary>x := alpha x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(double alpha, Span<double> x)
    {
        var a = Vector256.Create(alpha);
        var i = 0;
        fixed (double* px = x)
        {
            for (; i + 4 <= x.Length; i += 4)
                (Vector256.Load(px + i) * a).Store(px + i);
        }

        for (; i < x.Length; i++)
            x[i] *= alpha;
    }

    /// <summary>(x, y) := (c x + s y, c y − s x), a rotation of the plane of the two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rotate(Span<double> x, Span<double> y, double c, double s)
    {
        Debug.Assert(x.Length == y.Length, "the vectors have one length");
        var i = 0;
        fixed (double* px = x, py = y)
        {
            for (; i + 4 <= x.Length; i += 4)
            {
                var (a, b) = (Vector256.Load(px + i), Vector256.Load(py + i));
                (c * a + s * b).Store(px + i);
                (c * b - s * a).Store(py + i);
            }
        }

        for (; i < x.Length; i++)
            (x[i], y[i]) = (c * x[i] + s * y[i], c * y[i] - s * x[i]);
    }

    /// <summary>x'y for <paramref name="n"/> numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(double* x, double* y, int n)
    {
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        var i = 0;
        for (; i + 16 <= n; i += 16)
        {
            s0 = MultiplyAdd(Vector256.Load(x + i), Vector256.Load(y + i), s0);
            s1 = MultiplyAdd(Vector256.Load(x + i + 4), Vector256.Load(y + i + 4), s1);
            s2 = MultiplyAdd(Vector256.Load(x + i + 8), Vector256.Load(y + i + 8), s2);
            s3 = MultiplyAdd(Vector256.Load(x + i + 12), Vector256.Load(y + i + 12), s3);
        }

        for (; i + 4 <= n; i += 4)
            s0 = MultiplyAdd(Vector256.Load(x + i), Vector256.Load(y + i), s0);
        var sum = Vector256.Sum(s0 + s1 + (s2 + s3));
        for (; i < n; i++)
            sum += x[i] * y[i];
        return sum;
    }

    /// <summary>x'y for four columns y, <paramref name="ldy"/> numbers apart: x is read once, and one sum over lanes serves all.</summary>
    public static void DotFour(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int ldy, Span<double> products)
    {
        Debug.Assert(y.Length >= (3 * ldy) + x.Length && products.Length >= 4, "there are four columns as long as x");
        fixed (double* px = x, py = y, target = products)
            DotFour(px, py, ldy, x.Length).Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<double> DotFour(double* x, double* y, long ldy, int n)
    {
        double* y1 = y + ldy, y2 = y1 + ldy, y3 = y2 + ldy;
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        var i = 0;
        for (; i + 4 <= n; i += 4)
        {
            var xi = Vector256.Load(x + i);
            s0 = MultiplyAdd(xi, Vector256.Load(y + i), s0);
            s1 = MultiplyAdd(xi, Vector256.Load(y1 + i), s1);
            s2 = MultiplyAdd(xi, Vector256.Load(y2 + i), s2);
            s3 = MultiplyAdd(xi, Vector256.Load(y3 + i), s3);
        }

        // Lanes 0 and 2 of all sums beside lanes 1 and 3, then the halves.
        Vector256<double> low = Interleave(s0, s1, 0) + Interleave(s0, s1, 1), high = Interleave(s2, s3, 0) + Interleave(s2, s3, 1);
        var sums = Vector256.Create(low.GetLower() + low.GetUpper(), high.GetLower() + high.GetUpper());
        for (; i < n; i++) sums = MultiplyAdd(Vector256.Create(x[i]), Vector256.Create(y[i], y1[i], y2[i], y3[i]), sums);
        return sums;
    }

    /// <summary>y += alpha x for <paramref name="n"/> numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(double alpha, double* x, double* y, int n)
    {
        var a = Vector256.Create(alpha);
        var i = 0;
        for (; i + 8 <= n; i += 8)
        {
            MultiplyAdd(Vector256.Load(x + i), a, Vector256.Load(y + i)).Store(y + i);
            MultiplyAdd(Vector256.Load(x + i + 4), a, Vector256.Load(y + i + 4)).Store(y + i + 4);
        }

        for (; i < n; i++)
            y[i] += alpha * x[i];
    }

    /// <summary>y += Σ_c alpha[c] · column c of X, four columns ahead: y is read and written once for all of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddFour(double a0, double a1, double a2, double a3, double* X, long ldx, double* y, int n)
    {
        var x1 = X + ldx;
        var x2 = x1 + ldx;
        var x3 = x2 + ldx;
        var (v0, v1, v2, v3) = (Vector256.Create(a0), Vector256.Create(a1), Vector256.Create(a2), Vector256.Create(a3));
        var i = 0;
        for (; i + 4 <= n; i += 4)
        {
            var s = MultiplyAdd(Vector256.Load(X + i), v0, Vector256.Load(y + i));
            s = MultiplyAdd(Vector256.Load(x1 + i), v1, s);
            s = MultiplyAdd(Vector256.Load(x2 + i), v2, s);
            MultiplyAdd(Vector256.Load(x3 + i), v3, s).Store(y + i);
        }

        for (; i < n; i++)
            y[i] += (a0 * X[i]) + (a1 * x1[i]) + (a2 * x2[i]) + (a3 * x3[i]);
    }

    /// <summary>Lane 0 (or 1) of two vectors and lane 2 (or 3) of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Interleave(Vector256<double> a, Vector256<double> b, [ConstantExpected] byte odd)
    {
        if (Avx.IsSupported) return odd == 0 ? Avx.UnpackLow(a, b) : Avx.UnpackHigh(a, b);
        return Vector256.Create(a[odd], b[odd], a[odd + 2], b[odd + 2]);
    }

    /// <summary>a·b + c, fused where that is one instruction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> MultiplyAdd(Vector256<double> a, Vector256<double> b, Vector256<double> c) =>
        Fma.IsSupported || AdvSimd.Arm64.IsSupported ? Vector256.FusedMultiplyAdd(a, b, c) : a * b + c;
}

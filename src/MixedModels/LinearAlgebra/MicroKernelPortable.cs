using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MixedModels.LinearAlgebra;

/// <summary>
/// Tiles of 4 × 4 in 128-bit vectors, for processors without wider ones; multiplies and adds in two steps where fusing
/// them is not one instruction.
/// </summary>
internal readonly unsafe struct MicroKernelPortable : IMicroKernel
{
    /// <inheritdoc/>
    public static int Rows => 4;

    /// <inheritdoc/>
    public static int Columns => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyAdd(int depth, double* left, double* right, double alpha, double* tile, int ldc)
    {
        Column c0 = default, c1 = default, c2 = default, c3 = default;
        for (var p = 0; p < depth; p++)
        {
            var a = Column.Load(left);
            c0.Add(a, right[0]);
            c1.Add(a, right[1]);
            c2.Add(a, right[2]);
            c3.Add(a, right[3]);
            left += 4;
            right += 4;
        }

        c0.AddTo(tile, alpha);
        c1.AddTo(tile + ldc, alpha);
        c2.AddTo(tile + 2L * ldc, alpha);
        c3.AddTo(tile + 3L * ldc, alpha);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SolveTile(double* triangle, double* tile)
    {
        var c0 = Column.Load(tile);
        var c1 = Column.Load(tile + 4);
        var c2 = Column.Load(tile + 8);
        var c3 = Column.Load(tile + 12);

        c0.Scale(triangle[0]);
        c0.Store(tile);
        c1.Subtract(c0, triangle[1]);
        c2.Subtract(c0, triangle[2]);
        c3.Subtract(c0, triangle[3]);

        c1.Scale(triangle[5]);
        c1.Store(tile + 4);
        c2.Subtract(c1, triangle[6]);
        c3.Subtract(c1, triangle[7]);

        c2.Scale(triangle[10]);
        c2.Store(tile + 8);
        c3.Subtract(c2, triangle[11]);

        c3.Scale(triangle[15]);
        c3.Store(tile + 12);
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Column
    {
        private Vector128<double> v0;
        private Vector128<double> v1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Column Load(double* source) => new()
        {
            v0 = Vector128.Load(source),
            v1 = Vector128.Load(source + 2),
        };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Column a, double value)
        {
            var b = Vector128.Create(value);
            v0 = MultiplyAdd(a.v0, b, v0);
            v1 = MultiplyAdd(a.v1, b, v1);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Subtract(Column a, double value)
        {
            var b = -Vector128.Create(value);
            v0 = MultiplyAdd(a.v0, b, v0);
            v1 = MultiplyAdd(a.v1, b, v1);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Scale(double value)
        {
            var b = Vector128.Create(value);
            v0 *= b;
            v1 *= b;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(double* target)
        {
            v0.Store(target);
            v1.Store(target + 2);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void AddTo(double* target, double alpha)
        {
            var b = Vector128.Create(alpha);
            (Vector128.Load(target) + b * v0).Store(target);
            (Vector128.Load(target + 2) + b * v1).Store(target + 2);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<double> MultiplyAdd(Vector128<double> a, Vector128<double> b, Vector128<double> c) =>
            AdvSimd.Arm64.IsSupported || Fma.IsSupported ? Vector128.FusedMultiplyAdd(a, b, c) : a * b + c;
    }
}

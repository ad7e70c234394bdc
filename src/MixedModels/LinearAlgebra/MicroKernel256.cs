using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MixedModels.LinearAlgebra;

/// <summary>Tiles of 8 × 6 in 256-bit vectors: 12 of the 16 registers hold the tile, 2 the left panel, 1 a value of the right.</summary>
internal readonly unsafe struct MicroKernel256 : IMicroKernel
{
    /// <inheritdoc/>
    public static int Rows => 8;

    /// <inheritdoc/>
    public static int Columns => 6;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyAdd(int depth, double* left, double* right, double alpha, double* tile, int ldc)
    {
        Column c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
        for (var p = 0; p < depth; p++)
        {
            var a = Column.Load(left);
            c0.Add(a, right[0]);
            c1.Add(a, right[1]);
            c2.Add(a, right[2]);
            c3.Add(a, right[3]);
            c4.Add(a, right[4]);
            c5.Add(a, right[5]);
            left += 8;
            right += 6;
        }

        c0.AddTo(tile, alpha);
        c1.AddTo(tile + ldc, alpha);
        c2.AddTo(tile + 2L * ldc, alpha);
        c3.AddTo(tile + 3L * ldc, alpha);
        c4.AddTo(tile + 4L * ldc, alpha);
        c5.AddTo(tile + 5L * ldc, alpha);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SolveTile(double* triangle, double* tile)
    {
        var c0 = Column.Load(tile);
        var c1 = Column.Load(tile + 8);
        var c2 = Column.Load(tile + 16);
        var c3 = Column.Load(tile + 24);
        var c4 = Column.Load(tile + 32);
        var c5 = Column.Load(tile + 40);

        c0.Scale(triangle[0]);
        c0.Store(tile);
        c1.Subtract(c0, triangle[1]);
        c2.Subtract(c0, triangle[2]);
        c3.Subtract(c0, triangle[3]);
        c4.Subtract(c0, triangle[4]);
        c5.Subtract(c0, triangle[5]);

        c1.Scale(triangle[7]);
        c1.Store(tile + 8);
        c2.Subtract(c1, triangle[8]);
        c3.Subtract(c1, triangle[9]);
        c4.Subtract(c1, triangle[10]);
        c5.Subtract(c1, triangle[11]);

        c2.Scale(triangle[14]);
        c2.Store(tile + 16);
        c3.Subtract(c2, triangle[15]);
        c4.Subtract(c2, triangle[16]);
        c5.Subtract(c2, triangle[17]);

        c3.Scale(triangle[21]);
        c3.Store(tile + 24);
        c4.Subtract(c3, triangle[22]);
        c5.Subtract(c3, triangle[23]);

        c4.Scale(triangle[28]);
        c4.Store(tile + 32);
        c5.Subtract(c4, triangle[29]);

        c5.Scale(triangle[35]);
        c5.Store(tile + 40);
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Column
    {
        private Vector256<double> v0;
        private Vector256<double> v1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Column Load(double* source) => new()
        {
            v0 = Vector256.Load(source),
            v1 = Vector256.Load(source + 4),
        };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Column a, double value)
        {
            var b = Vector256.Create(value);
            v0 = Vector256.FusedMultiplyAdd(a.v0, b, v0);
            v1 = Vector256.FusedMultiplyAdd(a.v1, b, v1);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Subtract(Column a, double value)
        {
            var b = -Vector256.Create(value);
            v0 = Vector256.FusedMultiplyAdd(a.v0, b, v0);
            v1 = Vector256.FusedMultiplyAdd(a.v1, b, v1);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Scale(double value)
        {
            var b = Vector256.Create(value);
            v0 *= b;
            v1 *= b;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(double* target)
        {
            v0.Store(target);
            v1.Store(target + 4);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void AddTo(double* target, double alpha)
        {
            var b = Vector256.Create(alpha);
            (Vector256.Load(target) + b * v0).Store(target);
            (Vector256.Load(target + 4) + b * v1).Store(target + 4);
        }
    }
}

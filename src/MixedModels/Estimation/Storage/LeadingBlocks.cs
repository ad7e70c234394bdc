using System.Runtime.CompilerServices;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The term that is eliminated first, level by level: its blocks A_l = Z_l'Z_l, its right-hand sides C_l = Z_l'[X y], and at a given T
/// their images in the model with this term alone, V1 = I + Z₁G₁Z₁'.
/// </summary>
/// <remarks>
/// With M_l = T'A_lT + I: H_l = T M_l⁻¹T', D_l = I − A_lH_l; then Z_l'V1⁻¹Z_l = D_lA_l =: F_l and Z_l'V1⁻¹[X y] = D_lC_l.
/// Only M_l is inverted, so a singular T is no special case. Blocks are p×p, column-major, one level after the other; what stands beside Z is
/// in <see cref="SideRows"/>, p rows a level.
/// </remarks>
internal sealed partial class LeadingBlocks
{
    private readonly double[] T;
    private readonly int width;
    private readonly double[] work;

    public LeadingBlocks(int levels, int p, int m)
    {
        Levels = levels;
        this.p = p;
        this.m = m;
        A = new double[levels * p * p];
        width = SideRows.Width(m);
        C = new double[levels * p * width];
        H = new double[levels * p * p];
        W = new double[levels * p * p];
        D = new double[levels * p * p];
        F = new double[levels * p * p];
        HC = new double[levels * p * width];
        work = new double[p * p];
        T = new double[p * p];
    }

    public int Levels { get; }

    public int p { get; }

    public int m { get; }

    public double[] A { get; }

    public double[] C { get; }

    public double[] H { get; }

    /// <summary>W_l with H_l = W_l'W_l.</summary>
    public double[] W { get; }

    public double[] D { get; }

    public double[] F { get; }

    /// <summary>H_lC_l.</summary>
    public double[] HC { get; }

    /// <summary>Eliminates every level; returns the sum of log|M_l|, NaN where some M_l is not positive definite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Factor(ReadOnlySpan<double> T)
    {
        var logDeterminant = 0.0;
        T.CopyTo(this.T);
        rootsReady = false;
        for (var l = 0; l < Levels; l++)
        {
            logDeterminant += p switch
            {
                1 => FactorScalar(l, T[0]),
                2 => FactorPair(l, T),
                _ => FactorBlock(l, T),
            };
        }

        if (m > 0) MultiplySides(H, 0, Levels, HC);
        return logDeterminant;
    }

    /// <summary>Writes G = TT' at the last factor (p×p).</summary>
    public void WriteCovariance(Span<double> G)
    {
        G[..(p * p)].Clear();
        Product.Add(1, T, p, false, T, p, true, G, p, p, p, p);
    }

    /// <summary>Writes V_lC_l of some levels for V one of the blocks above.</summary>
    /// <param name="V">p×p a level.</param>
    /// <param name="first">The first level.</param>
    /// <param name="count">Their number.</param>
    /// <param name="result">Receives p rows a level.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void MultiplySides(double[] V, int first, int count, double[] result)
    {
        fixed (double* blocks = V, sides = C, target = result)
        {
            for (var l = 0; l < count; l++)
                SideRows.Multiply(blocks + ((long)(first + l) * p * p), p, sides + ((long)(first + l) * p * width), target + ((long)l * p * width), width);
        }
    }

    /// <summary>result_l = F_l u_l for every level.</summary>
    public void MultiplyF(ReadOnlySpan<double> u, Span<double> result) => MultiplyEach(F, u, result);

    /// <summary>result_l = H_l u_l for every level.</summary>
    public void MultiplyH(ReadOnlySpan<double> u, Span<double> result) => MultiplyEach(H, u, result);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyEach(ReadOnlySpan<double> blocks, ReadOnlySpan<double> u, Span<double> result)
    {
        if (p == 1)
        {
            for (var l = 0; l < blocks.Length && l < u.Length && l < result.Length; l++) result[l] = blocks[l] * u[l];
        }
        else if (p == 2)
        {
            for (var e = 0; e + 1 < u.Length && e + 1 < result.Length; e += 2, blocks = blocks[4..])
                (result[e], result[e + 1]) = ((blocks[0] * u[e]) + (blocks[2] * u[e + 1]), (blocks[1] * u[e]) + (blocks[3] * u[e + 1]));
        }
        else
        {
            for (var l = 0; l < Levels; l++) Multiply(blocks.Slice(l * p * p, p * p), u.Slice(l * p, p), result.Slice(l * p, p));
        }
    }

    /// <summary>result = block × right, block p×p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Multiply(ReadOnlySpan<double> block, ReadOnlySpan<double> right, Span<double> result)
    {
        if (p == 1)
        {
            var scalar = block[0];
            for (var j = 0; j < right.Length && j < result.Length; j++) result[j] = scalar * right[j];
        }
        else if (p == 2)
        {
            var (a, b, c, d) = (block[0], block[1], block[2], block[3]);
            for (var j = 0; j + 1 < right.Length && j + 1 < result.Length; j += 2)
                (result[j], result[j + 1]) = ((a * right[j]) + (c * right[j + 1]), (b * right[j]) + (d * right[j + 1]));
        }
        else
        {
            result[..right.Length].Clear();
            Product.Add(1, block, p, false, right, p, false, result, p, p, right.Length / p, p);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double FactorScalar(int l, double t)
    {
        var M = 1 + (A[l] * t * t);
        W[l] = t / Math.Sqrt(M);
        H[l] = t * t / M;
        D[l] = 1 / M;
        F[l] = A[l] / M;
        return Math.Log(M);
    }

    /// <summary>The same as <see cref="FactorBlock"/> for two columns, a random intercept and a slope, without a loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double FactorPair(int l, ReadOnlySpan<double> T)
    {
        var (t11, t21, t22) = (T[0], T[1], T[3]);
        Span<double> a = A.AsSpan(l * 4, 4), h = H.AsSpan(l * 4, 4), d = D.AsSpan(l * 4, 4), f = F.AsSpan(l * 4, 4), w = W.AsSpan(l * 4, 4);
        var (a11, a21, a22) = (a[0], a[1], a[3]);
        var (u1, u2) = ((a11 * t11) + (a21 * t21), (a21 * t11) + (a22 * t21));
        var m11 = 1 + (t11 * u1) + (t21 * u2);
        var m22 = 1 + (t22 * t22 * a22);

        // W = R⁻¹T' with R = [r1 0; s r2].
        var r1 = Math.Sqrt(m11);
        var s = t22 * u2 / r1;
        var pivot = m22 - (s * s);
        var r2 = Math.Sqrt(pivot);
        var (w11, w12) = (t11 / r1, t21 / r1);
        var (w21, w22) = (-s * w11 / r2, (t22 - (s * w12)) / r2);
        (w[0], w[1], w[2], w[3]) = (w11, w21, w12, w22);
        var (h11, h21, h22) = ((w11 * w11) + (w21 * w21), (w11 * w12) + (w21 * w22), (w12 * w12) + (w22 * w22));
        (h[0], h[1], h[2], h[3]) = (h11, h21, h21, h22);
        var (d11, d21, d12, d22) = (1 - ((a11 * h11) + (a21 * h21)), -((a21 * h11) + (a22 * h21)), -((a11 * h21) + (a21 * h22)), 1 - ((a21 * h21) + (a22 * h22)));
        (d[0], d[1], d[2], d[3]) = (d11, d21, d12, d22);
        (f[0], f[1], f[2], f[3]) = ((d11 * a11) + (d12 * a21), (d21 * a11) + (d22 * a21), (d11 * a21) + (d12 * a22), (d21 * a21) + (d22 * a22));
        return Math.Log(m11 * pivot);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double FactorBlock(int l, ReadOnlySpan<double> T)
    {
        var a = A.AsSpan(l * p * p, p * p);
        var h = H.AsSpan(l * p * p, p * p);
        var d = D.AsSpan(l * p * p, p * p);
        var w = W.AsSpan(l * p * p, p * p);
        var M = work.AsSpan();
        Multiply(a, T, w);
        for (var j = 0; j < p; j++)
        {
            for (var i = j; i < p; i++)
            {
                var sum = i == j ? 1.0 : 0.0;
                for (var k = i; k < p; k++) sum += T[k + (i * p)] * w[k + (j * p)];
                M[i + (j * p)] = sum;
            }
        }

        var logDeterminant = FactorSmall(M);

        // W_l = R⁻¹T' with M_l = RR', so that H_l = W_l'W_l.
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++)
            {
                var sum = T[j + (i * p)];
                for (var k = 0; k < i; k++) sum -= M[i + (k * p)] * w[k + (j * p)];
                w[i + (j * p)] = sum / M[i + (i * p)];
            }
        }

        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++)
            {
                var sum = 0.0;
                for (var k = 0; k < p; k++) sum += w[k + (i * p)] * w[k + (j * p)];
                h[i + (j * p)] = sum;
            }
        }

        Multiply(a, h, d);
        for (var i = 0; i < d.Length; i++) d[i] = -d[i];
        for (var i = 0; i < p; i++) d[i + (i * p)] += 1;
        Multiply(d, a, F.AsSpan(l * p * p, p * p));
        return logDeterminant;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double FactorSmall(Span<double> M)
    {
        var logDeterminant = 0.0;
        for (var j = 0; j < p; j++)
        {
            var pivot = M[j + (j * p)];
            for (var k = 0; k < j; k++) pivot -= M[j + (k * p)] * M[j + (k * p)];
            var root = Math.Sqrt(pivot);
            logDeterminant += Math.Log(pivot);
            M[j + (j * p)] = root;
            for (var i = j + 1; i < p; i++)
            {
                var sum = M[i + (j * p)];
                for (var k = 0; k < j; k++) sum -= M[i + (k * p)] * M[j + (k * p)];
                M[i + (j * p)] = sum / root;
            }
        }

        return logDeterminant;
    }
}

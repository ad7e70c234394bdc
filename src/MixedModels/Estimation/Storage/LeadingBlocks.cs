using System.Runtime.CompilerServices;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The term that is eliminated first, level by level: its blocks A_l = Z_l'Z_l, its right-hand sides C_l = Z_l'[X y], and at a given T
/// their images in the model with this term alone, V1 = I + Z₁G₁Z₁'.
/// </summary>
/// <remarks>
/// With M_l = T'A_lT + I: H_l = T M_l⁻¹T', D_l = I − A_lH_l; then Z_l'V1⁻¹Z_l = D_lA_l =: F_l and Z_l'V1⁻¹[X y] = D_lC_l.
/// Only M_l is inverted, so a singular T is no special case. Blocks are p×p or p×m, column-major, one level after the other.
/// </remarks>
internal sealed partial class LeadingBlocks
{
    private readonly double[] T;
    private readonly double[] work;

    public LeadingBlocks(int levels, int p, int m)
    {
        Levels = levels;
        this.p = p;
        this.m = m;
        A = new double[levels * p * p];
        C = new double[levels * p * m];
        H = new double[levels * p * p];
        W = new double[levels * p * p];
        D = new double[levels * p * p];
        F = new double[levels * p * p];
        DC = new double[levels * p * m];
        HC = new double[levels * p * m];
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

    /// <summary>D_lC_l.</summary>
    public double[] DC { get; }

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
            logDeterminant += p == 1 ? FactorScalar(l, T[0]) : FactorBlock(l, T);
            if (m == 0) continue;
            Multiply(D.AsSpan(l * p * p, p * p), C.AsSpan(l * p * m, p * m), DC.AsSpan(l * p * m, p * m));
            Multiply(H.AsSpan(l * p * p, p * p), C.AsSpan(l * p * m, p * m), HC.AsSpan(l * p * m, p * m));
        }

        return logDeterminant;
    }

    /// <summary>result_l = F_l u_l for every level.</summary>
    public void MultiplyF(ReadOnlySpan<double> u, Span<double> result)
    {
        for (var l = 0; l < Levels; l++) Multiply(F.AsSpan(l * p * p, p * p), u.Slice(l * p, p), result.Slice(l * p, p));
    }

    /// <summary>result_l = H_l u_l for every level.</summary>
    public void MultiplyH(ReadOnlySpan<double> u, Span<double> result)
    {
        for (var l = 0; l < Levels; l++) Multiply(H.AsSpan(l * p * p, p * p), u.Slice(l * p, p), result.Slice(l * p, p));
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

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The algebra of a level for eight levels at a time: what <see cref="LeadingBlocks"/> does for one level, with a vector in the
/// place of every scalar. A workspace of one thread.
/// </summary>
/// <remarks>
/// With M = T'AT + I = RR' and W = R⁻¹T': H = W'W = T M⁻¹T', B = A − (WA)'(WA) and Z'V0⁻¹[X y] = C − (WA)'(WC).
/// Symmetric matrices are packed, others column-major.
/// </remarks>
internal sealed unsafe partial class LevelKernel
{
    /// <summary>Pivots multiplied before one logarithm: four of up to 1e77 do not overflow.</summary>
    private const int PivotsALog = 4;

    private readonly int m;
    private readonly int p;
    private readonly int s;
    private readonly VectorBuffer memory;
    private readonly Vector512<double>* T;
    private readonly Vector512<double>* AT;
    private readonly Vector512<double>* R;
    private readonly Vector512<double>* W;
    private readonly Vector512<double>* WA;
    private readonly Vector512<double>* U;

    public LevelKernel(int p, int m)
    {
        (this.p, this.m) = (p, m);
        s = LevelColumns.PackedSize(p);
        memory = new((5 * p * p) + (2 * p * m) + s);
        T = memory.Start;
        AT = T + (p * p);
        R = AT + (p * p);
        W = R + (p * p);
        WA = W + (p * p);
        U = WA + (p * p);
        V = U + (p * m);
        B = V + (p * m);
    }

    /// <summary>The packed B of the last block.</summary>
    public Vector512<double>* B { get; }

    /// <summary>Z'V0⁻¹[X y] (p×m) of the last block.</summary>
    public Vector512<double>* V { get; }

    /// <summary>Sets the covariance factor T (p×p lower triangular) of the blocks to come.</summary>
    public void SetFactor(ReadOnlySpan<double> factor)
    {
        for (var e = 0; e < factor.Length; e++) T[e] = Vector512.Create(factor[e]);
    }

    /// <summary>Adds C'HC (lower triangle by rows, packed m) of a block to sums and returns its log|M|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Vector512<double> Eliminate(Vector512<double>* block, Vector512<double>* sums)
    {
        var logDeterminant = Factor(block);
        var C = block + s;
        for (var c = 0; c < m; c++) MultiplyW(C + (c * p), U + (c * p));
        for (int c = 0, e = 0; c < m; c++)
        {
            for (var d = 0; d <= c; d++, e++)
            {
                var sum = sums[e];
                for (var i = 0; i < p; i++) sum = Vector512.MultiplyAddEstimate(U[i + (c * p)], U[i + (d * p)], sum);
                sums[e] = sum;
            }
        }

        return logDeterminant * C[p * m];
    }

    /// <summary>Fills <see cref="B"/> and <see cref="V"/> for a block.</summary>
    public void Differentiate(Vector512<double>* block)
    {
        if (p > 1) Factor(block);
        DifferentiateFactored(block);
    }

    /// <summary>The same for the block that <see cref="Eliminate"/> was called for last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void DifferentiateFactored(Vector512<double>* block)
    {
        var C = block + s;
        if (p == 1)
        {
            // D = 1/M exactly: nothing cancels.
            var D = Vector512<double>.One / ((block[0] * (T[0] * T[0])) + Vector512<double>.One);
            B[0] = block[0] * D;
            for (var c = 0; c < m; c++) V[c] = C[c] * D;
            return;
        }

        for (var j = 0; j < p; j++)
        {
            for (var k = 0; k < p; k++) AT[k] = block[LevelColumns.PackedIndex(k, j)];
            MultiplyW(AT, WA + (j * p));
        }

        for (int i = 0, e = 0; i < p; i++)
        {
            for (var j = 0; j <= i; j++, e++)
            {
                var sum = block[e];
                for (var k = 0; k < p; k++) sum = Vector512.MultiplyAddEstimate(-WA[k + (i * p)], WA[k + (j * p)], sum);
                B[e] = sum;
            }
        }

        for (var c = 0; c < m; c++)
        {
            MultiplyW(C + (c * p), U + (c * p));
            for (var i = 0; i < p; i++)
            {
                var sum = C[i + (c * p)];
                for (var k = 0; k < p; k++) sum = Vector512.MultiplyAddEstimate(-WA[k + (i * p)], U[k + (c * p)], sum);
                V[i + (c * p)] = sum;
            }
        }
    }

    /// <summary>R with RR' = M, its inverse diagonal in place of its diagonal, and W; returns log|M|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector512<double> Factor(Vector512<double>* A)
    {
        if (p == 2) return FactorPair(A);
        FormM(A);
        var logDeterminant = Vector512<double>.Zero;
        var product = Vector512<double>.One;
        for (var j = 0; j < p; j++)
        {
            var pivot = R[j + (j * p)];
            for (var k = 0; k < j; k++) pivot = Vector512.MultiplyAddEstimate(-R[j + (k * p)], R[j + (k * p)], pivot);
            product *= pivot;
            if (j % PivotsALog == PivotsALog - 1 || j == p - 1)
            {
                logDeterminant += Vector512.Log(product);
                product = Vector512<double>.One;
            }

            var inverse = Vector512<double>.One / Vector512.Sqrt(pivot);
            R[j + (j * p)] = inverse;
            for (var i = j + 1; i < p; i++)
            {
                var sum = R[i + (j * p)];
                for (var k = 0; k < j; k++) sum = Vector512.MultiplyAddEstimate(-R[i + (k * p)], R[j + (k * p)], sum);
                R[i + (j * p)] = sum * inverse;
            }
        }

        // Row i of W = R⁻¹T' begins at the diagonal of T', an upper triangle, which R⁻¹ fills from below.
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++)
            {
                var sum = i <= j ? T[j + (i * p)] : Vector512<double>.Zero;
                for (var k = 0; k < i; k++) sum = Vector512.MultiplyAddEstimate(-R[i + (k * p)], W[k + (j * p)], sum);
                W[i + (j * p)] = sum * R[i + (i * p)];
            }
        }

        return logDeterminant;
    }

    /// <summary>The same for two columns, a random intercept and a slope, without a loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector512<double> FactorPair(Vector512<double>* A)
    {
        var (t11, t21, t22) = (T[0], T[1], T[3]);
        var (a11, a21, a22) = (A[0], A[1], A[2]);
        var u1 = Vector512.MultiplyAddEstimate(a21, t21, a11 * t11);
        var u2 = Vector512.MultiplyAddEstimate(a22, t21, a21 * t11);
        var m11 = Vector512.MultiplyAddEstimate(t11, u1, Vector512.MultiplyAddEstimate(t21, u2, Vector512<double>.One));
        var m21 = t22 * u2;
        var m22 = Vector512.MultiplyAddEstimate(t22 * t22, a22, Vector512<double>.One);

        // W = R⁻¹T' with R = [r1 0; l r2].
        var r1 = Vector512<double>.One / Vector512.Sqrt(m11);
        var l = m21 * r1;
        var pivot = Vector512.MultiplyAddEstimate(-l, l, m22);
        var r2 = Vector512<double>.One / Vector512.Sqrt(pivot);
        (R[0], R[1], R[3]) = (r1, l, r2);
        W[0] = t11 * r1;
        W[2] = t21 * r1;
        W[1] = -l * W[0] * r2;
        W[3] = Vector512.MultiplyAddEstimate(-l, W[2], t22) * r2;
        return Vector512.Log(m11 * pivot);
    }

    /// <summary>The lower triangle of M = T'AT + I, in R.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FormM(Vector512<double>* A)
    {
        for (var j = 0; j < p; j++)
        {
            for (var i = j; i < p; i++)
            {
                var sum = Vector512<double>.Zero;
                for (var k = j; k < p; k++)
                    sum = Vector512.MultiplyAddEstimate(A[LevelColumns.PackedIndex(i, k)], T[k + (j * p)], sum);
                AT[i] = sum;
            }

            for (var i = j; i < p; i++)
            {
                var sum = i == j ? Vector512<double>.One : Vector512<double>.Zero;
                for (var k = i; k < p; k++) sum = Vector512.MultiplyAddEstimate(T[k + (i * p)], AT[k], sum);
                R[i + (j * p)] = sum;
            }
        }
    }

    /// <summary>result = W x.</summary>
    private void MultiplyW(Vector512<double>* x, Vector512<double>* result)
    {
        for (var i = 0; i < p; i++)
        {
            var sum = Vector512<double>.Zero;
            for (var k = 0; k < p; k++) sum = Vector512.MultiplyAddEstimate(W[i + (k * p)], x[k], sum);
            result[i] = sum;
        }
    }
}

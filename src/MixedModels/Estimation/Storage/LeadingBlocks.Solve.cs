using System.Runtime.CompilerServices;

namespace MixedModels.Estimation.Storage;

/// <content>Solutions with M_l itself, in spherical coordinates.</content>
internal sealed partial class LeadingBlocks
{
    private double[] R = [];
    private bool rootsReady;

    /// <summary>v_l := M_l⁻¹v_l for every level.</summary>
    /// <param name="v">Levels·p.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SolvePenalized(Span<double> v)
    {
        if (p == 1)
        {
            for (var l = 0; l < Levels; l++) v[l] /= 1 + (A[l] * T[0] * T[0]);
            return;
        }

        FactorPenalized();
        for (var l = 0; l < Levels; l++) SolveLevel(l, v.Slice(l * p, p));
    }

    /// <summary>v := M_l⁻¹v for one level.</summary>
    public void SolvePenalized(int level, Span<double> v)
    {
        FactorPenalized();
        SolveLevel(level, v);
    }

    /// <summary>v_l := T'v_l for every level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MultiplyTransposedT(Span<double> v)
    {
        for (; v.Length >= p; v = v[p..])
        {
            for (var i = 0; i < p; i++)
            {
                var sum = 0.0;
                for (var k = i; k < p; k++) sum += T[k + (i * p)] * v[k];
                v[i] = sum;
            }
        }
    }

    /// <summary>v_l := T v_l for every level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MultiplyT(Span<double> v)
    {
        for (; v.Length >= p; v = v[p..])
        {
            for (var i = p - 1; i >= 0; i--)
            {
                var sum = 0.0;
                for (var k = 0; k <= i; k++) sum += T[i + (k * p)] * v[k];
                v[i] = sum;
            }
        }
    }

    /// <summary>M_l = RR' of every level; made when first asked for after a factor, because evaluations do not need R itself.</summary>
    private void FactorPenalized()
    {
        if (rootsReady) return;
        if (R.Length == 0) R = new double[Levels * p * p];
        for (var l = 0; l < Levels; l++)
        {
            FormM(A.AsSpan(l * p * p, p * p), work);
            FactorSmall(work);
            work.CopyTo(R, l * p * p);
        }

        rootsReady = true;
    }

    /// <summary>The lower triangle of M_l = T'A_lT + I.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FormM(ReadOnlySpan<double> a, Span<double> M)
    {
        Span<double> product = stackalloc double[p];
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++)
            {
                product[i] = 0;
                for (var k = j; k < p; k++) product[i] += a[i + (k * p)] * T[k + (j * p)];
            }

            for (var i = j; i < p; i++)
            {
                var sum = i == j ? 1.0 : 0.0;
                for (var k = i; k < p; k++) sum += T[k + (i * p)] * product[k];
                M[i + (j * p)] = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SolveLevel(int level, Span<double> v)
    {
        ReadOnlySpan<double> own = R.AsSpan(level * p * p, p * p);
        for (var i = 0; i < p; i++)
        {
            for (var k = 0; k < i; k++) v[i] -= own[i + (k * p)] * v[k];
            v[i] /= own[i + (i * p)];
        }

        for (var i = p - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < p; k++) v[i] -= own[k + (i * p)] * v[k];
            v[i] /= own[i + (i * p)];
        }
    }
}

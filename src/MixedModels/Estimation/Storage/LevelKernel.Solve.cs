using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MixedModels.Estimation.Storage;

/// <content>Products with L M⁻¹L' = W'W and with M⁻¹, after <see cref="Prepare"/>.</content>
internal sealed unsafe partial class LevelKernel
{
    /// <summary>p vectors for the caller, beside those the methods here use.</summary>
    public Vector512<double>* Side => WA;

    /// <summary>W of the last block, p×p.</summary>
    public Vector512<double>* Root => W;

    /// <summary>Factors a block for the methods below.</summary>
    public void Prepare(Vector512<double>* block) => Factor(block);

    /// <summary>x := W'W x = L M⁻¹L'x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MultiplyConditional(Vector512<double>* x)
    {
        MultiplyW(x, AT);
        for (var i = 0; i < p; i++)
        {
            var sum = Vector512<double>.Zero;
            for (var k = 0; k < p; k++) sum = Vector512.MultiplyAddEstimate(W[k + (i * p)], AT[k], sum);
            x[i] = sum;
        }
    }

    /// <summary>x := M⁻¹x = R⁻ᵀR⁻¹x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SolvePenalized(Vector512<double>* x)
    {
        for (var i = 0; i < p; i++)
        {
            var sum = x[i];
            for (var k = 0; k < i; k++) sum = Vector512.MultiplyAddEstimate(-R[i + (k * p)], x[k], sum);
            x[i] = sum * R[i + (i * p)];
        }

        for (var i = p - 1; i >= 0; i--)
        {
            var sum = x[i];
            for (var k = i + 1; k < p; k++) sum = Vector512.MultiplyAddEstimate(-R[k + (i * p)], x[k], sum);
            x[i] = sum * R[i + (i * p)];
        }
    }
}

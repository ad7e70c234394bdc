using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MixedModels.Estimation.Storage;

/// <summary>Products of the entries of a coupling with one vector, entry by entry, for levels that hold few.</summary>
internal static unsafe class CouplingProducts
{
    /// <summary>result_l += Σ_b V_lb z_b for every level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProduct(CouplingPattern pattern, int p, double[] V, ReadOnlySpan<double> z, Span<double> result)
    {
        var levels = pattern.LevelStart.Length - 1;
        Debug.Assert(result.Length >= levels * p && z.Length >= pattern.EffectStart.Length - 1, "the vectors hold all effects");
        fixed (int* starts = pattern.LevelStart, effects = pattern.Effect)
        {
            fixed (double* v = V, source = z, target = result)
            {
                for (var l = 0; l < levels; l++)
                {
                    for (var a = 0; a < p; a++)
                    {
                        var sum = 0.0;
                        for (var e = starts[l]; e < starts[l + 1]; e++) sum += v[(e * p) + a] * source[effects[e]];
                        target[(l * p) + a] += sum;
                    }
                }
            }
        }
    }

    /// <summary>result_b += factor·Σ_l V_lb'u_l for every effect.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddTransposedProduct(CouplingPattern pattern, int p, double factor, double[] V, ReadOnlySpan<double> u, Span<double> result)
    {
        var levels = pattern.LevelStart.Length - 1;
        Debug.Assert(u.Length >= levels * p && result.Length >= pattern.EffectStart.Length - 1, "the vectors hold all effects");
        fixed (int* starts = pattern.LevelStart, effects = pattern.Effect)
        {
            fixed (double* v = V, source = u, target = result)
            {
                for (var l = 0; l < levels; l++)
                {
                    for (var e = starts[l]; e < starts[l + 1]; e++)
                    {
                        var sum = 0.0;
                        for (var a = 0; a < p; a++) sum += v[(e * p) + a] * source[(l * p) + a];
                        target[effects[e]] += factor * sum;
                    }
                }
            }
        }
    }
}

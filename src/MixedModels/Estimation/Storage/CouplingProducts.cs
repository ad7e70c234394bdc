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
                    if (p == 1)
                    {
                        target[l] += ScalarPairs.Dot(v + starts[l], effects + starts[l], starts[l + 1] - starts[l], source);
                        continue;
                    }

                    if (p == 2)
                    {
                        AddPair(v, effects, starts[l], starts[l + 1], source, target + (2 * l));
                        continue;
                    }

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
                    if (p == 1) ScatterScaled(factor * source[l], v, effects, starts[l], starts[l + 1], target);
                    else if (p == 2) ScatterPair(factor * source[2 * l], factor * source[(2 * l) + 1], v, effects, starts[l], starts[l + 1], target);
                    else ScatterProducts(factor, source + (l * p), p, v, effects, starts[l], starts[l + 1], target);
                }
            }
        }
    }

    /// <summary>Both sums of a level of two effects in one visit of its entries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPair(double* v, int* effects, int first, int end, double* z, double* result)
    {
        var (even, odd) = (0.0, 0.0);
        for (var e = first; e < end; e++)
        {
            var factor = z[effects[e]];
            even += v[2 * e] * factor;
            odd += v[(2 * e) + 1] * factor;
        }

        result[0] += even;
        result[1] += odd;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScatterScaled(double u, double* v, int* effects, int first, int end, double* result)
    {
        for (var e = first; e < end; e++) result[effects[e]] += v[e] * u;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScatterPair(double even, double odd, double* v, int* effects, int first, int end, double* result)
    {
        for (var e = first; e < end; e++) result[effects[e]] += (v[2 * e] * even) + (v[(2 * e) + 1] * odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScatterProducts(double factor, double* u, int p, double* v, int* effects, int first, int end, double* result)
    {
        for (var e = first; e < end; e++)
        {
            var sum = 0.0;
            for (var a = 0; a < p; a++) sum += v[(e * p) + a] * u[a];
            result[effects[e]] += factor * sum;
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>Products of the entries of a coupling with <see cref="SideRows"/>: a row of the border at a time.</summary>
internal static unsafe class CouplingSides
{
    private const int Lanes = 4;

    /// <summary>Border rows less Σ_l V_lb'u_l over the levels that an effect meets.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="p">Effects a level.</param>
    /// <param name="V">p numbers an entry.</param>
    /// <param name="u">A row for each leading effect.</param>
    /// <param name="width">From one row to the next.</param>
    /// <param name="border">A row for each border effect.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SubtractTransposed(CouplingPattern pattern, int p, double[] V, double[] u, int width, double[] border)
    {
        var levels = pattern.LevelStart.Length - 1;
        fixed (int* starts = pattern.LevelStart, effects = pattern.Effect)
        {
            fixed (double* v = V, rows = u, target = border)
            {
                for (var l = 0; l < levels; l++)
                {
                    var own = rows + ((long)l * p * width);
                    for (var e = starts[l]; e < starts[l + 1]; e++) SubtractCombination(v + ((long)e * p), p, own, width, target + ((long)effects[e] * width));
                }
            }
        }
    }

    /// <summary>The rows of some leading levels less Σ_b V_lb x_b.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="first">The first level.</param>
    /// <param name="count">Their number.</param>
    /// <param name="p">Effects a level.</param>
    /// <param name="V">p numbers an entry.</param>
    /// <param name="x">A row for each border effect.</param>
    /// <param name="width">From one row to the next.</param>
    /// <param name="levels">p rows a level.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Subtract(CouplingPattern pattern, int first, int count, int p, double[] V, double[] x, int width, double[] levels)
    {
        fixed (int* starts = pattern.LevelStart, effects = pattern.Effect)
        {
            fixed (double* v = V, border = x, rows = levels)
            {
                for (int l = first, row = 0; l < first + count; l++)
                {
                    for (var i = 0; i < p; i++, row++)
                    {
                        for (var lane = 0; lane < width; lane += Lanes)
                        {
                            var sum = Vector256.Load(rows + ((long)row * width) + lane);
                            for (var e = starts[l]; e < starts[l + 1]; e++)
                                sum = Vectors.MultiplyAdd(Vector256.Create(-v[((long)e * p) + i]), Vector256.Load(border + ((long)effects[e] * width) + lane), sum);
                            sum.Store(rows + ((long)row * width) + lane);
                        }
                    }
                }
            }
        }
    }

    /// <summary>target −= Σ_i v_i row_i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SubtractCombination(double* v, int p, double* rows, int width, double* target)
    {
        for (var lane = 0; lane < width; lane += Lanes)
        {
            var sum = Vector256.Load(target + lane);
            for (var i = 0; i < p; i++) sum = Vectors.MultiplyAdd(Vector256.Create(-v[i]), Vector256.Load(rows + (i * width) + lane), sum);
            sum.Store(target + lane);
        }
    }
}

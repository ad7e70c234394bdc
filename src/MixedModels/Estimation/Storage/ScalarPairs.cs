using System.Runtime.CompilerServices;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// Sums over the pairs of border effects that meet within a level of a scalar leading term, a column of the border at a time: the
/// column stays in the nearest cache while each level's entries from that column's own on run by.
/// </summary>
internal static unsafe class ScalarPairs
{
    /// <summary>column[f] −= Σ_l h_le a_lf over the levels l that effect j meets, e its entry there and f the entries from e on.</summary>
    public static void Subtract(Coupling coupling, int j, Span<double> column)
    {
        var pattern = coupling.Pattern;
        fixed (int* entries = pattern.EntryOfEffect, levels = pattern.LevelOfEntry, starts = pattern.LevelStart, effects = pattern.Effect)
        {
            fixed (double* values = coupling.Values, images = coupling.HValues, target = column)
            {
                for (var k = pattern.EffectStart[j]; k < pattern.EffectStart[j + 1]; k++)
                {
                    var e = entries[k];
                    AddScaled(-images[e], values + e, effects + e, starts[levels[e] + 1] - e, target);
                }
            }
        }
    }

    /// <summary>Σ_l d_le(2 Σ_f d_lf n_f − d_le n_e) over the levels that effect j meets, n the column of N.</summary>
    public static double Form(Coupling coupling, int j, ReadOnlySpan<double> column)
    {
        var pattern = coupling.Pattern;
        var sum = 0.0;
        fixed (int* entries = pattern.EntryOfEffect, levels = pattern.LevelOfEntry, starts = pattern.LevelStart, effects = pattern.Effect)
        {
            fixed (double* images = coupling.DValues, n = column)
            {
                for (var k = pattern.EffectStart[j]; k < pattern.EffectStart[j + 1]; k++)
                {
                    var e = entries[k];
                    var total = Dot(images + e, effects + e, starts[levels[e] + 1] - e, n);
                    sum += images[e] * ((2 * total) - (images[e] * n[j]));
                }
            }
        }

        return sum;
    }

    // Effects of a level differ, so that the four updates of a turn do not wait for each other.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScaled(double alpha, double* x, int* places, int n, double* y)
    {
        var i = 0;
        for (; i + 4 <= n; i += 4)
        {
            double* first = y + places[i], second = y + places[i + 1], third = y + places[i + 2], fourth = y + places[i + 3];
            double a = *first + (alpha * x[i]), b = *second + (alpha * x[i + 1]), c = *third + (alpha * x[i + 2]), d = *fourth + (alpha * x[i + 3]);
            *first = a;
            *second = b;
            *third = c;
            *fourth = d;
        }

        for (; i < n; i++) y[places[i]] += alpha * x[i];
    }

    /// <summary>Σ_i x_i y[places_i], in four chains that do not wait for each other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(double* x, int* places, int n, double* y)
    {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        var i = 0;
        for (; i + 4 <= n; i += 4)
        {
            s0 += x[i] * y[places[i]];
            s1 += x[i + 1] * y[places[i + 1]];
            s2 += x[i + 2] * y[places[i + 2]];
            s3 += x[i + 3] * y[places[i + 3]];
        }

        for (; i < n; i++) s0 += x[i] * y[places[i]];
        return s0 + s1 + (s2 + s3);
    }
}

using System.Runtime.CompilerServices;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The cross-products A_lb between the levels of the leading term and the effects of the border, with their images
/// H_lA_lb and D_lA_lb at the last elimination.
/// </summary>
internal sealed class Coupling : TermCrossProducts
{
    public Coupling(CouplingPattern pattern, int p)
        : base(pattern, p)
    {
        HValues = new double[pattern.Entries * p];
        DValues = new double[pattern.Entries * p];
    }

    /// <summary>H_lA_lb.</summary>
    public double[] HValues { get; }

    /// <summary>D_lA_lb = Z_l'V1⁻¹z_b.</summary>
    public double[] DValues { get; }

    /// <summary>Writes W_lA_lb of all levels as the columns of a full matrix, q2 rows and a column for each leading effect.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void StackRoots(LeadingBlocks leading, Span<double> stacked)
    {
        var order = Pattern.EffectStart.Length - 1;
        var roots = new double[p * order];
        stacked.Clear();
        for (var l = 0; l < leading.Levels; l++)
        {
            var (first, count) = (Pattern.LevelStart[l], Pattern.LevelStart[l + 1] - Pattern.LevelStart[l]);
            leading.Multiply(leading.W.AsSpan(l * p * p, p * p), Values.AsSpan(first * p, count * p), roots);
            for (var i = 0; i < p; i++)
            {
                var column = stacked.Slice(((l * p) + i) * order, order);
                for (var e = 0; e < count; e++) column[Pattern.Effect[first + e]] = roots[(e * p) + i];
            }
        }
    }

    /// <summary>Writes an image of the entries as a full matrix, q2 rows and a column for each leading effect.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Stack(ReadOnlySpan<double> image, Span<double> stacked)
    {
        var order = Pattern.EffectStart.Length - 1;
        stacked.Clear();
        for (var e = 0; e < Pattern.Entries; e++)
        {
            for (var i = 0; i < p; i++) stacked[(((Pattern.LevelOfEntry[e] * p) + i) * order) + Pattern.Effect[e]] = image[(e * p) + i];
        }
    }

    /// <summary>Reads an image of the entries off such a matrix.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Unstack(ReadOnlySpan<double> stacked, Span<double> image)
    {
        var order = Pattern.EffectStart.Length - 1;
        for (var e = 0; e < Pattern.Entries; e++)
        {
            for (var i = 0; i < p; i++) image[(e * p) + i] = stacked[(((Pattern.LevelOfEntry[e] * p) + i) * order) + Pattern.Effect[e]];
        }
    }

    /// <summary>Refreshes the images of the entries after the leading term was eliminated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Eliminate(LeadingBlocks leading)
    {
        fixed (double* values = Values, h = HValues, d = DValues, H = leading.H, D = leading.D)
        {
            fixed (int* starts = Pattern.LevelStart)
            {
                for (var l = 0; l < leading.Levels; l++)
                {
                    var block = (long)l * p * p;
                    for (var e = (long)starts[l] * p; e < (long)starts[l + 1] * p; e += p)
                    {
                        Multiply(H + block, p, values + e, h + e);
                        Multiply(D + block, p, values + e, d + e);
                    }
                }
            }
        }
    }

    /// <summary>image = block × value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Multiply(double* block, int p, double* value, double* image)
    {
        if (p == 1)
        {
            image[0] = block[0] * value[0];
        }
        else if (p == 2)
        {
            image[0] = (block[0] * value[0]) + (block[2] * value[1]);
            image[1] = (block[1] * value[0]) + (block[3] * value[1]);
        }
        else
        {
            for (var i = 0; i < p; i++)
            {
                var sum = 0.0;
                for (var k = 0; k < p; k++) sum += block[i + (k * p)] * value[k];
                image[i] = sum;
            }
        }
    }
}

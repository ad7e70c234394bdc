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

    /// <summary>Refreshes the images of the entries after the leading term was eliminated.</summary>
    public void Eliminate(LeadingBlocks leading)
    {
        var start = Pattern.LevelStart;
        for (var l = 0; l < leading.Levels; l++)
        {
            var (first, count) = (start[l] * p, (start[l + 1] - start[l]) * p);
            var values = Values.AsSpan(first, count);
            leading.Multiply(leading.H.AsSpan(l * p * p, p * p), values, HValues.AsSpan(first, count));
            leading.Multiply(leading.D.AsSpan(l * p * p, p * p), values, DValues.AsSpan(first, count));
        }
    }
}

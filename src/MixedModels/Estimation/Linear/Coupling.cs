namespace MixedModels.Estimation.Linear;

/// <summary>
/// The cross-products A_lb between the levels of the leading term and the effects of the border, on their pattern: an entry is the
/// p-vector Z_l'z_b, with its images H_lA_lb and D_lA_lb at the last elimination.
/// </summary>
internal sealed class Coupling
{
    public Coupling(CouplingPattern pattern, int p)
    {
        Pattern = pattern;
        this.p = p;
        Values = new double[pattern.Entries * p];
        HValues = new double[pattern.Entries * p];
        DValues = new double[pattern.Entries * p];
    }

    /// <summary>Where the entries stand.</summary>
    public CouplingPattern Pattern { get; }

    /// <summary>The leading term's number of effects a level.</summary>
    public int p { get; }

    /// <summary>A_lb, p values an entry.</summary>
    public double[] Values { get; }

    /// <summary>H_lA_lb.</summary>
    public double[] HValues { get; }

    /// <summary>D_lA_lb = Z_l'V1⁻¹z_b.</summary>
    public double[] DValues { get; }

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

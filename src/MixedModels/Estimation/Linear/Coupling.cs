namespace MixedModels.Estimation.Linear;

/// <summary>
/// The cross-products A_lb between the levels of the leading term and the effects of the border, on their pattern: an entry is the
/// p-vector Z_l'z_b, with its images H_lA_lb and D_lA_lb at the last elimination.
/// </summary>
internal sealed class Coupling
{
    /// <summary>A product of full matrices runs about this many times faster an operation than a visit of pairs.</summary>
    private const double DenseShare = 0.25;

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

    /// <summary>
    /// Whether most border effects meet most leading levels, so that products of full matrices cost less than visiting pairs.
    /// </summary>
    public bool IsDense => Pattern.Entries > DenseShare * (Pattern.LevelStart.Length - 1) * (Pattern.EffectStart.Length - 1);

    /// <summary>Writes W_lA_lb of all levels as the columns of a full matrix, q2 rows and a column for each leading effect.</summary>
    public void StackRoots(LeadingBlocks leading, Span<double> stacked)
    {
        var order = Pattern.EffectStart.Length - 1;
        Span<double> image = stackalloc double[p];
        stacked.Clear();
        for (var e = 0; e < Pattern.Entries; e++)
        {
            var level = Pattern.LevelOfEntry[e];
            leading.Multiply(leading.W.AsSpan(level * p * p, p * p), Values.AsSpan(e * p, p), image);
            for (var i = 0; i < p; i++) stacked[Pattern.Effect[e] + (((level * p) + i) * order)] = image[i];
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

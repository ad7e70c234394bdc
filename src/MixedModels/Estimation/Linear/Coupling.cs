namespace MixedModels.Estimation.Linear;

/// <summary>
/// The cross-products A_lb between the levels of the leading term and the effects of the border, sparse: by level for the elimination,
/// by border effect for the accumulation of the border's Schur complement. An entry is the p-vector Z_l'z_b.
/// </summary>
internal sealed class Coupling
{
    private readonly int p;

    /// <summary>Builds the pattern from the rows, in order of their leading level, and leaves the values zero.</summary>
    /// <param name="leading">The leading term.</param>
    /// <param name="border">The other terms.</param>
    /// <param name="borderOffsets">The first border effect of each of them.</param>
    /// <param name="rowsByLevel">Row numbers sorted by leading level.</param>
    public Coupling(RandomTermData leading, IReadOnlyList<RandomTermData> border, ReadOnlySpan<int> borderOffsets, ReadOnlySpan<int> rowsByLevel)
    {
        p = leading.Dimension;
        var effects = border.Sum(term => term.LevelCount * term.Dimension);
        LevelStart = new int[leading.LevelCount + 1];
        var columns = new List<int>(rowsByLevel.Length);
        var seenAt = new int[effects];
        Array.Fill(seenAt, -1);
        var levelOfRow = leading.LevelOfRow.Span;
        var next = 0;
        for (var l = 0; l < leading.LevelCount; l++)
        {
            var first = columns.Count;
            for (; next < rowsByLevel.Length && levelOfRow[rowsByLevel[next]] == l; next++)
            {
                for (var t = 0; t < border.Count; t++)
                {
                    var effect = borderOffsets[t] + (border[t].LevelOfRow.Span[rowsByLevel[next]] * border[t].Dimension);
                    if (seenAt[effect] == l) continue;
                    seenAt[effect] = l;
                    for (var i = 0; i < border[t].Dimension; i++) columns.Add(effect + i);
                }
            }

            columns.Sort(first, columns.Count - first, null);
            LevelStart[l + 1] = columns.Count;
        }

        Effect = [.. columns];
        Values = new double[Effect.Length * p];
        HValues = new double[Effect.Length * p];
        DValues = new double[Effect.Length * p];
        (EffectStart, EntryOfEffect, LevelOfEntry) = Transpose(effects);
    }

    /// <summary>The first entry of each level, and the count of entries last.</summary>
    public int[] LevelStart { get; }

    /// <summary>The border effect of each entry, ascending within a level.</summary>
    public int[] Effect { get; }

    /// <summary>The leading level of each entry.</summary>
    public int[] LevelOfEntry { get; }

    /// <summary>The first position in <see cref="EntryOfEffect"/> of each border effect.</summary>
    public int[] EffectStart { get; }

    /// <summary>The entries of each border effect, ascending by level.</summary>
    public int[] EntryOfEffect { get; }

    /// <summary>A_lb, p values an entry.</summary>
    public double[] Values { get; }

    /// <summary>H_lA_lb.</summary>
    public double[] HValues { get; }

    /// <summary>D_lA_lb = Z_l'V1⁻¹z_b.</summary>
    public double[] DValues { get; }

    /// <summary>Maps border effects to entries of one level; valid until called for another level.</summary>
    public void MapEffects(int level, Span<int> entryOfEffect)
    {
        for (var e = LevelStart[level]; e < LevelStart[level + 1]; e++) entryOfEffect[Effect[e]] = e;
    }

    /// <summary>Refreshes the images of the entries after the leading term was eliminated.</summary>
    public void Eliminate(LeadingBlocks leading)
    {
        for (var l = 0; l < leading.Levels; l++)
        {
            var (first, count) = (LevelStart[l] * p, (LevelStart[l + 1] - LevelStart[l]) * p);
            var values = Values.AsSpan(first, count);
            leading.Multiply(leading.H.AsSpan(l * p * p, p * p), values, HValues.AsSpan(first, count));
            leading.Multiply(leading.D.AsSpan(l * p * p, p * p), values, DValues.AsSpan(first, count));
        }
    }

    private (int[] Start, int[] Entries, int[] Levels) Transpose(int effects)
    {
        var start = new int[effects + 1];
        foreach (var effect in Effect) start[effect + 1]++;
        for (var j = 0; j < effects; j++) start[j + 1] += start[j];
        var next = start.AsSpan(0, effects).ToArray();
        var entries = new int[Effect.Length];
        var levels = new int[Effect.Length];
        for (var l = 0; l + 1 < LevelStart.Length; l++)
        {
            for (var e = LevelStart[l]; e < LevelStart[l + 1]; e++)
            {
                levels[e] = l;
                entries[next[Effect[e]]++] = e;
            }
        }

        return (start, entries, levels);
    }
}

using System.Runtime.CompilerServices;
using MixedModels.Estimation.Linear;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// Which effects of other terms occur together with which levels of one term: a sparse matrix by levels and, transposed, by effects.
/// The one term is the leading one and the others are the border, or it is a term of the border and the others come after it. Immutable.
/// </summary>
internal sealed class CouplingPattern
{
    /// <summary>A visit of pairs takes about four times as long an operation as a product of full matrices.</summary>
    private const double DenseShare = 0.25;

    /// <summary>Collects the effects that the rows of each level touch; O(rows) by counting sorts.</summary>
    /// <param name="lead">The term whose levels they are.</param>
    /// <param name="others">The other terms.</param>
    /// <param name="offsets">The first border effect of each of them.</param>
    /// <param name="effects">The number of border effects.</param>
    public CouplingPattern(RandomTermData lead, IReadOnlyList<RandomTermData> others, ReadOnlySpan<int> offsets, int effects)
    {
        var levels = lead.LevelOfRow.Span;
        var room = FirstPlaces(lead, others.Sum(term => term.Dimension));
        var places = new int[room[^1]];
        var used = new int[lead.LevelCount];
        EntryOfRow = new int[others.Count][];
        for (var t = 0; t < others.Count; t++) EntryOfRow[t] = Collect(levels, others[t], offsets[t], room, places, used);

        LevelStart = new int[used.Length + 1];
        for (var l = 0; l < used.Length; l++) LevelStart[l + 1] = LevelStart[l] + used[l];
        Effect = new int[LevelStart[^1]];
        for (var l = 0; l < used.Length; l++) places.AsSpan(room[l], used[l]).CopyTo(Effect.AsSpan(LevelStart[l]));
        foreach (var entries in EntryOfRow)
        {
            for (var r = 0; r < entries.Length; r++) entries[r] += LevelStart[levels[r]];
        }

        (EffectStart, EntryOfEffect, LevelOfEntry) = Transpose(effects);
    }

    private CouplingPattern(int effects)
    {
        (LevelStart, Effect, EntryOfRow) = ([0], [], []);
        (EffectStart, EntryOfEffect, LevelOfEntry) = (new int[effects + 1], [], []);
    }

    /// <summary>Effects that meet no level.</summary>
    public static CouplingPattern Empty(int effects) => new(effects);

    /// <summary>The number of entries.</summary>
    public int Entries => Effect.Length;

    /// <summary>The first entry of each level, and the count of entries last.</summary>
    public int[] LevelStart { get; }

    /// <summary>The border effect of each entry, ascending within a level.</summary>
    public int[] Effect { get; }

    /// <summary>The level of each entry.</summary>
    public int[] LevelOfEntry { get; }

    /// <summary>The first position in <see cref="EntryOfEffect"/> of each border effect.</summary>
    public int[] EffectStart { get; }

    /// <summary>The entries of each border effect, ascending by level.</summary>
    public int[] EntryOfEffect { get; }

    /// <summary>Another term and a row: the entry of the first effect that the row touches.</summary>
    public int[][] EntryOfRow { get; }

    /// <summary>Whether so many border effects meet each leading level that products of full matrices cost less than visiting pairs.</summary>
    public bool IsDense => Entries > DenseShare * (LevelStart.Length - 1) * (EffectStart.Length - 1);

    /// <summary>Half the sum over levels of the squared number of entries: the pairs that one elimination visits.</summary>
    public double Pairs()
    {
        var pairs = 0.0;
        for (var l = 0; l + 1 < LevelStart.Length; l++)
        {
            var count = (double)(LevelStart[l + 1] - LevelStart[l]);
            pairs += 0.5 * count * (count + 1);
        }

        return pairs;
    }

    /// <summary>Where each level's entries may begin if every row had some of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] FirstPlaces(RandomTermData lead, int width)
    {
        var room = new int[lead.LevelCount + 1];
        foreach (var level in lead.LevelOfRow.Span) room[level + 1] += width;
        for (var l = 0; l < lead.LevelCount; l++) room[l + 1] += room[l];
        return room;
    }

    /// <summary>Appends a term's effects to the levels that meet them; returns each row's place among its level's entries.</summary>
    /// <remarks>Rows come sorted by the term's level, so entries ascend and a repeated one is the level's last.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] Collect(ReadOnlySpan<int> levels, RandomTermData term, int offset, int[] room, int[] places, int[] used)
    {
        var p = term.Dimension;
        var own = term.LevelOfRow.Span;
        var last = new int[used.Length];
        Array.Fill(last, -1);
        var entryOfRow = new int[levels.Length];
        foreach (var r in term.RowsByLevel())
        {
            var l = levels[r];
            if (last[l] != own[r])
            {
                last[l] = own[r];
                for (var i = 0; i < p; i++) places[room[l] + used[l] + i] = offset + (own[r] * p) + i;
                used[l] += p;
            }

            entryOfRow[r] = used[l] - p;
        }

        return entryOfRow;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

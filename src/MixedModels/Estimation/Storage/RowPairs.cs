using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra.Sparse;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The effects that each row touches, whatever number of levels it has of a term, and where each pair of them stands in the pattern of
/// Z'Z. Immutable.
/// </summary>
internal sealed class RowPairs
{
    /// <summary>Collects the effects of every row; O(entries).</summary>
    public RowPairs(IReadOnlyList<RandomTermData> terms, int n)
    {
        Offsets = new int[terms.Count + 1];
        for (var t = 0; t < terms.Count; t++) Offsets[t + 1] = Offsets[t] + (terms[t].LevelCount * terms[t].Dimension);
        RowStart = new int[n + 1];
        var effects = new List<int>(terms.Sum(term => term.LevelOfRow.Length * term.Dimension));
        for (var r = 0; r < n; r++)
        {
            for (var t = 0; t < terms.Count; t++)
            {
                var (first, end) = terms[t].Entries(r);
                for (var e = first; e < end; e++)
                {
                    var effect = Offsets[t] + (terms[t].LevelOfRow.Span[e] * terms[t].Dimension);
                    for (var j = 0; j < terms[t].Dimension; j++) effects.Add(effect + j);
                }
            }

            RowStart[r + 1] = effects.Count;
        }

        Effects = [.. effects];
    }

    /// <summary>The first effect of each term, and their number last.</summary>
    public int[] Offsets { get; }

    /// <summary>The first of each row's effects in <see cref="Effects"/>, and their number last.</summary>
    public int[] RowStart { get; }

    /// <summary>The effects that rows touch: term by term, within a term level by level.</summary>
    public int[] Effects { get; }

    /// <summary>The number of pairs, those of an effect with itself among them.</summary>
    public long Count
    {
        get
        {
            var count = 0L;
            for (var r = 0; r + 1 < RowStart.Length; r++) count += (RowStart[r + 1] - RowStart[r]) * (RowStart[r + 1] - RowStart[r] + 1L) / 2;
            return count;
        }
    }

    /// <summary>The pattern of Z'Z, in which every level's own block is whole.</summary>
    public SparseSymmetric Pattern(IReadOnlyList<RandomTermData> terms)
    {
        var starts = new List<int>(RowStart);
        var members = new List<int>(Effects);
        for (var t = 0; t < terms.Count; t++)
        {
            for (var first = Offsets[t]; first < Offsets[t + 1]; first += terms[t].Dimension)
            {
                for (var i = 0; i < terms[t].Dimension; i++) members.Add(first + i);
                starts.Add(members.Count);
            }
        }

        return SparseSymmetric.FromCliques(Offsets[^1], [.. starts], [.. members]);
    }

    /// <summary>Where each pair of effects stands in a pattern: row by row, of each effect those before it and itself.</summary>
    public int[] Places(SparseSymmetric pattern)
    {
        var places = new int[Count];
        var next = 0;
        for (var r = 0; r + 1 < RowStart.Length; r++)
        {
            for (var a = RowStart[r]; a < RowStart[r + 1]; a++)
            {
                for (var b = RowStart[r]; b <= a; b++) places[next++] = pattern.IndexOf(Effects[a], Effects[b]);
            }
        }

        return places;
    }
}

using MixedModels.Estimation.Linear;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// A random term of whitened rows. Where whitening mixes rows of several levels, a whitened row belongs to all of them: it has an entry for each. Immutable.
/// </summary>
internal sealed class WhitenedTerm
{
    private readonly RandomTermData source;
    private readonly int[] targets;

    /// <summary>Collects the levels of every whitened row. O(n × rows that a row of W reaches over).</summary>
    /// <param name="source">The term of the rows as they are.</param>
    /// <param name="W">Which rows a row of W reaches over.</param>
    public WhitenedTerm(RandomTermData source, WhiteningRows W)
    {
        this.source = source;
        var n = W.Count;
        var (starts, levels, found) = (new int[n + 1], new List<int>(), new List<int>());
        for (var r = 0; r < n; r++)
        {
            foreach (var row in W.Rows(r))
            {
                var (first, end) = source.Entries(row);
                for (var e = first; e < end; e++)
                {
                    var level = source.LevelOfRow.Span[e];
                    var place = levels.IndexOf(level, starts[r]);
                    found.Add(place < 0 ? levels.Count : place);
                    if (place < 0) levels.Add(level);
                }
            }

            starts[r + 1] = levels.Count;
        }

        targets = [.. found];
        var isSingle = !source.HasSeveralLevels && levels.Count == n;
        Data = isSingle ? source : new(source.Structure, source.LevelCount, levels.ToArray(), ReadOnlyMemory<double>.Empty, starts);
    }

    /// <summary>The term of the whitened rows; without Z, which changes with W.</summary>
    public RandomTermData Data { get; }

    /// <summary>Writes the term's columns of the whitened rows.</summary>
    /// <param name="Z">entries×p_t columns of the rows as they are.</param>
    /// <param name="W">W.</param>
    /// <param name="result">An entry of <see cref="Data"/> a row.</param>
    public void Whiten(ReadOnlySpan<double> Z, WhiteningRows W, Span<double> result)
    {
        var (p, entries, own) = (source.Dimension, source.LevelOfRow.Length, Data.LevelOfRow.Length);
        result.Clear();
        for (int r = 0, next = 0; r < W.Count; r++)
        {
            var rows = W.Rows(r);
            var weights = W.Weights(r);
            for (var i = 0; i < rows.Length; i++)
            {
                var (first, end) = source.Entries(rows[i]);
                for (var e = first; e < end; e++)
                {
                    var target = targets[next++];
                    for (var j = 0; j < p; j++) result[target + (j * own)] += weights[i] * Z[e + (j * entries)];
                }
            }
        }
    }
}

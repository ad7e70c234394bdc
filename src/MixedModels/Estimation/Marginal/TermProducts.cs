using MixedModels.Estimation.Linear;

namespace MixedModels.Estimation.Marginal;

/// <summary>Products of rows with their random effects, whatever number of levels a row has of a term. O(entries).</summary>
internal static class TermProducts
{
    /// <summary>rows += factor · Z v.</summary>
    /// <param name="term">The term.</param>
    /// <param name="Z">entries×p_t, column-major.</param>
    /// <param name="effects">v: p_t numbers a level.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="rows">n numbers.</param>
    public static void AddRows(RandomTermData term, ReadOnlySpan<double> Z, ReadOnlySpan<double> effects, double factor, Span<double> rows)
    {
        var size = term.Dimension;
        var levels = term.LevelOfRow.Span;
        for (var r = 0; r < rows.Length; r++)
        {
            var (first, end) = term.Entries(r);
            for (var e = first; e < end; e++)
            {
                for (var j = 0; j < size; j++) rows[r] += factor * Z[e + (j * levels.Length)] * effects[(levels[e] * size) + j];
            }
        }
    }

    /// <summary>effects += Z'rows.</summary>
    /// <param name="term">The term.</param>
    /// <param name="Z">entries×p_t, column-major.</param>
    /// <param name="rows">n numbers.</param>
    /// <param name="effects">p_t numbers a level.</param>
    public static void AddEffects(RandomTermData term, ReadOnlySpan<double> Z, ReadOnlySpan<double> rows, Span<double> effects)
    {
        var size = term.Dimension;
        var levels = term.LevelOfRow.Span;
        for (var r = 0; r < rows.Length; r++)
        {
            var (first, end) = term.Entries(r);
            for (var e = first; e < end; e++)
            {
                for (var j = 0; j < size; j++) effects[(levels[e] * size) + j] += Z[e + (j * levels.Length)] * rows[r];
            }
        }
    }

    /// <summary>result += A v for every level: A p_t×p_t, v and result p_t numbers a level.</summary>
    public static void AddLevels(ReadOnlySpan<double> A, int size, ReadOnlySpan<double> effects, Span<double> result)
    {
        for (var first = 0; first < effects.Length; first += size)
        {
            for (var j = 0; j < size; j++)
            {
                for (var i = 0; i < size; i++) result[first + i] += A[i + (j * size)] * effects[first + j];
            }
        }
    }
}

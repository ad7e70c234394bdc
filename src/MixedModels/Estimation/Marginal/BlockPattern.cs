using System.Runtime.InteropServices;
using MixedModels.Estimation.Linear;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// Independent blocks of rows with the same V: the same sites, scales, random effects and values of Z, so that one factor serves all. Without
/// random effects a block is a subject, else the subjects and levels that hang together. Immutable.
/// </summary>
internal sealed class BlockPattern
{
    private BlockPattern(int[] subjectStarts, int[][] levels)
    {
        SubjectStarts = subjectStarts;
        Levels = levels;
        Order = subjectStarts[^1];
    }

    /// <summary>n, the rows of a block.</summary>
    public int Order { get; }

    /// <summary>The blocks, n rows each, subject by subject and within each by site.</summary>
    public List<int[]> Blocks { get; } = [];

    /// <summary>The first row of each subject in a block; n after the last.</summary>
    public int[] SubjectStarts { get; }

    /// <summary>A term: n levels, numbered in the block from 0.</summary>
    public int[][] Levels { get; }

    /// <summary>Finds the blocks and sorts them into patterns. O(n (1 + columns of Z)).</summary>
    public static List<BlockPattern> Find(StandardizedData data, ResidualModel residual, bool withRandomTerms)
    {
        var terms = withRandomTerms ? data.Data.Terms : [];
        var patterns = new Dictionary<string, BlockPattern>(StringComparer.Ordinal);
        foreach (var subjects in Components(residual, terms))
        {
            int[] rows = [.. subjects.SelectMany(subject => subject)];
            var levels = terms.Select(term => LocalLevels(term, rows)).ToArray();
            var key = Key(data, residual, subjects, rows, levels, terms);
            if (!patterns.TryGetValue(key, out var pattern))
                patterns.Add(key, pattern = new([.. Starts(subjects)], levels));
            pattern.Blocks.Add(rows);
        }

        return [.. patterns.Values];
    }

    private static IEnumerable<int> Starts(List<int[]> subjects)
    {
        var start = 0;
        yield return 0;
        foreach (var subject in subjects) yield return start += subject.Length;
    }

    private static List<List<int[]>> Components(ResidualModel residual, IReadOnlyList<RandomTermData> terms)
    {
        var subjects = residual.RowsOfSubjects();
        var parent = new int[subjects.Length + terms.Sum(term => term.LevelCount)];
        for (var i = 0; i < parent.Length; i++) parent[i] = i;
        var first = subjects.Length;
        foreach (var term in terms)
        {
            for (var r = 0; r < residual.Data.SubjectOfRow.Length; r++)
                parent[Root(parent, residual.Data.SubjectOfRow[r])] = Root(parent, first + term.LevelOfRow.Span[r]);
            first += term.LevelCount;
        }

        var components = new Dictionary<int, List<int[]>>();
        for (var s = 0; s < subjects.Length; s++)
        {
            var root = Root(parent, s);
            if (!components.TryGetValue(root, out var list)) components.Add(root, list = []);
            list.Add(subjects[s]);
        }

        return [.. components.Values];
    }

    private static int Root(int[] parent, int i)
    {
        while (parent[i] != i) i = parent[i] = parent[parent[i]];
        return i;
    }

    private static int[] LocalLevels(RandomTermData term, int[] rows)
    {
        var known = new Dictionary<int, int>();
        var levels = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var level = term.LevelOfRow.Span[rows[i]];
            if (!known.TryGetValue(level, out levels[i])) known.Add(level, levels[i] = known.Count);
        }

        return levels;
    }

    /// <summary>Everything that V depends on, bit by bit.</summary>
    private static string Key(
        StandardizedData data, ResidualModel residual, List<int[]> subjects, int[] rows, int[][] levels, IReadOnlyList<RandomTermData> terms)
    {
        var key = new List<double>();
        foreach (var subject in subjects) key.Add(subject.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            key.Add(residual.Data.SiteOfRow[rows[i]]);
            key.Add(residual.Data.GroupOfRow[rows[i]]);
            residual.Scale.AddClasses(rows[i], key);
            for (var t = 0; t < terms.Count; t++)
            {
                key.Add(levels[t][i]);
                for (var j = 0; j < terms[t].Dimension; j++) key.Add(data.Z[t][rows[i] + (j * data.Data.n)]);
            }
        }

        return new string(MemoryMarshal.Cast<double, char>(CollectionsMarshal.AsSpan(key)));
    }
}

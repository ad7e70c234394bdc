using MixedModels.LinearAlgebra.Sparse;

namespace MixedModels.Tests.LinearAlgebra.Sparse;

/// <summary>Patterns that occur in mixed models, and those that orderings and supernodes are known to go wrong on, by name.</summary>
internal static class TestMatrices
{
    private static readonly Dictionary<string, Func<SparseSymmetric>> Catalogue = new(StringComparer.Ordinal)
    {
        ["one"] = () => SparseSymmetric.FromEntries(1, [], []),
        ["two"] = () => SparseSymmetric.FromEntries(2, [1], [0]),
        ["diagonal"] = () => SparseSymmetric.FromEntries(9, [], []),
        ["tridiagonal"] = () => Band(40, 1),
        ["band of width 5"] = () => Band(60, 5),
        ["dense"] = () => Band(30, 29),
        ["dense, several strips"] = () => Band(150, 149),
        ["overlapping cliques, several strips with several below"] = () =>
            SparseSymmetric.FromCliques(220, [0, 150, 300], [.. Enumerable.Range(0, 150), .. Enumerable.Range(70, 150)]),
        ["hub last"] = () => Hub(50, hub: 49),
        ["hub first"] = () => Hub(50, hub: 0),
        ["disconnected"] = () => SparseSymmetric.FromCliques(23, [0, 3, 6, 10, 11], [0, 7, 12, 1, 2, 22, 3, 4, 5, 6, 9]),
        ["grid"] = () => Grid(12, 9),
        ["large grid"] = () => Grid(19, 17),
        ["nested with movers"] = () => Schools(pupils: 120, teachers: 18, schools: 4),
        ["crossed"] = () => Crossed(40, 12, 5, seed: 3),
        ["crossed, wide border"] = () => Crossed(200, 90, 12, seed: 4),
        ["crossed with blocks"] = () => WithBlocks(Crossed(25, 8, 3, seed: 5), size: 3),
        ["grid with blocks"] = () => WithBlocks(Grid(7, 6), size: 2),
    };

    public static TheoryData<string> Names() => [.. Catalogue.Keys];

    public static SparseSymmetric Pattern(string name) => Catalogue[name]();

    public static SparseSymmetric Band(int n, int width)
    {
        var entries = new List<(int, int)>();
        for (var i = 0; i < n; i++)
        {
            for (var j = Math.Max(0, i - width); j < i; j++)
                entries.Add((i, j));
        }

        return FromPairs(n, entries);
    }

    public static SparseSymmetric Hub(int n, int hub) => FromPairs(n, [.. Enumerable.Range(0, n).Select(i => (i, hub))]);

    public static SparseSymmetric Grid(int width, int height)
    {
        var entries = new List<(int, int)>();
        for (var i = 0; i < width * height; i++)
        {
            if (i % width > 0)
                entries.Add((i, i - 1));
            if (i >= width)
                entries.Add((i, i - width));
        }

        return FromPairs(width * height, entries);
    }

    /// <summary>Pupils seen by three teachers of a school each, a few of whom move: Z'Z in the order pupils, teachers, schools.</summary>
    public static SparseSymmetric Schools(int pupils, int teachers, int schools)
    {
        var random = new Random(11);
        var members = new List<int>();
        for (var pupil = 0; pupil < pupils; pupil++)
        {
            var school = random.Next(schools);
            for (var year = 0; year < 3; year++)
            {
                if (random.Next(20) == 0)
                    school = random.Next(schools);
                var teacher = school + schools * random.Next(teachers / schools);
                members.AddRange([pupil, pupils + teacher, pupils + teachers + school]);
            }
        }

        return SparseSymmetric.FromCliques(pupils + teachers + schools, [.. Enumerable.Range(0, 3 * pupils + 1).Select(q => 3 * q)], [.. members]);
    }

    /// <summary>Each row level rated with several random column levels.</summary>
    public static SparseSymmetric Crossed(int rows, int columns, int ratings, int seed)
    {
        var random = new Random(seed);
        var entries = new List<(int, int)>();
        for (var i = 0; i < rows * ratings; i++)
            entries.Add((i / ratings, rows + random.Next(columns)));
        return FromPairs(rows + columns, entries);
    }

    public static SparseSymmetric Random(int n, int entries, int seed)
    {
        var random = new Random(seed);
        return FromPairs(n, [.. Enumerable.Range(0, entries).Select(_ => (random.Next(n), random.Next(n)))]);
    }

    /// <summary>Each index becomes a block of indices, dense within itself and towards its neighbours.</summary>
    public static SparseSymmetric WithBlocks(SparseSymmetric pattern, int size)
    {
        var entries = new List<(int, int)>();
        for (var j = 0; j < pattern.Order; j++)
        {
            foreach (var i in pattern.RowIndices[pattern.ColumnStarts[j]..pattern.ColumnStarts[j + 1]])
            {
                for (var k = 0; k < size * size; k++)
                    entries.Add((i * size + k / size, j * size + k % size));
            }
        }

        return FromPairs(pattern.Order * size, entries);
    }

    /// <summary>Random entries, and a diagonal that exceeds the sum of the others in its row: positive definite.</summary>
    public static double[] PositiveDefinite(SparseSymmetric pattern, int seed = 1)
    {
        var random = new Random(seed);
        var values = new double[pattern.Nonzeros];
        for (var j = 0; j < pattern.Order; j++)
        {
            for (var p = pattern.ColumnStarts[j] + 1; p < pattern.ColumnStarts[j + 1]; p++)
            {
                values[p] = 2 * random.NextDouble() - 1;
                values[pattern.ColumnStarts[j]] += Math.Abs(values[p]);
                values[pattern.ColumnStarts[pattern.RowIndices[p]]] += Math.Abs(values[p]);
            }

            values[pattern.ColumnStarts[j]] += 0.1 + random.NextDouble();
        }

        return values;
    }

    public static SparseSymmetric FromPairs(int n, List<(int Row, int Column)> entries) =>
        SparseSymmetric.FromEntries(n, [.. entries.Select(e => e.Row)], [.. entries.Select(e => e.Column)]);
}

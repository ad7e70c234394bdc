using System.Globalization;

namespace MixedModels.Design;

/// <summary>The columns that stand for a factor's levels: contrasts, or an indicator of every level. Immutable.</summary>
public sealed class ContrastMatrix
{
    private readonly double[] values;

    private ContrastMatrix(int levelCount, string[] suffixes, double[] values)
    {
        LevelCount = levelCount;
        Suffixes = suffixes;
        this.values = values;
    }

    /// <summary>The number of levels k: rows.</summary>
    public int LevelCount { get; }

    /// <summary>What follows the factor's name in the name of each column.</summary>
    public IReadOnlyList<string> Suffixes { get; }

    /// <summary>The values, levels × columns, column-major.</summary>
    public ReadOnlyMemory<double> Values => values;

    /// <summary>The value of a column at each level.</summary>
    internal ReadOnlySpan<double> Column(int column) => values.AsSpan(column * LevelCount, LevelCount);

    /// <summary>An indicator of every level, as for a factor whose margin is not in the model.</summary>
    internal static ContrastMatrix Indicators(IReadOnlyList<string> levels) =>
        Fill([.. levels], levels.Count, static (level, column, _) => level == column ? 1 : 0);

    /// <summary>The contrasts of a coding: k × (k − 1).</summary>
    /// <param name="coding">The coding.</param>
    /// <param name="levels">The levels, at least 2.</param>
    /// <param name="isNumbered">Whether treatment and SAS columns are named by level number, as R's <c>C(f, contr.treatment)</c> names them.</param>
    internal static ContrastMatrix Create(ContrastCoding coding, IReadOnlyList<string> levels, bool isNumbered = false)
    {
        var count = levels.Count;
        var numbers = Numbers(1, count);
        string[] names = isNumbered ? numbers : [.. levels];
        return coding switch
        {
            ContrastCoding.Treatment => Fill(names[1..], count, static (level, column, _) => level == column + 1 ? 1 : 0),
            ContrastCoding.Sas => Fill(names[..^1], count, static (level, column, _) => level == column ? 1 : 0),
            ContrastCoding.Sum => Fill(numbers[..^1], count, static (level, column, last) => level == last ? -1 : level == column ? 1 : 0),
            ContrastCoding.Helmert => Fill(
                numbers[..^1], count, static (level, column, _) => level <= column ? -1 : level == column + 1 ? column + 1 : 0),
            ContrastCoding.Polynomial => Polynomial(count),
            _ => throw new ArgumentOutOfRangeException(nameof(coding), coding, "No such contrast coding."),
        };
    }

    private static ContrastMatrix Polynomial(int count)
    {
        var scores = Enumerable.Range(1, count).Select(rank => (double)rank).ToArray();
        var suffixes = Enumerable.Range(1, count - 1).Select(PolynomialSuffix).ToArray();
        return new ContrastMatrix(count, suffixes, OrthogonalPolynomial.Orthonormal(scores, count - 1));
    }

    private static string PolynomialSuffix(int degree) => degree switch
    {
        1 => ".L",
        2 => ".Q",
        3 => ".C",
        _ => "^" + degree.ToString(CultureInfo.InvariantCulture),
    };

    private static ContrastMatrix Fill(string[] suffixes, int levelCount, Func<int, int, int, double> value)
    {
        var filled = new double[levelCount * suffixes.Length];
        for (var column = 0; column < suffixes.Length; column++)
        {
            for (var level = 0; level < levelCount; level++)
                filled[(column * levelCount) + level] = value(level, column, levelCount - 1);
        }

        return new ContrastMatrix(levelCount, suffixes, filled);
    }

    private static string[] Numbers(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(number => number.ToString(CultureInfo.InvariantCulture))];
}

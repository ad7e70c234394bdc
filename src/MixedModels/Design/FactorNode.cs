using MixedModels.Data;

namespace MixedModels.Design;

/// <summary>Levels of the rows of a table, as codes into learnt levels.</summary>
/// <param name="Codes">
/// A code a row: below the number of learnt levels a learnt one, above an index into <paramref name="NewLevels"/> after
/// subtracting that number; −1 is missing.
/// </param>
/// <param name="NewLevels">Levels of the table that were not learnt.</param>
internal readonly record struct FactorValues(int[] Codes, IReadOnlyList<string> NewLevels);

/// <summary>A level a row, computed from the columns of a table; the levels are learnt at creation. Immutable.</summary>
internal abstract class FactorNode
{
    /// <summary>The learnt levels in their order.</summary>
    public abstract IReadOnlyList<string> Levels { get; }

    /// <summary>Whether the levels are ordered.</summary>
    public virtual bool IsOrdered => false;

    /// <summary>The coding that the formula asks for by <c>C()</c>, or null.</summary>
    public virtual ContrastCoding? Coding => null;

    /// <summary>The levels over all rows of a table.</summary>
    public abstract FactorValues Evaluate(TableColumns table);

    /// <summary>Matches the levels of a factor to learnt ones by name.</summary>
    protected static FactorValues Match(FactorColumn factor, IReadOnlyList<string> levels)
    {
        var codes = factor.Codes.ToArray();
        if (factor.Levels.SequenceEqual(levels, StringComparer.Ordinal))
            return new FactorValues(codes, []);
        var learnt = new Dictionary<string, int>(levels.Count, StringComparer.Ordinal);
        for (var i = 0; i < levels.Count; i++)
            learnt.Add(levels[i], i);
        var newLevels = new List<string>();
        var match = new int[factor.Levels.Count];
        for (var i = 0; i < match.Length; i++)
        {
            if (learnt.TryGetValue(factor.Levels[i], out match[i]))
                continue;
            match[i] = levels.Count + newLevels.Count;
            newLevels.Add(factor.Levels[i]);
        }

        for (var row = 0; row < codes.Length; row++)
            codes[row] = codes[row] < 0 ? -1 : match[codes[row]];
        return new FactorValues(codes, newLevels);
    }
}

/// <summary>A column as a factor; a numeric one has a level for each value.</summary>
internal sealed class ColumnFactorNode : FactorNode
{
    private readonly string name;

    /// <summary>Learns the levels of a column.</summary>
    public ColumnFactorNode(string name, TableColumns table)
    {
        this.name = name;
        var factor = table.Factor(name);
        Levels = factor.Levels;
        IsOrdered = factor.IsOrdered;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Levels { get; }

    /// <inheritdoc/>
    public override bool IsOrdered { get; }

    /// <inheritdoc/>
    public override FactorValues Evaluate(TableColumns table) => Match(table.Factor(name), Levels);
}

/// <summary>Computed numbers as a factor with a level for each value.</summary>
internal sealed class NumberFactorNode : FactorNode
{
    private readonly NumericNode numbers;

    /// <summary>Learns the levels of an expression.</summary>
    public NumberFactorNode(NumericNode numbers, TableColumns table)
    {
        this.numbers = numbers;
        Levels = AsFactor(table).Levels;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Levels { get; }

    /// <inheritdoc/>
    public override FactorValues Evaluate(TableColumns table) => Match(AsFactor(table), Levels);

    private FactorColumn AsFactor(TableColumns table) => new NumericColumn("", numbers.Evaluate(table).Span).ToFactor();
}

/// <summary>
/// A factor with its levels in another order, some of them left out (missing then), or with another coding or order flag.
/// </summary>
internal sealed class RearrangedFactorNode : FactorNode
{
    private readonly FactorNode inner;
    private readonly int[] place;

    /// <summary>Creates the factor.</summary>
    /// <param name="inner">The factor it is made of.</param>
    /// <param name="levels">The levels in their order; one that <paramref name="inner"/> does not have occurs in no row.</param>
    /// <param name="isOrdered">Whether they are ordered.</param>
    /// <param name="coding">The coding asked for, or null.</param>
    public RearrangedFactorNode(FactorNode inner, IReadOnlyList<string> levels, bool isOrdered, ContrastCoding? coding)
    {
        this.inner = inner;
        Levels = levels;
        IsOrdered = isOrdered;
        Coding = coding;
        var order = levels.ToList();
        place = [.. inner.Levels.Select(level => order.IndexOf(level))];
        IsComplete = Array.TrueForAll(place, index => index >= 0);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Levels { get; }

    /// <inheritdoc/>
    public override bool IsOrdered { get; }

    /// <inheritdoc/>
    public override ContrastCoding? Coding { get; }

    private bool IsComplete { get; }

    /// <inheritdoc/>
    public override FactorValues Evaluate(TableColumns table)
    {
        var (codes, newLevels) = inner.Evaluate(table);
        var moved = new int[codes.Length];
        for (var row = 0; row < codes.Length; row++)
            moved[row] = codes[row] < 0 ? -1 : codes[row] < place.Length ? place[codes[row]] : NewCode(codes[row] - place.Length);
        return new FactorValues(moved, IsComplete ? newLevels : []);
    }

    // Where some levels were left out as missing, one not seen before is left out too.
    private int NewCode(int index) => IsComplete ? Levels.Count + index : -1;
}

/// <summary>A condition: <c>FALSE</c> or <c>TRUE</c> a row.</summary>
internal sealed class ComparisonNode(Func<double, double, bool> holds, NumericNode left, NumericNode right) : FactorNode
{
    /// <summary>The levels of every condition.</summary>
    public static IReadOnlyList<string> TruthLevels { get; } = ["FALSE", "TRUE"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Levels => TruthLevels;

    /// <inheritdoc/>
    public override FactorValues Evaluate(TableColumns table)
    {
        var a = left.Evaluate(table).Span;
        var b = right.Evaluate(table).Span;
        var codes = new int[a.Length];
        for (var i = 0; i < codes.Length; i++)
            codes[i] = double.IsNaN(a[i]) || double.IsNaN(b[i]) ? -1 : holds(a[i], b[i]) ? 1 : 0;
        return new FactorValues(codes, []);
    }
}

/// <summary>Whether a factor has, or has not, a given level.</summary>
internal sealed class LevelComparisonNode(FactorNode factor, string level, bool isEqual) : FactorNode
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Levels => ComparisonNode.TruthLevels;

    /// <inheritdoc/>
    public override FactorValues Evaluate(TableColumns table)
    {
        var wanted = factor.Levels.ToList().IndexOf(level);
        var codes = Array.ConvertAll(factor.Evaluate(table).Codes, code => code < 0 ? -1 : (code == wanted) == isEqual ? 1 : 0);
        return new FactorValues(codes, []);
    }
}

namespace MixedModels.Data;

/// <summary>What a column of an <see cref="ExampleDataSet"/> holds.</summary>
public sealed record ExampleColumn
{
    private ExampleColumn(string name, string meaning)
    {
        Name = name;
        Meaning = meaning;
    }

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>What was measured, with its unit.</summary>
    public string Meaning { get; }

    /// <summary>Whether the column is a factor, ordered or not.</summary>
    public bool IsFactor { get; private init; }

    /// <summary>Whether the column is an ordered factor.</summary>
    public bool IsOrdered { get; private init; }

    /// <summary>The levels in their order; empty for a number, and for a factor whose levels stand in numeric or ordinal order.</summary>
    public IReadOnlyList<string> Levels { get; private init; } = [];

    internal static ExampleColumn Number(string name, string meaning) => new(name, meaning);

    internal static ExampleColumn Factor(string name, string meaning, params IReadOnlyList<string> levels) =>
        new(name, meaning) { IsFactor = true, Levels = levels };

    internal static ExampleColumn Ordered(string name, string meaning, params IReadOnlyList<string> levels) =>
        new(name, meaning) { IsFactor = true, IsOrdered = true, Levels = levels };
}

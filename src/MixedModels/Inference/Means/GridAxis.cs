using MixedModels.Data;

namespace MixedModels.Inference.Means;

/// <summary>One column of the data in a reference grid: the levels or values it takes there. Immutable.</summary>
internal sealed class GridAxis
{
    private readonly FactorColumn? factor;
    private readonly int[] codes;
    private readonly double[] numbers;

    private GridAxis(string name, FactorColumn? factor, int[] codes, double[] numbers, bool isCategorical)
    {
        (Name, this.factor, this.codes, this.numbers, IsCategorical) = (name, factor, codes, numbers, isCategorical);
        Labels = factor is null ? [.. numbers.Select(NumberName.Of)] : [.. codes.Select(code => factor.Levels[code])];
    }

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>Its levels or values in the grid, as words.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Whether it is a factor: one of the data, numbers that the formula makes one, or a covariate of two values.</summary>
    public bool IsCategorical { get; }

    /// <summary>A factor at some of its levels.</summary>
    public static GridAxis Factor(FactorColumn column, int[] codes) => new(column.Name, column, codes, [], isCategorical: true);

    /// <summary>Numbers at some values.</summary>
    public static GridAxis Numbers(string name, double[] values, bool isCategorical) => new(name, null, [], values, isCategorical);

    /// <summary>The column over the rows of a grid.</summary>
    /// <param name="places">For each row the place of its level or value.</param>
    public Column Over(int[] places) => factor is null
        ? Shifted(places, 0)
        : new FactorColumn(Name, factor.Levels, Array.ConvertAll(places, place => codes[place]), factor.IsOrdered);

    /// <summary>The numeric column over the rows of a grid, moved by a step of each value's own size times a factor.</summary>
    public Column Shifted(int[] places, double steps, Func<double, double>? stepAt = null) =>
        new NumericColumn(Name, Array.ConvertAll(places, place => numbers[place] + (steps == 0 ? 0 : steps * stepAt!(numbers[place]))));

    /// <summary>The values; empty for a factor.</summary>
    public IReadOnlyList<double> Values => numbers;

    /// <summary>The place of a row's level or value; −1 where the grid does not have it.</summary>
    public int PlaceOf(Column column, int row) => column is FactorColumn own
        ? Array.IndexOf(codes, own.Codes.Span[row])
        : Array.IndexOf(numbers, ((NumericColumn)column).Values.Span[row]);
}

using System.Diagnostics;

namespace MixedModels.Data;

/// <summary>A data set that comes with the library: what it is, where it is from, and a model that fits it. Immutable.</summary>
public sealed record ExampleDataSet
{
    internal ExampleDataSet()
    {
    }

    /// <summary>The name that <see cref="DataTable.Example"/> and <c>example:NAME</c> take.</summary>
    public required string Name { get; init; }

    /// <summary>What was studied, in a line.</summary>
    public required string Title { get; init; }

    /// <summary>The number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>The publication of the measurements.</summary>
    public required string Citation { get; init; }

    /// <summary>Where the numbers were taken from, and the licence of that collection.</summary>
    public required string Licence { get; init; }

    /// <summary>The columns in their order.</summary>
    public required IReadOnlyList<ExampleColumn> Columns { get; init; }

    /// <summary>A formula that fits the data.</summary>
    public required string Formula { get; init; }

    /// <summary>What the command <c>mixed fit</c> needs besides formula and data, such as <c>--family poisson</c>; often empty.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The command that fits the formula to the data.</summary>
    public string Command => string.Join(' ', [$"mixed fit \"{Formula}\" example:{Name}", .. Arguments]);

    /// <summary>The name of the embedded file.</summary>
    internal string Resource { get; init; } = "";

    /// <summary>Reads the data, each factor with its levels. Nothing is kept: every call reads again.</summary>
    /// <exception cref="DataException">The library was built without the data set.</exception>
    public DataTable Load()
    {
        var resource = Resource.Length > 0 ? Resource : Name + ".csv";
        using var stream = typeof(ExampleDataSet).Assembly.GetManifestResourceStream("examples/" + resource)
            ?? throw new DataException($"The example data set '{Name}' is not part of this build of the library.");
        var table = DataTable.ReadDelimited(stream, new DelimitedOptions
        {
            Delimiter = ',',
            SourceName = "example:" + Name,
            Factors = [.. Columns.Where(column => column.IsFactor).Select(column => column.Name)],
            Ordered = [.. Columns.Where(column => column.IsOrdered).Select(column => column.Name)],
            Levels = Columns.Where(column => column.Levels.Count > 0).ToDictionary(column => column.Name, column => column.Levels, StringComparer.Ordinal),
        });
        Debug.Assert(table.RowCount == Rows, "the catalogue states the rows of the file");
        return table;
    }
}

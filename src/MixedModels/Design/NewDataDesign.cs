namespace MixedModels.Design;

/// <summary>A design replayed on another table: what transforms, levels and codings learnt is used, nothing is learnt anew. Immutable.</summary>
public sealed class NewDataDesign
{
    internal NewDataDesign(
        int tableRows, ReadOnlyMemory<int> rows, ReadOnlyMemory<double> x, ReadOnlyMemory<double> offset, IReadOnlyList<NewDataRandomTerm> randomTerms)
    {
        TableRows = tableRows;
        Rows = rows;
        X = x;
        Offset = offset;
        RandomTerms = randomTerms;
    }

    /// <summary>The number of rows of the table.</summary>
    public int TableRows { get; }

    /// <summary>The complete rows, zero-based in the table, ascending; everything else here has one entry for each.</summary>
    public ReadOnlyMemory<int> Rows { get; }

    /// <summary>The number of rows left out because a value the model needs is missing.</summary>
    public int MissingRows => TableRows - Rows.Length;

    /// <summary>The fixed effects' columns kept by the design, rows × p, column-major.</summary>
    public ReadOnlyMemory<double> X { get; }

    /// <summary>The sum of the offsets a row; empty where the design has none.</summary>
    public ReadOnlyMemory<double> Offset { get; }

    /// <summary>The random terms that were asked for, in the design's order.</summary>
    public IReadOnlyList<NewDataRandomTerm> RandomTerms { get; }

    /// <summary>Where the rows stand in the residual structure and the variance functions; null where that was not asked for.</summary>
    internal NewResidualRows? Residual { get; init; }
}

/// <summary>A random term over the rows of a new table.</summary>
/// <param name="LevelOfRow">The design's zero-based level of each row, −1 for a level the design does not have; empty where rows have several.</param>
/// <param name="Z">Rows × effects, column-major.</param>
/// <param name="NewLevels">The distinct levels of the rows that the design does not have, in the order of their first row.</param>
/// <param name="Memberships">The levels of each row where rows belong to several; else null.</param>
public sealed record NewDataRandomTerm(
    ReadOnlyMemory<int> LevelOfRow, ReadOnlyMemory<double> Z, IReadOnlyList<string> NewLevels, Memberships? Memberships = null);

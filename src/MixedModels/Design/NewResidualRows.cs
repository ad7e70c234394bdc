namespace MixedModels.Design;

/// <summary>Where rows of new data stand in a residual structure and its variance functions; empty arrays where that was not asked for. Immutable.</summary>
/// <param name="SubjectOfRow">The design's subjects; −1 for one it does not have.</param>
/// <param name="GroupOfRow">The design's groups.</param>
/// <param name="SiteOfRow">The design's sites; −1 for a place that is none of them.</param>
/// <param name="Coordinates">A coordinate: a value a row, NaN for a level that has no place among the sites.</param>
/// <param name="Functions">The variance functions, in the design's order.</param>
/// <param name="TableRows">Where each row stands in its table, zero-based.</param>
/// <param name="NameOfPlace">What a row's place is called.</param>
internal sealed record NewResidualRows(
    int[] SubjectOfRow,
    int[] GroupOfRow,
    int[] SiteOfRow,
    IReadOnlyList<double[]> Coordinates,
    IReadOnlyList<NewVarianceRows> Functions,
    ReadOnlyMemory<int> TableRows,
    Func<int, string> NameOfPlace)
{
    /// <summary>Rows of which nothing was asked.</summary>
    public static NewResidualRows Nothing { get; } = new([], [], [], [], [], default, _ => "");
}

/// <summary>A variance function over new rows. Immutable.</summary>
/// <param name="Covariate">A value a row; empty for <c>ident</c> and for fitted values.</param>
/// <param name="StratumOfRow">The design's strata.</param>
internal sealed record NewVarianceRows(ReadOnlyMemory<double> Covariate, int[] StratumOfRow);

using System.Collections;

namespace MixedModels;

/// <summary>What the fixed effects would be without one level of a group, or without one row.</summary>
/// <param name="Name">The level, or the row's number in the table counted from 1.</param>
/// <param name="RowCount">How many rows are left out.</param>
/// <param name="CookDistance">Change of the fixed effects, squared in the metric of their covariance, over their number; NaN where a fixed effect cannot be estimated without the rows.</param>
/// <param name="Changes">p changes of the fixed effects, without less with, in their units; NaN as before.</param>
/// <param name="Dfbetas">p changes over the standard errors of the whole fit.</param>
public sealed record InfluenceRow(string Name, int RowCount, double CookDistance, IReadOnlyList<double> Changes, IReadOnlyList<double> Dfbetas);

/// <summary>How much each level of a group, or each row, sways the fixed effects. Immutable.</summary>
/// <remarks>Of a linear model exact for deletion at the estimated variances, which a refit would move too; of a generalized one a Newton step of all parameters (docs/diagnostics.md).</remarks>
public sealed class InfluenceTable : IReadOnlyList<InfluenceRow>
{
    private readonly IReadOnlyList<InfluenceRow> rows;

    internal InfluenceTable(string? group, IReadOnlyList<string> coefficientNames, IReadOnlyList<InfluenceRow> rows) =>
        (Group, CoefficientNames, this.rows) = (group, coefficientNames, rows);

    /// <summary>The group whose levels are left out; null where single rows are.</summary>
    public string? Group { get; }

    /// <summary>The names of the fixed effects, in the order of <see cref="InfluenceRow.Changes"/>.</summary>
    public IReadOnlyList<string> CoefficientNames { get; }

    /// <inheritdoc/>
    public int Count => rows.Count;

    /// <inheritdoc/>
    public InfluenceRow this[int index] => rows[index];

    /// <inheritdoc/>
    public IEnumerator<InfluenceRow> GetEnumerator() => rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

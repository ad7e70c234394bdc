using System.Security.Cryptography;

namespace MixedModels.Data;

/// <summary>
/// A column of a file that cannot be used as it stands. It does no harm until it is asked for: then
/// <see cref="DataTable.TryGetColumn"/> throws its <see cref="Problem"/>. Immutable.
/// </summary>
public sealed class UnusableColumn : Column
{
    internal UnusableColumn(string name, int length, string problem)
        : base(name, length) => Problem = problem;

    /// <summary>What is wrong, where, and what to try.</summary>
    public string Problem { get; }

    /// <summary>Always throws: the column has no values.</summary>
    /// <exception cref="DataException">Always, with <see cref="Problem"/>.</exception>
    public override bool IsMissing(int row) => throw new DataException(Problem);

    /// <summary>Always throws: the column has no values.</summary>
    /// <exception cref="DataException">Always, with <see cref="Problem"/>.</exception>
    public override FactorColumn ToFactor() => throw new DataException(Problem);

    internal override Column SelectRows(ReadOnlySpan<int> rows) => new UnusableColumn(Name, rows.Length, Problem);

    internal override void AddTo(IncrementalHash hash) => throw new DataException(Problem);
}

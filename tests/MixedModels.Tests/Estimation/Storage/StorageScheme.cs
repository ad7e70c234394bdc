using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;

namespace MixedModels.Tests.Estimation.Storage;

/// <summary>A way to store a penalised system; a new one is a line of <see cref="All"/>, and everything the engine is held to holds it.</summary>
/// <param name="Name">Its name, for a failing test.</param>
/// <param name="Holds">Whether it can hold data.</param>
/// <param name="Create">Stores rows with the terms of the data.</param>
internal sealed record StorageScheme(string Name, Func<LinearData, bool> Holds, Func<LinearData, SystemRows, PenalizedSystem> Create)
{
    /// <summary>Every storage there is.</summary>
    public static IReadOnlyList<StorageScheme> All { get; } =
    [
        new("no random terms", data => data.Terms.Count == 0, (_, rows) => new FixedEffectsSystem(rows)),
        new("leading blocks alone", data => data.Terms.Count == 1 && !HasSeveral(data), (data, rows) => new BorderedSystem(rows, BlockPlan.For(data))),
        new("lanes of one factor", data => data.Terms.Count > 0 && !HasSeveral(data) && OneFactorSystem.Holds(data), (_, rows) => new OneFactorSystem(rows)),
        new("lanes of one factor in one pass", data => data.Terms.Count > 0 && !HasSeveral(data) && OneFactorSystem.Holds(data), (_, rows) => new OneFactorSystem(rows, inOnePass: true)),
        new("one sparse factor", data => data.Terms.Count > 0, (data, rows) => new SparseSystem(rows, BlockPlan.For(data, BorderStorage.Whole))),
        new("dense border", data => data.Terms.Count > 1 && !HasSeveral(data), (data, rows) => new BorderedSystem(rows, BlockPlan.For(data, BorderStorage.Dense))),
        new("sparse border", data => data.Terms.Count > 1 && !HasSeveral(data), (data, rows) => new BorderedSystem(rows, BlockPlan.For(data, BorderStorage.Sparse))),
    ];

    /// <summary>The storages that can hold data.</summary>
    public static IEnumerable<StorageScheme> Of(LinearData data) => All.Where(storage => storage.Holds(data));

    private static bool HasSeveral(LinearData data) => data.Terms.Any(term => term.HasSeveralLevels);

    /// <summary>Stores standardised data.</summary>
    public PenalizedSystem Of(StandardizedData data) => Create(data.Data, data.Rows);
}

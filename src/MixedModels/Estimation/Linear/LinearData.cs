using System.Diagnostics;
using MixedModels.Covariance;
using MixedModels.Design;

namespace MixedModels.Estimation.Linear;

/// <summary>One random-effects term as numbers: Z row by row and the level each row belongs to.</summary>
/// <param name="Structure">The covariance of a level's effects; its dimension is the term's number of columns.</param>
/// <param name="LevelCount">The number of levels.</param>
/// <param name="LevelOfRow">n zero-based levels.</param>
/// <param name="Z">n×p_t, column-major.</param>
internal sealed record RandomTermData(
    CovarianceStructure Structure, int LevelCount, ReadOnlyMemory<int> LevelOfRow, ReadOnlyMemory<double> Z)
{
    /// <summary>p_t, the random effects of one level.</summary>
    public int Dimension => Structure.Dimension;

    /// <summary>Row numbers sorted by level, rows of one level in their order. O(n).</summary>
    public int[] RowsByLevel()
    {
        var levels = LevelOfRow.Span;
        var next = new int[LevelCount + 1];
        foreach (var level in levels) next[level + 1]++;
        for (var l = 0; l < LevelCount; l++) next[l + 1] += next[l];
        var rows = new int[levels.Length];
        for (var i = 0; i < levels.Length; i++) rows[next[levels[i]]++] = i;
        return rows;
    }
}

/// <summary>A linear mixed model's data as numbers, in the user's units. Immutable.</summary>
/// <param name="n">Rows.</param>
/// <param name="p">Columns of X, linearly independent.</param>
/// <param name="y">n responses less their offsets.</param>
/// <param name="X">n×p, column-major.</param>
/// <param name="Weights">n positive precision weights, or empty where all are 1.</param>
/// <param name="Terms">The random terms; empty for an ordinary linear model.</param>
internal sealed record LinearData(
    int n, int p, ReadOnlyMemory<double> y, ReadOnlyMemory<double> X, ReadOnlyMemory<double> Weights, IReadOnlyList<RandomTermData> Terms)
{
    /// <summary>Whether rows have a residual variance beside the random effects.</summary>
    public bool HasResidual { get; init; } = true;

    /// <summary>The numbers of a design: here names and strings end.</summary>
    public static LinearData From(ModelDesign design)
    {
        var response = design.Response.ToArray();
        var offset = design.Offset.Span;
        for (var r = 0; r < offset.Length; r++) response[r] -= offset[r];
        Debug.Assert(response.Length > design.Fixed.ColumnNames.Count, "the design refuses a fixed part that leaves no residual");
        var terms = design.RandomTerms.Select(term => new RandomTermData(
            CovarianceCatalogue.Create(term.Structure, term.ColumnNames.Count, term.Rank, term.Positions.Span), term.Levels.Count, term.LevelOfRow, term.Z));
        return new(response.Length, design.Fixed.ColumnNames.Count, response, design.Fixed.X, design.Weights, [.. terms]) { HasResidual = design.HasFreeResidual };
    }
}

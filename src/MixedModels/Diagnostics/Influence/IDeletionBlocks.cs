namespace MixedModels.Diagnostics.Influence;

/// <summary>What deletions of rows need of a model at its optimum.</summary>
internal interface IDeletionBlocks
{
    /// <summary>Whether the block of a set can be had.</summary>
    bool CanForm(ReadOnlySpan<int> rows);

    /// <summary>The block of a set of rows.</summary>
    DeletedRows Form(int[] rows);

    /// <summary>How much a row's response counts in its own fitted value given the random effects: 1 − (R P0)_ii.</summary>
    double Leverage(int row);
}

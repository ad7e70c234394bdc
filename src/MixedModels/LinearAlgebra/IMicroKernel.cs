namespace MixedModels.LinearAlgebra;

/// <summary>
/// The innermost step of every packed product and solve: one tile of <see cref="Rows"/> × <see cref="Columns"/> elements
/// that stays in registers while the depth runs by.
/// </summary>
/// <remarks>
/// Operands are packed panels: the left one holds <see cref="Rows"/> consecutive values a depth, the right one
/// <see cref="Columns"/>. Each element is summed over the depth in order and then added to the tile, so its bits
/// depend neither on the tile's place nor on who computes it.
/// Source: Goto and van de Geijn 2008, Anatomy of high-performance matrix multiplication, ACM TOMS 34(3), section 4.
/// </remarks>
internal unsafe interface IMicroKernel
{
    /// <summary>Rows of the tile.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of the tile.</summary>
    static abstract int Columns { get; }

    /// <summary>Tile += alpha · (left panel)(right panel), the tile column-major with leading dimension <paramref name="ldc"/>.</summary>
    static abstract void MultiplyAdd(int depth, double* left, double* right, double alpha, double* tile, int ldc);

    /// <summary>
    /// Tile := tile · L⁻ᵀ for a lower triangle of order <see cref="Columns"/>, packed as a right panel with the reciprocals of
    /// its diagonal. The tile is dense, with leading dimension <see cref="Rows"/>.
    /// </summary>
    static abstract void SolveTile(double* triangle, double* tile);
}

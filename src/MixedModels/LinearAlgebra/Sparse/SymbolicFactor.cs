namespace MixedModels.LinearAlgebra.Sparse;

/// <summary>How the rows and columns of a sparse matrix are ordered before it is factored.</summary>
internal enum FillOrdering
{
    /// <summary>Approximate minimum degree.</summary>
    MinimumDegree,

    /// <summary>As they come.</summary>
    Natural,
}

/// <summary>
/// What a Cholesky factorisation of a pattern will cost, found from the pattern alone: the order of elimination, the elimination tree, the
/// column counts and the supernodes. Immutable; safe for concurrent use.
/// </summary>
internal sealed class SymbolicFactor
{
    private readonly int[] parent;
    private readonly int[] columnCounts;

    private SymbolicFactor(SparseSymmetric pattern, Permutation permutation, PermutedPattern permuted, int[] parent, bool relax)
    {
        Pattern = pattern;
        Permutation = permutation;
        Permuted = permuted;
        this.parent = parent;
        columnCounts = Sparse.ColumnCounts.Count(permuted, parent);
        var fundamental = SupernodePartition.Fundamental(parent, columnCounts);
        Supernodes = relax ? fundamental.Relaxed(parent) : fundamental;
        foreach (var count in columnCounts)
            Nonzeros += count;
        for (var s = 0; s < Supernodes.Count; s++)
            AddPanel(Supernodes.RowCounts[s], Supernodes.Width(s));
    }

    /// <summary>The number of rows and columns n.</summary>
    public int Order => Permutation.Length;

    /// <summary>The pattern that was analysed.</summary>
    public SparseSymmetric Pattern { get; }

    /// <summary>The order of elimination, a postorder of the elimination tree.</summary>
    public Permutation Permutation { get; }

    /// <summary>The pattern in the order of elimination.</summary>
    public PermutedPattern Permuted { get; }

    /// <summary>The supernodes, in the order of elimination.</summary>
    public SupernodePartition Supernodes { get; }

    /// <summary>The parent of each column in the elimination tree, −1 for a root; in the order of elimination.</summary>
    public ReadOnlySpan<int> Parent => parent;

    /// <summary>The number of entries of each column of the factor, diagonal included.</summary>
    public ReadOnlySpan<int> ColumnCounts => columnCounts;

    /// <summary>The number of entries of the factor.</summary>
    public long Nonzeros { get; }

    /// <summary>The entries of the factor that the matrix has not.</summary>
    public long Fill => Nonzeros - Pattern.Nonzeros;

    /// <summary>The numbers stored in all panels, with the zeros of merged supernodes and the unused upper triangles.</summary>
    public long PanelEntries { get; private set; }

    /// <summary>The numbers in the largest workspace of a factorisation: the update of one panel in strips.</summary>
    public long WorkspaceEntries { get; private set; }

    /// <summary>The bytes of the numeric factor: panels and workspace. A selected inverse takes about as much again.</summary>
    public long Bytes => sizeof(double) * (PanelEntries + WorkspaceEntries);

    /// <summary>The floating-point operations of a factorisation of the stored columns, the sum of their squared lengths.</summary>
    public double Operations { get; private set; }

    /// <summary>Analyses a pattern.</summary>
    /// <param name="pattern">The pattern of the matrix.</param>
    /// <param name="ordering">How to order it; a postorder of the elimination tree, which changes no fill, follows.</param>
    /// <param name="relax">Whether to merge supernodes that store a few zeros; without, panels hold the entries of the factor alone.</param>
    public static SymbolicFactor Analyze(SparseSymmetric pattern, FillOrdering ordering = FillOrdering.MinimumDegree, bool relax = true)
    {
        var reduced = ordering == FillOrdering.Natural ? Permutation.Identity(pattern.Order) : MinimumDegree.Order(pattern);
        var tree = EliminationTree.Parents(new PermutedPattern(pattern, reduced));
        var postorder = EliminationTree.Postorder(tree);
        var permutation = reduced.Then(postorder);
        var permuted = new PermutedPattern(pattern, permutation);
        return new SymbolicFactor(pattern, permutation, permuted, EliminationTree.Renumber(tree, postorder), relax);
    }

    private void AddPanel(int rows, int width)
    {
        PanelEntries += (long)rows * width;
        WorkspaceEntries = Math.Max(WorkspaceEntries, (long)(rows - width) * Math.Min(rows - width, PanelKernels.Strip));
        // Σ c² for c = rows, rows − 1, …, rows − width + 1.
        Operations += SquaresUpTo(rows) - SquaresUpTo(rows - width);
    }

    private static double SquaresUpTo(double c) => c * (c + 1) * (2 * c + 1) / 6;
}

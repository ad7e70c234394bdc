namespace MixedModels.Estimation.Storage;

/// <content>
/// Other rows and weights on the same levels, and what the rows and whole vectors of effects ask of the factor: the pieces of models
/// whose weights or residual covariances change from one evaluation to the next.
/// </content>
internal abstract partial class PenalizedSystem
{
    /// <summary>The rows the system is made of at present.</summary>
    protected SystemRows Rows { get; private set; }

    /// <summary>The weights of the rows; empty where all are one.</summary>
    protected ReadOnlySpan<double> Weights => weights.AsSpan(0, weightCount);

    /// <summary>The rows times their weights, made when first asked for; <see cref="Rows"/> themselves where all weights are one.</summary>
    protected SystemRows Left
    {
        get
        {
            if (weightCount == 0) return Rows;
            weightedRows ??= Rows.Blank();
            if (!isWeighted) weightedRows.SetWeighted(Rows, Weights);
            isWeighted = true;
            return weightedRows;
        }
    }

    private bool isWeighted;
    private SystemRows? weightedRows;
    private int weightCount;
    private double[] weights = [];

    /// <summary>
    /// Takes other rows with the same levels: A = Z'WZ, C = Z'W[X y] and [X y]'W[X y] are made anew, on the storage at hand. What was
    /// factored before is gone. O(n).
    /// </summary>
    /// <remarks>
    /// Weights may be negative, so M may not be positive definite; <see cref="Factor"/> is then false. The rows are kept, not copied, and
    /// may not change as long as the system has them; weights are copied. Nothing of length n is allocated after the first time.
    /// </remarks>
    /// <param name="rows">As many rows as before, with as many columns, on the levels of the same terms.</param>
    /// <param name="weights">n weights W; empty where all are one.</param>
    public void ReplaceRows(SystemRows rows, ReadOnlySpan<double> weights = default)
    {
        if (rows.n != Rows.n || rows.m != m) throw new ArgumentException($"Found {rows.n} rows of {rows.m} columns; the system was made from {Rows.n} of {m}.", nameof(rows));
        if (!weights.IsEmpty && weights.Length != rows.n) throw new ArgumentException($"Found {weights.Length} weights for {rows.n} rows.", nameof(weights));
        Forget();
        Rows = rows;
        SetWeights(weights);
        FillProducts();
    }

    private void SetWeights(ReadOnlySpan<double> values)
    {
        if (weights.Length < values.Length) weights = new double[values.Length];
        values.CopyTo(weights);
        weightCount = values.Length;
        isWeighted = false;
    }

    /// <summary>The same rows with other weights, which may be negative.</summary>
    /// <param name="weights">n weights; empty where all are one.</param>
    public void ReplaceWeights(ReadOnlySpan<double> weights) => ReplaceRows(Rows, weights);

    /// <summary>
    /// Writes z_i'L M⁻¹L'z_i of every row: the conditional variance of its z'b over sigma², whatever the row's weight.
    /// </summary>
    /// <param name="h">n numbers.</param>
    public abstract void RowVariances(Span<double> h);

    /// <summary>Writes z_i'L M⁻¹L'z_j for all pairs of some rows: the conditional covariance of their z'b over sigma².</summary>
    /// <param name="rows">Row numbers.</param>
    /// <param name="block">A square matrix of their order, both triangles.</param>
    public abstract void RowCovariances(ReadOnlySpan<int> rows, Span<double> block);

    /// <summary>Writes L M⁻¹L'U for q×columns U: no inverse of L, no difference of large parts, so that a singular L is no special case.</summary>
    public abstract void ApplyConditional(ReadOnlySpan<double> U, int columns, Span<double> result);

    /// <summary>Writes M⁻¹V for q×columns V, effects in spherical coordinates (b = L u): a Newton step.</summary>
    /// <remarks>Cheapest before <see cref="PrepareDerivatives"/>, which may take the factor's place; afterwards the first call may have to factor again.</remarks>
    public abstract void SolvePenalized(ReadOnlySpan<double> V, int columns, Span<double> result);

    /// <summary>The work of <see cref="ReplaceRows"/>: everything made of <see cref="Rows"/> and their <see cref="Weights"/>.</summary>
    protected abstract void FillProducts();
}

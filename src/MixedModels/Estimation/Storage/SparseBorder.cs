using System.Runtime.CompilerServices;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;
using MixedModels.LinearAlgebra.Sparse;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// A border stored as a sparse matrix: two of its effects are neighbours where they meet within one leading level. The factor is
/// supernodal after a fill-reducing ordering; of N only the entries on the pattern of S0 are formed.
/// </summary>
/// <remarks>Every level's block is stored whole, so that products with T stay inside the pattern.</remarks>
internal sealed partial class SparseBorder : Border
{
    private readonly double[] Abb;
    private readonly int[] blockStart;
    private readonly SupernodalFactor factor;
    private readonly SelectedInverse inverse;
    private readonly bool isScalar;
    private readonly bool isWhole;
    private readonly double[] N;
    private readonly CouplingPairs pairs;
    private readonly SparseSymmetric pattern;
    private readonly double[] S;
    private readonly double[] S0;
    private readonly double[] scattered;
    private double[] image = [];
    private double[] solution = [];
    private double[] spread = [];

    /// <summary>The border of a leading term.</summary>
    public SparseBorder(IReadOnlyList<RandomTermData> terms, int[] offsets, Coupling coupling, LeadingBlocks leading, SymbolicFactor symbolic)
        : this(terms, offsets, coupling, leading, new(terms, offsets), symbolic, isWhole: false)
    {
    }

    /// <summary>All effects, nothing eliminated before: S0 = A, whose values <see cref="Values"/> takes, and S = M.</summary>
    public SparseBorder(IReadOnlyList<RandomTermData> terms, int[] offsets, SymbolicFactor symbolic)
        : this(terms, offsets, new(CouplingPattern.Empty(offsets[^1]), 1), new(0, 1, 0), BorderCrossProducts.Empty, symbolic, isWhole: true)
    {
    }

    private SparseBorder(
        IReadOnlyList<RandomTermData> terms, int[] offsets, Coupling coupling, LeadingBlocks leading, BorderCrossProducts A, SymbolicFactor symbolic, bool isWhole)
        : base(terms, offsets, coupling, leading, A)
    {
        this.isWhole = isWhole;
        pattern = symbolic.Pattern;
        var layout = FactorLayout.Create(symbolic);
        factor = new(layout);
        inverse = new(layout);
        blockStart = new int[Order];
        for (var t = 0; t < terms.Count; t++)
        {
            for (var j = offsets[t]; j < offsets[t + 1]; j++) blockStart[j] = j - ((j - offsets[t]) % terms[t].Dimension);
        }

        isScalar = terms.All(term => term.Dimension == 1);
        pairs = new(coupling, pattern);
        Abb = isWhole ? [] : new double[pattern.Nonzeros];
        S0 = new double[pattern.Nonzeros];
        S = new double[pattern.Nonzeros];
        N = new double[pattern.Nonzeros];
        scattered = new double[Order];
    }

    /// <summary>The entries of the factor.</summary>
    public long FactorEntries => factor.Layout.Symbolic.Nonzeros;

    /// <summary>S0 on the pattern.</summary>
    public double[] Values => S0;

    /// <summary>N on the pattern, after <see cref="Border.Invert"/>.</summary>
    public double[] Inverse => N;

    /// <summary>The pattern of a border: the cliques of effects that meet in a leading level, and each level's own block.</summary>
    public static SparseSymmetric Pattern(IReadOnlyList<RandomTermData> terms, int[] offsets, CouplingPattern coupling)
    {
        var starts = new List<int>(coupling.LevelStart);
        var members = new List<int>(coupling.Effect);
        for (var t = 0; t < terms.Count; t++)
        {
            for (var first = offsets[t]; first < offsets[t + 1]; first += terms[t].Dimension)
            {
                for (var i = 0; i < terms[t].Dimension; i++) members.Add(first + i);
                starts.Add(members.Count);
            }
        }

        return SparseSymmetric.FromCliques(offsets[^1], [.. starts], [.. members]);
    }

    /// <inheritdoc/>
    public override void Solve(Span<double> B, int columns)
    {
        if (solution.Length < B.Length) solution = new double[B.Length];
        factor.Solve(B, solution.AsSpan(0, B.Length), columns);
        solution.AsSpan(0, B.Length).CopyTo(B);
    }

    /// <inheritdoc/>
    public override void MultiplyS0(ReadOnlySpan<double> z, int columns, Span<double> result)
    {
        for (var c = 0; c < columns; c++) pattern.Multiply(S0, z.Slice(c * Order, Order), result.Slice(c * Order, Order));
    }

    /// <inheritdoc/>
    public override void MultiplyN(ReadOnlySpan<double> z, int columns, Span<double> result)
    {
        z[..(columns * Order)].CopyTo(result);
        ApplyNByFactor(result[..(columns * Order)], columns);
    }

    /// <inheritdoc/>
    /// <remarks>Levels that no row of the data holds together lie outside the pattern of N, so the factor is solved with.</remarks>
    public override double Form(ReadOnlySpan<int> effects, ReadOnlySpan<double> k)
    {
        if (image.Length == 0) (image, spread) = (new double[Order], new double[Order]);
        Array.Clear(spread);
        for (var a = 0; a < effects.Length; a++) spread[effects[a]] += k[a];
        MultiplyN(spread, 1, image);
        var form = 0.0;
        for (var a = 0; a < effects.Length; a++) form += k[a] * image[effects[a]];
        return form;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> NColumn(int j) => Scatter(N, j);

    /// <inheritdoc/>
    public override void ExpandS0(Span<double> S0)
    {
        S0.Clear();
        for (var j = 0; j < Order; j++)
        {
            for (var k = pattern.ColumnStarts[j]; k < pattern.ColumnStarts[j + 1]; k++)
            {
                S0[pattern.RowIndices[k] + (j * Order)] = this.S0[k];
                S0[j + (pattern.RowIndices[k] * Order)] = this.S0[k];
            }
        }
    }

    /// <inheritdoc/>
    public override void SubtractQuadraticForm(Span<double> V, int q, Span<double> B)
    {
        var NV = new double[Order * q];
        MultiplyN(V, q, NV);
        Product.Add(-1, V, Order, true, NV, Order, false, B, q, q, q, Order);
    }

    /// <inheritdoc/>
    protected override double FactorStorage()
    {
        if (!isWhole)
        {
            Abb.CopyTo(S0, 0);
            pairs.SubtractEliminated(S0);
        }

        SparseBlockScaling.Congruence(pattern, Terms, Offsets, T, S0, S, transposeLeft: true);
        for (var j = 0; j < Order; j++) S[pattern.ColumnStarts[j]] += 1;
        return factor.Refactor(S) ? factor.LogDeterminant : double.NaN;
    }

    /// <inheritdoc/>
    public override void TakeCrossProducts()
    {
        for (int j = 0, term = 0; j < Order; j++)
        {
            while (j >= Offsets[term + 1]) term++;
            for (var k = pattern.ColumnStarts[j]; k < pattern.ColumnStarts[j + 1]; k++) scattered[pattern.RowIndices[k]] = 0;
            A.WriteColumn(term, j, scattered);
            for (var k = pattern.ColumnStarts[j]; k < pattern.ColumnStarts[j + 1]; k++) Abb[k] = scattered[pattern.RowIndices[k]];
        }
    }

    /// <inheritdoc/>
    protected override void InvertStorage(Span<double> sums)
    {
        inverse.Compute(factor);
        inverse.Gather(S);
        SparseBlockScaling.Congruence(pattern, Terms, Offsets, T, S, N, transposeLeft: false);
        pairs.AddForms(N, sums[SumStart[^1]..]);
        if (isScalar) AddScalarProducts(sums);
        else AddBlockProducts(sums);
    }

    /// <summary>Σ_j (S0 N)_jj of terms of one effect a level: a stored entry serves the term of its column and, off the diagonal, that of its row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddScalarProducts(Span<double> sums)
    {
        for (int j = 0, own = 0; j < Order; j++)
        {
            while (j >= Offsets[own + 1]) own++;
            var (k, end) = (pattern.ColumnStarts[j], pattern.ColumnStarts[j + 1]);
            sums[own] += S0[k] * N[k];
            for (var term = own; ++k < end;)
            {
                while (pattern.RowIndices[k] >= Offsets[term + 1]) term++;
                var product = S0[k] * N[k];
                sums[own] += product;
                sums[term] += product;
            }
        }
    }

    // (S0 N)_jj = Σ_k S0_jk N_kj: a stored entry pair (row i, column j) serves the level of j and, unless it lies within it, that of i.
    private void AddBlockProducts(Span<double> sums)
    {
        for (var t = 0; t < Terms.Count; t++)
        {
            var p = Terms[t].Dimension;
            for (var j = Offsets[t]; j < Offsets[t + 1]; j++)
            {
                var column = NColumn(j);
                for (var a = blockStart[j]; a < blockStart[j] + p; a++) AddColumnProducts(a, j, column, sums.Slice(SumStart[t], p * p), p);
                AddRowProducts(j, sums);
            }
        }
    }

    /// <summary>Entry (a, j) of the block: Σ over rows k of S0[k, a] N[k, j], both columns of one level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddColumnProducts(int a, int j, ReadOnlySpan<double> column, Span<double> sum, int p)
    {
        var first = blockStart[j];
        var total = 0.0;
        for (var k = pattern.ColumnStarts[a]; k < pattern.ColumnStarts[a + 1]; k++)
        {
            var row = pattern.RowIndices[k];
            if (row >= first + p) total += S0[k] * column[row];
        }

        for (var k = first; k < first + p; k++) total += Stored(S0, k, a) * Stored(N, k, j);
        sum[a - first + ((j - first) * p)] += total;
    }

    /// <summary>What column j adds to the levels of its rows: S0[c, j] N[d, j] for rows c, d of one level below j's own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRowProducts(int j, Span<double> sums)
    {
        var (k, end) = (pattern.ColumnStarts[j], pattern.ColumnStarts[j + 1]);
        var term = 0;
        while (k < end)
        {
            var first = blockStart[pattern.RowIndices[k]];
            while (first >= Offsets[term + 1]) term++;
            var p = Terms[term].Dimension;
            if (first == blockStart[j])
            {
                k++;
                continue;
            }

            var sum = sums.Slice(SumStart[term], p * p);
            for (var d = 0; d < p; d++)
            {
                for (var c = 0; c < p; c++) sum[c + (d * p)] += S0[k + c] * N[k + d];
            }

            k += p;
        }
    }

    private double Stored(double[] values, int i, int j) => values[pattern.IndexOf(i, j)];

    private double[] Scatter(double[] values, int j)
    {
        for (var k = pattern.ColumnStarts[j]; k < pattern.ColumnStarts[j + 1]; k++) scattered[pattern.RowIndices[k]] = values[k];
        return scattered;
    }
}

using System.Runtime.CompilerServices;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;
using MixedModels.LinearAlgebra.Sparse;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The general storage: rows may belong to any number of levels of a term, and all of M = L'AL + I is one sparse matrix with a supernodal
/// factor after a fill-reducing ordering. Of N = L M⁻¹L' the entries on the pattern of A are formed.
/// </summary>
/// <remarks>B = A − A N A and Z'V0⁻¹[X y] = C − A N C.</remarks>
internal sealed class SparseSystem : PenalizedSystem
{
    private readonly SparseBorder all;
    private readonly double[] C0;
    private readonly double[] cross0;
    private readonly RowPairs pairs;
    private readonly SparseSymmetric pattern;
    private readonly int[] places;
    private readonly double[] z;

    // N C.
    private readonly double[] x;

    public SparseSystem(SystemRows rows, BlockPlan plan)
        : base(rows)
    {
        pairs = plan.RowPairs;
        pattern = plan.Symbolic!.Pattern;
        places = pairs.Places(pattern);
        all = new(Terms, pairs.Offsets, plan.Symbolic);
        z = new double[pairs.Effects.Length];
        C0 = new double[q * m];
        x = new double[q * m];
        cross0 = new double[m * m];
        FillProducts();
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> C => C0;

    /// <inheritdoc/>
    /// <remarks>A solution a column, two operations an entry of the factor, twice; and products with A.</remarks>
    public override double FormBOperations => q * ((4.0 * all.FactorEntries) + (4.0 * pattern.Nonzeros));

    /// <inheritdoc/>
    protected override void FillProducts()
    {
        GatherZ();
        Array.Clear(all.Values);
        AddPairs(all.Values);
        FillC(0);
        for (var c = 0; c < m; c++)
        {
            for (var d = c; d < m; d++) cross0[d + (c * m)] = WeightedDot(Rows.Side(c), Rows.Side(d));
        }
    }

    /// <inheritdoc/>
    protected override void FillResponse(StandardizedData data)
    {
        FillC(m - 1);
        for (var c = 0; c < m; c++) cross0[m - 1 + (c * m)] = WeightedDot(Rows.Side(c), Rows.Side(m - 1));
    }

    /// <inheritdoc/>
    protected override bool FactorBlocks(IReadOnlyList<double[]> T)
    {
        LogDeterminant = all.Factor(T);
        if (!double.IsFinite(LogDeterminant)) return false;
        cross0.CopyTo(Cross, 0);
        if (m == 0) return true;
        C0.CopyTo(x, 0);
        all.ApplyN(x, m);
        for (var c = 0; c < m; c++)
        {
            for (var d = c; d < m; d++) Cross[d + (c * m)] -= Vectors.Dot(x.AsSpan(c * q, q), C0.AsSpan(d * q, q));
        }

        return true;
    }

    /// <inheritdoc/>
    protected override void FillVC(Span<double> VC)
    {
        all.MultiplyS0(x, m, VC);
        for (var e = 0; e < C0.Length; e++) VC[e] = C0[e] - VC[e];
    }

    /// <inheritdoc/>
    protected override void InvertBorder() => all.Invert();

    /// <inheritdoc/>
    public override void SumDiagonalBlocks(int term, Span<double> sum)
    {
        PrepareDerivatives();
        all.SumDiagonalBlocks(term, sum);
    }

    /// <inheritdoc/>
    public override void ConditionalCovariance(int term, int level, Span<double> block)
    {
        PrepareDerivatives();
        CopyBlock(all.Inverse, term, level, block);
    }

    /// <inheritdoc/>
    public override double ConditionalVariance(ReadOnlySpan<int> levels, ReadOnlySpan<double> z)
    {
        var (effects, weights) = (new List<int>(), new List<double>());
        for (int t = 0, first = 0; t < levels.Length; first += Terms[t].Dimension, t++)
        {
            for (var j = 0; j < Terms[t].Dimension && levels[t] >= 0; j++)
            {
                effects.Add(Offset(t) + (levels[t] * Terms[t].Dimension) + j);
                weights.Add(z[first + j]);
            }
        }

        return ConditionalVarianceOf([.. effects], [.. weights]);
    }

    /// <inheritdoc/>
    public override double ConditionalVarianceOf(ReadOnlySpan<int> effects, ReadOnlySpan<double> k)
    {
        PrepareDerivatives();
        return Math.Max(0, all.Form(effects, k));
    }

    /// <inheritdoc/>
    public override void CrossProductBlock(int term, int level, Span<double> block) => CopyBlock(all.Values, term, level, block);

    /// <inheritdoc/>
    public override void ApplyB(ReadOnlySpan<double> U, int columns, Span<double> BU)
    {
        // A(U − N A U).
        var image = new double[q * columns];
        all.MultiplyS0(U, columns, image);
        all.ApplyN(image, columns);
        for (var e = 0; e < image.Length; e++) image[e] = U[e] - image[e];
        all.MultiplyS0(image, columns, BU);
    }

    /// <inheritdoc/>
    public override void FormB(Span<double> B)
    {
        var unit = new double[q];
        for (var j = 0; j < q; j++)
        {
            Array.Clear(unit);
            unit[j] = 1;
            ApplyB(unit, 1, B.Slice(j * q, q));
        }
    }

    /// <inheritdoc/>
    public override void VisitCrossProducts(CrossProductVisitor visit)
    {
        for (var j = 0; j < q; j++)
        {
            for (var k = pattern.ColumnStarts[j]; k < pattern.ColumnStarts[j + 1]; k++) visit(pattern.RowIndices[k], j, all.Values[k]);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void RowVariances(Span<double> h)
    {
        PrepareDerivatives();
        var N = all.Inverse;
        for (int r = 0, next = 0; r < Rows.n; r++)
        {
            var variance = 0.0;
            for (var a = pairs.RowStart[r]; a < pairs.RowStart[r + 1]; a++)
            {
                var above = 0.0;
                for (var b = pairs.RowStart[r]; b < a; b++) above += N[places[next++]] * z[b];
                variance += z[a] * ((2 * above) + (N[places[next++]] * z[a]));
            }

            h[r] = Math.Max(0, variance);
        }
    }

    /// <inheritdoc/>
    public override void RowCovariances(ReadOnlySpan<int> rows, Span<double> block)
    {
        PrepareDerivatives();
        var count = rows.Length;
        var weights = new double[q];
        for (var j = 0; j < count; j++)
        {
            Array.Clear(weights);
            for (var a = pairs.RowStart[rows[j]]; a < pairs.RowStart[rows[j] + 1]; a++) weights[pairs.Effects[a]] += z[a];
            all.ApplyN(weights, 1);
            for (var i = 0; i < count; i++)
            {
                var sum = 0.0;
                for (var a = pairs.RowStart[rows[i]]; a < pairs.RowStart[rows[i] + 1]; a++) sum += z[a] * weights[pairs.Effects[a]];
                block[i + (j * count)] = sum;
            }
        }

        Symmetric.MirrorLower(block, count, count);
    }

    /// <inheritdoc/>
    public override void ApplyConditional(ReadOnlySpan<double> U, int columns, Span<double> result)
    {
        U[..(q * columns)].CopyTo(result);
        all.ApplyN(result[..(q * columns)], columns);
    }

    /// <inheritdoc/>
    public override void SolvePenalized(ReadOnlySpan<double> V, int columns, Span<double> result)
    {
        V[..(q * columns)].CopyTo(result);
        all.SolvePenalized(result[..(q * columns)], columns);
    }

    /// <summary>N = LM⁻¹L' at the places of its pattern.</summary>
    public ReadOnlySpan<double> ConditionalEntries
    {
        get
        {
            PrepareDerivatives();
            return all.Inverse;
        }
    }

    /// <summary>Where the pair of two effects that meet in a row stands in <see cref="ConditionalEntries"/>.</summary>
    public int PlaceOf(int i, int j) => pattern.IndexOf(i, j);

    /// <summary>The numbers of Z in the order of the rows' effects.</summary>
    private void GatherZ()
    {
        for (int r = 0, next = 0; r < Rows.n; r++)
        {
            for (var t = 0; t < Terms.Count; t++)
            {
                var (first, end) = Terms[t].Entries(r);
                for (var e = first; e < end; e++)
                {
                    for (var j = 0; j < Terms[t].Dimension; j++) z[next++] = Rows.Z(t, j)[e];
                }
            }
        }
    }

    /// <summary>A += Σ_r w_r z_r z_r' on the pattern, lower triangle; a level that a row has twice meets itself twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddPairs(double[] A)
    {
        var (starts, effects) = (pairs.RowStart, pairs.Effects);
        for (int r = 0, next = 0; r < Rows.n; r++)
        {
            var weight = Weights.IsEmpty ? 1 : Weights[r];
            for (var a = starts[r]; a < starts[r + 1]; a++)
            {
                var own = weight * z[a];
                for (var b = starts[r]; b < a; b++) A[places[next++]] += (effects[a] == effects[b] ? 2 : 1) * own * z[b];
                A[places[next++]] += own * z[a];
            }
        }
    }

    /// <summary>Writes the columns of Z'W[X y] from one on.</summary>
    private void FillC(int from)
    {
        for (var c = from; c < m; c++)
        {
            var column = C0.AsSpan(c * q, q);
            column.Clear();
            var side = Rows.Side(c);
            for (var r = 0; r < Rows.n; r++)
            {
                var value = Weights.IsEmpty ? side[r] : Weights[r] * side[r];
                for (var a = pairs.RowStart[r]; a < pairs.RowStart[r + 1]; a++) column[pairs.Effects[a]] += value * z[a];
            }
        }
    }

    private double WeightedDot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (Weights.IsEmpty) return Vectors.Dot(a, b);
        var sum = 0.0;
        for (var r = 0; r < a.Length; r++) sum += Weights[r] * a[r] * b[r];
        return sum;
    }

    /// <summary>The block of a level in values on the pattern; a level's own block is stored whole.</summary>
    private void CopyBlock(double[] values, int term, int level, Span<double> block)
    {
        var p = Terms[term].Dimension;
        var first = Offset(term) + (level * p);
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++) block[i + (j * p)] = values[pattern.IndexOf(first + i, first + j)];
        }
    }
}

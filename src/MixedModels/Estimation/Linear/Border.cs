using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// The effects outside the leading term: S0 = Z_b'V1⁻¹Z_b, S = L_b'S0L_b + I and N = L_bS⁻¹L_b', in some storage.
/// </summary>
/// <remarks>q2 is the number of border effects. A column is handed out as a q2-vector of which only the stored entries from the
/// diagonal down may be read.</remarks>
internal abstract class Border
{
    private readonly double[] diagonalProducts;

    protected Border(IReadOnlyList<RandomTermData> terms, int[] offsets, Coupling coupling, LeadingBlocks leading)
    {
        Leading = leading;
        (Terms, Offsets, Coupling) = (terms, offsets, coupling);
        T = [];
        BlockStart = new int[Order];
        ProductStart = new int[terms.Count + 1];
        for (var t = 0; t < terms.Count; t++)
        {
            var p = terms[t].Dimension;
            ProductStart[t + 1] = ProductStart[t] + (p * p);
            for (var j = offsets[t]; j < offsets[t + 1]; j++) BlockStart[j] = j - ((j - offsets[t]) % p);
        }

        diagonalProducts = new double[ProductStart[^1]];
    }

    /// <summary>The border's terms.</summary>
    public IReadOnlyList<RandomTermData> Terms { get; }

    /// <summary>The first effect of each term, and q2 last.</summary>
    public int[] Offsets { get; }

    /// <summary>q2.</summary>
    public int Order => Offsets[^1];

    /// <summary>The coupling to the leading term.</summary>
    protected Coupling Coupling { get; }

    /// <summary>The leading term's blocks.</summary>
    protected LeadingBlocks Leading { get; }

    /// <summary>The first effect of the level an effect belongs to.</summary>
    protected int[] BlockStart { get; }

    /// <summary>Where each term's sum of products begins.</summary>
    protected int[] ProductStart { get; }

    /// <summary>T_t of the border's terms at the last factor.</summary>
    public IReadOnlyList<double[]> T { get; private set; }

    /// <summary>Adds to entry (i, j), i not before j, of Z_b'Z_b.</summary>
    public abstract void AddCrossProduct(int i, int j, double value);

    /// <summary>Entry (i, j), i not before j, of Z_b'Z_b.</summary>
    public abstract double CrossProduct(int i, int j);

    /// <summary>Writes the block of Z_b'Z_b of one level (p_t×p_t).</summary>
    public void CrossProductBlock(int term, int level, Span<double> block)
    {
        var p = Terms[term].Dimension;
        var first = Offsets[term] + (level * p);
        for (var j = 0; j < p; j++)
        {
            for (var i = j; i < p; i++)
            {
                block[i + (j * p)] = CrossProduct(first + i, first + j);
                block[j + (i * p)] = block[i + (j * p)];
            }
        }
    }

    /// <summary>Calls back with the entries of Z_b'Z_b, lower triangle.</summary>
    public abstract void VisitCrossProducts(CrossProductVisitor visit);

    /// <summary>Forms S0 and factors S; returns log|S|, NaN where S is not positive definite.</summary>
    public double Factor(IReadOnlyList<double[]> factors)
    {
        T = factors;
        return FactorStorage();
    }

    /// <summary>Makes N available and, from it, the sums of diagonal products.</summary>
    public void Invert()
    {
        InvertStorage();
        Array.Clear(diagonalProducts);
        SumDiagonalProducts(diagonalProducts);
    }

    /// <summary>B := S⁻¹B for B q2×columns.</summary>
    public abstract void Solve(Span<double> B, int columns);

    /// <summary>result = S0 z.</summary>
    public abstract void MultiplyS0(ReadOnlySpan<double> z, Span<double> result);

    /// <summary>result = N z, after <see cref="Invert"/>.</summary>
    public abstract void MultiplyN(ReadOnlySpan<double> z, Span<double> result);

    /// <summary>Column j of S0.</summary>
    public abstract ReadOnlySpan<double> S0Column(int j);

    /// <summary>Column j of N, after <see cref="Invert"/>.</summary>
    public abstract ReadOnlySpan<double> NColumn(int j);

    /// <summary>Writes S0 and N with both triangles, q2×q2 each.</summary>
    public abstract void Expand(Span<double> S0, Span<double> N);

    /// <summary>
    /// Writes Σ_j B_jj over the levels of a term, with B_bb = S0 − S0 N S0.
    /// </summary>
    /// <remarks>
    /// B L = S0 L S⁻¹, so Σ_j B_jj G = Σ_j (S0 N)_jj needs only entries that are there anyway; where G is not safely invertible,
    /// the blocks are formed one by one.
    /// </remarks>
    public void SumDiagonalBlocks(int term, Span<double> sum)
    {
        var p = Terms[term].Dimension;
        diagonalProducts.AsSpan(ProductStart[term], p * p).CopyTo(sum);
        if (!DivideByCovariance(T[term], p, sum)) SumBlocksOneByOne(term, sum);
    }

    /// <summary>The work of <see cref="Factor"/>.</summary>
    protected abstract double FactorStorage();

    /// <summary>The work of <see cref="Invert"/>.</summary>
    protected abstract void InvertStorage();

    /// <summary>Adds, a term after the other, the sums over its levels of the blocks (S0 N)_jj (p_t×p_t).</summary>
    protected abstract void SumDiagonalProducts(Span<double> sums);

    /// <summary>Adds to column j of S0 what the elimination of the leading term leaves: −A_bl H_l A_lb.</summary>
    protected void SubtractEliminated(int j, Span<double> column)
    {
        for (var k = Coupling.Pattern.EffectStart[j]; k < Coupling.Pattern.EffectStart[j + 1]; k++)
        {
            var entry = Coupling.Pattern.EntryOfEffect[k];
            var end = Coupling.Pattern.LevelStart[Coupling.Pattern.LevelOfEntry[entry] + 1];
            if (Coupling.p == 1) SubtractScalar(column, entry, end);
            else SubtractVector(column, entry, end);
        }
    }

    private void SubtractScalar(Span<double> column, int entry, int end)
    {
        var h = Coupling.HValues[entry];
        var values = Coupling.Values.AsSpan(entry, end - entry);
        var effects = Coupling.Pattern.Effect.AsSpan(entry, end - entry);
        for (var f = 0; f < effects.Length; f++) column[effects[f]] -= h * values[f];
    }

    private void SubtractVector(Span<double> column, int entry, int end)
    {
        var p = Coupling.p;
        var h = Coupling.HValues.AsSpan(entry * p, p);
        for (var f = entry; f < end; f++)
        {
            var value = Coupling.Values.AsSpan(f * p, p);
            var product = 0.0;
            for (var a = 0; a < p; a++) product += h[a] * value[a];
            column[Coupling.Pattern.Effect[f]] -= product;
        }
    }

    /// <summary>X := X T⁻ᵀT⁻¹, made symmetric; false where T is too far from a multiple of the identity to be inverted safely.</summary>
    private static bool DivideByCovariance(double[] T, int p, Span<double> X)
    {
        // The smallest diagonal against the largest entry bounds how many digits the division may lose, twice.
        const double safe = 1e-4;
        var largest = 0.0;
        var smallest = double.PositiveInfinity;
        for (var i = 0; i < T.Length; i++) largest = Math.Max(largest, Math.Abs(T[i]));
        for (var i = 0; i < p; i++) smallest = Math.Min(smallest, Math.Abs(T[i * (p + 1)]));
        if (largest == 0 || smallest < safe * largest) return false;

        // Row by row: x G⁻¹ with G = TT' is two triangular solves.
        for (var r = 0; r < p; r++)
        {
            for (var j = 0; j < p; j++)
            {
                for (var k = 0; k < j; k++) X[r + (j * p)] -= T[j + (k * p)] * X[r + (k * p)];
                X[r + (j * p)] /= T[j * (p + 1)];
            }

            for (var j = p - 1; j >= 0; j--)
            {
                for (var k = j + 1; k < p; k++) X[r + (j * p)] -= T[k + (j * p)] * X[r + (k * p)];
                X[r + (j * p)] /= T[j * (p + 1)];
            }
        }

        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < j; i++)
            {
                var mean = 0.5 * (X[i + (j * p)] + X[j + (i * p)]);
                (X[i + (j * p)], X[j + (i * p)]) = (mean, mean);
            }
        }

        return true;
    }

    private void SumBlocksOneByOne(int term, Span<double> sum)
    {
        var p = Terms[term].Dimension;
        var unit = new double[Order];
        var columns = new double[p][];
        var images = new double[p][];
        for (var j = 0; j < p; j++) (columns[j], images[j]) = (new double[Order], new double[Order]);
        sum.Clear();
        for (var first = Offsets[term]; first < Offsets[term + 1]; first += p)
        {
            for (var j = 0; j < p; j++)
            {
                unit[first + j] = 1;
                MultiplyS0(unit, columns[j]);
                unit[first + j] = 0;
                MultiplyN(columns[j], images[j]);
            }

            for (var j = 0; j < p; j++)
            {
                for (var i = 0; i < p; i++) sum[i + (j * p)] += columns[j][first + i] - Vectors.Dot(columns[j], images[i]);
            }
        }
    }
}

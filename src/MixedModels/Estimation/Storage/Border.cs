using System.Runtime.CompilerServices;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The effects outside the leading term: S0 = Z_b'V1⁻¹Z_b, S = L_b'S0L_b + I and N = L_bS⁻¹L_b', in some storage.
/// </summary>
/// <remarks>q2 is the number of border effects. A column is handed out as a q2-vector of which only the stored entries from the
/// diagonal down may be read.</remarks>
internal abstract partial class Border
{
    private readonly double[] sums;

    protected Border(IReadOnlyList<RandomTermData> terms, int[] offsets, Coupling coupling, LeadingBlocks leading, BorderCrossProducts A)
    {
        (Terms, Offsets, Coupling, Leading, this.A) = (terms, offsets, coupling, leading, A);
        T = [];
        SumStart = new int[terms.Count + 1];
        for (var t = 0; t < terms.Count; t++) SumStart[t + 1] = SumStart[t] + (terms[t].Dimension * terms[t].Dimension);
        SumCount = SumStart[^1] + (leading.p * leading.p);
        sums = new double[SumCount];
    }

    /// <summary>The border's terms.</summary>
    public IReadOnlyList<RandomTermData> Terms { get; }

    /// <summary>The first effect of each term, and q2 last.</summary>
    public int[] Offsets { get; }

    /// <summary>q2.</summary>
    public int Order => Offsets[^1];

    /// <summary>A_bb.</summary>
    public BorderCrossProducts A { get; }

    /// <summary>T_t of the border's terms at the last factor.</summary>
    public IReadOnlyList<double[]> T { get; private set; }

    /// <summary>Σ_l D_lA_lb N A_blD_l' over the leading levels (p×p), after <see cref="Invert"/>.</summary>
    public ReadOnlySpan<double> LeadingSum => sums.AsSpan(SumStart[^1]);

    /// <summary>The coupling to the leading term.</summary>
    protected Coupling Coupling { get; }

    /// <summary>The leading term's blocks.</summary>
    protected LeadingBlocks Leading { get; }

    /// <summary>Where each term's sum of products begins among the sums, and last where the leading term's does.</summary>
    protected int[] SumStart { get; }

    /// <summary>How many numbers the sums hold.</summary>
    protected int SumCount { get; }

    /// <summary>Takes note that <see cref="A"/> has other values.</summary>
    public virtual void TakeCrossProducts()
    {
    }

    /// <summary>Forms S0 and factors S; returns log|S|, NaN where S is not positive definite.</summary>
    public double Factor(IReadOnlyList<double[]> factors)
    {
        T = factors;
        imagesReady = false;
        return FactorStorage();
    }

    /// <summary>Makes N available and, from it, the sums over its entries; the factor of S is lost.</summary>
    public void Invert()
    {
        Array.Clear(sums);
        InvertStorage(sums);
    }

    /// <summary>B := S⁻¹B for B q2×columns, before <see cref="Invert"/>.</summary>
    public abstract void Solve(Span<double> B, int columns);

    /// <summary>result = S0 z for z q2×columns.</summary>
    public abstract void MultiplyS0(ReadOnlySpan<double> z, int columns, Span<double> result);

    /// <summary>result = N z for z q2×columns, after <see cref="Invert"/>.</summary>
    public abstract void MultiplyN(ReadOnlySpan<double> z, int columns, Span<double> result);

    /// <summary>k'N k for a sparse q2-vector k, after <see cref="Invert"/>; an effect may occur more than once.</summary>
    public abstract double Form(ReadOnlySpan<int> effects, ReadOnlySpan<double> k);

    /// <summary>Column j of N, after <see cref="Invert"/>.</summary>
    public abstract ReadOnlySpan<double> NColumn(int j);

    /// <summary>Writes S0 with both triangles (q2×q2).</summary>
    public abstract void ExpandS0(Span<double> S0);

    /// <summary>B −= V'NV for V q2×q, in the lower triangle of B; V is overwritten.</summary>
    public abstract void SubtractQuadraticForm(Span<double> V, int q, Span<double> B);

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
        sums.AsSpan(SumStart[term], p * p).CopyTo(sum);
        if (!DivideByCovariance(T[term], p, sum)) SumBlocksOneByOne(term, sum);
    }

    /// <summary>The work of <see cref="Factor"/>.</summary>
    protected abstract double FactorStorage();

    /// <summary>
    /// The work of <see cref="Invert"/>; adds, a term after the other, the sums over its levels of the blocks (S0 N)_jj (p_t×p_t),
    /// then <see cref="LeadingSum"/>.
    /// </summary>
    protected abstract void InvertStorage(Span<double> sums);

    /// <summary>Adds to column j of S0 what the elimination of the leading term leaves: −A_bl H_l A_lb.</summary>
    protected void SubtractEliminated(int j, Span<double> column)
    {
        if (Coupling.p == 1)
        {
            ScalarPairs.Subtract(Coupling, j, column);
            return;
        }

        var pattern = Coupling.Pattern;
        for (var k = pattern.EffectStart[j]; k < pattern.EffectStart[j + 1]; k++)
        {
            var entry = pattern.EntryOfEffect[k];
            SubtractEntries(column, entry, pattern.LevelStart[pattern.LevelOfEntry[entry] + 1]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SubtractEntries(Span<double> column, int entry, int end)
    {
        var p = Coupling.p;
        ReadOnlySpan<double> h = Coupling.HValues.AsSpan(entry * p, p);
        ReadOnlySpan<double> values = Coupling.Values.AsSpan(entry * p, (end - entry) * p);
        foreach (var effect in Coupling.Pattern.Effect.AsSpan(entry, end - entry))
        {
            var product = 0.0;
            for (var a = 0; a < h.Length; a++) product += h[a] * values[a];
            column[effect] -= product;
            values = values[h.Length..];
        }
    }

    /// <summary>Adds what column j of N contributes to <see cref="LeadingSum"/>, for all leading levels it meets.</summary>
    protected void AddLeadingForms(int j, ReadOnlySpan<double> column, Span<double> sum)
    {
        if (Coupling.p == 1)
        {
            sum[0] += ScalarPairs.Form(Coupling, j, column);
            return;
        }

        var pattern = Coupling.Pattern;
        for (var k = pattern.EffectStart[j]; k < pattern.EffectStart[j + 1]; k++)
        {
            var entry = pattern.EntryOfEffect[k];
            AddSymmetricForm(column, entry, pattern.LevelStart[pattern.LevelOfEntry[entry] + 1], Coupling.DValues, sum);
        }
    }

    /// <summary>block += V N V' with V the entries of one leading level in an image of the coupling (p×p).</summary>
    public void AddForm(int level, double[] image, Span<double> block)
    {
        var pattern = Coupling.Pattern;
        var end = pattern.LevelStart[level + 1];
        for (var entry = pattern.LevelStart[level]; entry < end; entry++) AddSymmetricForm(NColumn(pattern.Effect[entry]), entry, end, image, block);
    }

    /// <summary>block += Σ_f N[f, e](v_f v_e' + v_e v_f') over the entries f after e of one level, e itself once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddSymmetricForm(ReadOnlySpan<double> column, int entry, int end, double[] image, Span<double> block)
    {
        var p = Coupling.p;
        var effects = Coupling.Pattern.Effect;
        Span<double> half = stackalloc double[p];
        half.Clear();
        for (var f = entry; f < end; f++)
        {
            var weight = f == entry ? 0.5 * column[effects[f]] : column[effects[f]];
            for (var a = 0; a < p; a++) half[a] += weight * image[(f * p) + a];
        }

        for (var b = 0; b < p; b++)
        {
            for (var a = 0; a < p; a++) block[a + (b * p)] += (half[a] * image[(entry * p) + b]) + (image[(entry * p) + a] * half[b]);
        }
    }

    /// <summary>Whether T is near enough to a multiple of the identity to be inverted safely.</summary>
    protected static bool CanDivideByCovariance(double[] T, int p)
    {
        // The smallest diagonal against the largest entry bounds how many digits the division may lose, twice.
        const double safe = 1e-4;
        var largest = 0.0;
        var smallest = double.PositiveInfinity;
        for (var i = 0; i < T.Length; i++) largest = Math.Max(largest, Math.Abs(T[i]));
        for (var i = 0; i < p; i++) smallest = Math.Min(smallest, Math.Abs(T[i * (p + 1)]));
        return largest > 0 && smallest >= safe * largest;
    }

    /// <summary>X := X T⁻ᵀT⁻¹, made symmetric; false where T cannot be inverted safely.</summary>
    private static bool DivideByCovariance(double[] T, int p, Span<double> X)
    {
        if (!CanDivideByCovariance(T, p)) return false;

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

    /// <summary>B_jj = S0_jj − S0_j· N S0_·j, some levels at a time.</summary>
    private void SumBlocksOneByOne(int term, Span<double> sum)
    {
        var p = Terms[term].Dimension;
        var width = p * Math.Clamp(64 / p, 1, Terms[term].LevelCount);
        var units = new double[Order * width];
        var columns = new double[Order * width];
        var images = new double[Order * width];
        sum.Clear();
        for (var first = Offsets[term]; first < Offsets[term + 1]; first += width)
        {
            var count = Math.Min(width, Offsets[term + 1] - first);
            Array.Clear(units);
            for (var j = 0; j < count; j++) units[first + j + (j * Order)] = 1;
            MultiplyS0(units.AsSpan(0, count * Order), count, columns);
            MultiplyN(columns.AsSpan(0, count * Order), count, images);
            for (var j = 0; j < count; j++)
            {
                for (var i = j - (j % p); i < j - (j % p) + p; i++)
                {
                    var own = columns.AsSpan(j * Order, Order);
                    sum[(i % p) + ((j % p) * p)] += own[first + i] - Vectors.Dot(own, images.AsSpan(i * Order, Order));
                }
            }
        }
    }
}

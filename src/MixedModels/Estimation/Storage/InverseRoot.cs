using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The sums over N = L_bS⁻¹L_b' that a gradient needs, read off W = R⁻¹ where S = RR', without N: Σ_l K_l'K_l with
/// K_l = W L_b'A_blD_l' over the leading levels, and the diagonal blocks of S⁻¹ = W'W.
/// </summary>
/// <remarks>
/// N itself would cost q2³/3 operations more, as many as the factor. The levels meet far fewer border effects than there are: a
/// strip of sixteen rows of W is kept in the second cache, and each level adds up those of its columns that it meets. A column of W
/// begins at its diagonal. Effects that meet many levels therefore come last: see <see cref="Places"/>.
/// </remarks>
internal sealed unsafe class InverseRoot
{
    /// <summary>Rows of a strip: four vectors of four, the sums of which stay in registers.</summary>
    private const int Height = 16;

    /// <summary>The sums take this many times as long an operation as products of full matrices: they wait for the second cache.</summary>
    private const double Slowness = 4;

    /// <summary>What forming N takes beside q2³/3 operations, for each pair of effects that meet: a gathered product.</summary>
    private const double OperationsOfPair = 20;

    private readonly Coupling coupling;
    private readonly int[] effects;
    private readonly int[] offsets;
    private readonly int[] placeOfEntry;
    private readonly double[] scaled;
    private readonly int[] sumStart;
    private readonly IReadOnlyList<RandomTermData> terms;
    private readonly int widest;

    /// <summary>Takes the places of the coupling; the numbers come with <see cref="Prepare"/>.</summary>
    /// <param name="terms">The border's terms.</param>
    /// <param name="offsets">The first effect of each, and q2 last.</param>
    /// <param name="coupling">The coupling to the leading term.</param>
    /// <param name="sumStart">Where a strip's sums of each term begin, and last those of the leading term.</param>
    public InverseRoot(IReadOnlyList<RandomTermData> terms, int[] offsets, Coupling coupling, int[] sumStart)
        : this(terms, offsets, coupling, sumStart, Places(terms, offsets, coupling.Pattern))
    {
    }

    private InverseRoot(IReadOnlyList<RandomTermData> terms, int[] offsets, Coupling coupling, int[] sumStart, int[] place)
    {
        (this.terms, this.offsets, this.coupling, this.sumStart, Place) = (terms, offsets, coupling, sumStart, place);
        scaled = new double[coupling.DValues.Length];
        widest = terms.Max(term => term.Dimension);
        Strips = (Order + Height - 1) / Height;
        (effects, placeOfEntry) = Arrange(coupling.Pattern, place);
    }

    /// <summary>A border effect: its place among the rows and columns of S when S is factored for this purpose.</summary>
    public int[] Place { get; }

    /// <summary>The number of strips of W.</summary>
    public int Strips { get; }

    /// <summary>Whether effects have places of their own: they do where all levels have one effect.</summary>
    public bool Moves => widest == 1;

    private int Order => offsets[^1];

    /// <summary>The sums where they cost less than through N, else null.</summary>
    /// <inheritdoc cref="InverseRoot(IReadOnlyList{RandomTermData}, int[], Coupling, int[])"/>
    public static InverseRoot? WhereCheaper(IReadOnlyList<RandomTermData> terms, int[] offsets, Coupling coupling, int[] sumStart)
    {
        var order = (double)offsets[^1];
        var pattern = coupling.Pattern;
        if (pattern.IsDense) return null;
        var place = Places(terms, offsets, pattern);
        var rows = 0.0;
        foreach (var effect in pattern.Effect) rows += order - place[effect];
        var withN = (order * order * order / 3) + (OperationsOfPair * coupling.p * pattern.Pairs());
        return Slowness * 2 * coupling.p * rows < withN ? new(terms, offsets, coupling, sumStart, place) : null;
    }

    /// <summary>
    /// Within a term the effects by the number of levels they meet, fewest first, so that the columns of W that are read most are
    /// short. Levels of several effects stay where they are.
    /// </summary>
    private static int[] Places(IReadOnlyList<RandomTermData> terms, int[] offsets, CouplingPattern pattern)
    {
        var place = new int[offsets[^1]];
        for (var j = 0; j < place.Length; j++) place[j] = j;
        if (terms.Any(term => term.Dimension > 1)) return place;
        for (var t = 0; t < terms.Count; t++)
        {
            int[] ascending = [.. Enumerable.Range(offsets[t], terms[t].LevelCount).OrderBy(j => pattern.EffectStart[j + 1] - pattern.EffectStart[j])];
            for (var k = 0; k < ascending.Length; k++) place[ascending[k]] = offsets[t] + k;
        }

        return place;
    }

    /// <summary>Each level's entries in the order of their places: the place of the effect of each, and where each entry went.</summary>
    private static (int[] Effects, int[] PlaceOfEntry) Arrange(CouplingPattern pattern, int[] place)
    {
        var effectAt = new int[place.Length];
        for (var j = 0; j < place.Length; j++) effectAt[place[j]] = j;
        var next = (int[])pattern.LevelStart.Clone();
        var (effects, placeOfEntry) = (new int[pattern.Entries], new int[pattern.Entries]);
        for (var at = 0; at < effectAt.Length; at++)
        {
            for (var k = pattern.EffectStart[effectAt[at]]; k < pattern.EffectStart[effectAt[at] + 1]; k++)
            {
                var entry = pattern.EntryOfEffect[k];
                var to = next[pattern.LevelOfEntry[entry]]++;
                (effects[to], placeOfEntry[entry]) = (at, to);
            }
        }

        return (effects, placeOfEntry);
    }

    /// <summary>L_b'A_blD_l' of every entry, at the T_t of the border's terms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Prepare(IReadOnlyList<double[]> T)
    {
        // A level of a border term has all its effects side by side among the entries.
        var (p, own, D) = (coupling.p, coupling.Pattern.Effect, coupling.DValues);
        for (int e = 0, t = 0; e < own.Length; e += terms[t].Dimension)
        {
            while (own[e] < offsets[t]) t--;
            while (own[e] >= offsets[t + 1]) t++;
            var (size, factor) = (terms[t].Dimension, T[t]);
            for (var i = 0; i < size; i++)
            {
                for (var a = 0; a < p; a++)
                {
                    var sum = 0.0;
                    for (var b = i; b < size; b++) sum += factor[b + (i * size)] * D[((e + b) * p) + a];
                    scaled[(placeOfEntry[e + i] * p) + a] = sum;
                }
            }
        }
    }

    /// <summary>What the rows of one strip of W add to the sums: their share of (S⁻¹)_jj a term, and of Σ_l K_l'K_l.</summary>
    /// <param name="part">Strips are numbered from the last rows up: these are the longest.</param>
    /// <param name="W">q2×q2, lower triangle, effects at their places.</param>
    /// <param name="sums">Overwritten.</param>
    public void SumStrip(int part, ReadOnlySpan<double> W, Span<double> sums)
    {
        var top = (Strips - 1 - part) * Height;
        var rows = Math.Min(Height, Order - top);
        var strip = ArrayPool<double>.Shared.Rent(Order * Height);
        sums.Clear();
        fixed (double* packed = strip, w = W, target = sums)
        {
            Pack(w, top, rows, packed);
            for (var t = 0; t < terms.Count; t++)
            {
                var end = Math.Min(offsets[t + 1], top + rows);
                for (var first = offsets[t]; first < end; first += terms[t].Dimension) AddBlock(packed + (first * Height), terms[t].Dimension, target + sumStart[t]);
            }

            AddLevels(packed, top + rows, target + sumStart[^1]);
        }

        ArrayPool<double>.Shared.Return(strip);
    }

    /// <summary>Sixteen rows of W, a column after the other, zeros above the diagonal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pack(double* W, int top, int rows, double* packed)
    {
        for (var j = 0; j < top; j++)
        {
            double* from = W + top + ((long)j * Order), to = packed + (j * Height);
            if (rows == Height) Unsafe.CopyBlockUnaligned(to, from, Height * sizeof(double));
            else for (var i = 0; i < Height; i++) to[i] = i < rows ? from[i] : 0;
        }

        // The last level may reach beyond the strip.
        new Span<double>(packed + (top * Height), Math.Min(Order - top, Height + widest) * Height).Clear();
        for (var j = 0; j < rows; j++)
        {
            for (var i = j; i < rows; i++) packed[((top + j) * Height) + i] = W[top + i + ((long)(top + j) * Order)];
        }
    }

    /// <summary>sum += V'V for V sixteen rows of a level's columns (p×p).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddBlock(double* V, int p, double* sum)
    {
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++) sum[i + (j * p)] += Product(V + (i * Height), V + (j * Height));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Product(double* x, double* y)
    {
        var even = Vectors.MultiplyAdd(Vector256.Load(x + 8), Vector256.Load(y + 8), Vector256.Load(x) * Vector256.Load(y));
        var odd = Vectors.MultiplyAdd(Vector256.Load(x + 12), Vector256.Load(y + 12), Vector256.Load(x + 4) * Vector256.Load(y + 4));
        return Vector256.Sum(even + odd);
    }

    /// <summary>sum += Σ_l K_l'K_l over these rows of K_l, p columns (p×p).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddLevels(double* packed, int limit, double* sum)
    {
        var (p, pattern) = (coupling.p, coupling.Pattern);
        var K = stackalloc double[p * Height];
        fixed (int* starts = pattern.LevelStart, places = effects)
        {
            fixed (double* values = scaled)
            {
                for (var l = 0; l + 1 < pattern.LevelStart.Length; l++)
                {
                    var (first, count) = (starts[l], starts[l + 1] - starts[l]);
                    if (count == 0 || places[first] >= limit) continue;
                    for (var a = 0; a < p; a++) Combine(packed, places + first, count, limit, values + (first * p) + a, p, K + (a * Height));
                    AddBlock(K, p, sum);
                }
            }
        }
    }

    /// <summary>
    /// result = Σ_e x_e · column of effect e over the effects below the limit, two at a time so that one sum need not wait for the other.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine(double* packed, int* places, int count, int limit, double* x, int step, double* result)
    {
        Vector256<double> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        var e = 0;
        for (; e + 2 <= count && places[e + 1] < limit; e += 2, x += 2 * step)
        {
            double* first = packed + (places[e] * Height), second = packed + (places[e + 1] * Height);
            var (even, odd) = (Vector256.Create(x[0]), Vector256.Create(x[step]));
            a0 = Vectors.MultiplyAdd(even, Vector256.Load(first), a0);
            a1 = Vectors.MultiplyAdd(even, Vector256.Load(first + 4), a1);
            a2 = Vectors.MultiplyAdd(even, Vector256.Load(first + 8), a2);
            a3 = Vectors.MultiplyAdd(even, Vector256.Load(first + 12), a3);
            b0 = Vectors.MultiplyAdd(odd, Vector256.Load(second), b0);
            b1 = Vectors.MultiplyAdd(odd, Vector256.Load(second + 4), b1);
            b2 = Vectors.MultiplyAdd(odd, Vector256.Load(second + 8), b2);
            b3 = Vectors.MultiplyAdd(odd, Vector256.Load(second + 12), b3);
        }

        if (e < count && places[e] < limit)
        {
            var last = packed + (places[e] * Height);
            var even = Vector256.Create(x[0]);
            a0 = Vectors.MultiplyAdd(even, Vector256.Load(last), a0);
            a1 = Vectors.MultiplyAdd(even, Vector256.Load(last + 4), a1);
            a2 = Vectors.MultiplyAdd(even, Vector256.Load(last + 8), a2);
            a3 = Vectors.MultiplyAdd(even, Vector256.Load(last + 12), a3);
        }

        (a0 + b0).Store(result);
        (a1 + b1).Store(result + 4);
        (a2 + b2).Store(result + 8);
        (a3 + b3).Store(result + 12);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The levels of one grouping factor as lanes of vectors, eight to a block: a block holds the packed A_l, then C_l, then the
/// multiplicity of each of its lanes, a vector a scalar. Refilled only where the response or the rows are others.
/// </summary>
/// <remarks>
/// Everything a deviance needs of C_l is a sum of quadratic forms whose matrix depends on A_l alone. Levels with the same A_l
/// therefore stand as at most p·m lanes with the same Σ vec(C_l)vec(C_l)', the first of which counts A_l as often as there are
/// levels and the others not at all. In a balanced design the work does not depend on the number of groups.
/// </remarks>
internal sealed unsafe class LevelLanes
{
    /// <summary>Levels looked at before the search for equal blocks is given up.</summary>
    private const int Sample = 512;

    /// <summary>Threads share the filling in so many parts.</summary>
    private const int Parts = 16;

    private readonly VectorBuffer blocks;
    private readonly ThreadTeam? team;
    private int filled;

    /// <summary>The levels of a factor as lanes.</summary>
    /// <param name="products">Their cross-products.</param>
    /// <param name="team">Threads to share the filling; null for one.</param>
    /// <param name="shares">Whether levels with the same A_l share lanes; otherwise every level is a lane of its own, in order.</param>
    public LevelLanes(LevelCrossProducts products, ThreadTeam? team = null, bool shares = true)
    {
        (p, m, this.team) = (products.p, products.m, team);
        s = LevelColumns.PackedSize(p);
        (ClassOfLevel, LevelOfClass) = shares && m > 0 ? Classify(products) : EachAlone(products.Levels);
        var sizes = ClassSizes();
        foreach (var size in sizes) LaneCount += Math.Min(size, Math.Max(1, p * m));
        BlockCount = (LaneCount + Vector512<double>.Count - 1) / Vector512<double>.Count;
        blocks = new(BlockCount * Stride);
        Refill(products);
    }

    /// <summary>The columns of Z of one level.</summary>
    public int p { get; }

    /// <summary>The columns of [X y].</summary>
    public int m { get; }

    /// <summary>The entries of a packed p×p triangle.</summary>
    public int s { get; }

    /// <summary>The number of lanes in use.</summary>
    public int LaneCount { get; private set; }

    /// <summary>The number of blocks of eight lanes.</summary>
    public int BlockCount { get; }

    /// <summary>Whether every level is a class of its own.</summary>
    public bool IsAlone => LevelOfClass.Length == ClassOfLevel.Length;

    /// <summary>Whether every level is a lane of its own, in order.</summary>
    public bool IsByLevel => LaneCount == ClassOfLevel.Length;

    /// <summary>A level's class: levels of one class have the same A_l.</summary>
    public int[] ClassOfLevel { get; }

    /// <summary>A class's first level.</summary>
    public int[] LevelOfClass { get; }

    private int Stride => s + (p * m) + 1;

    /// <summary>A block: s vectors of A, p·m of C (column-major), one of multiplicities.</summary>
    public Vector512<double>* Block(int block) => blocks.Start + ((long)block * Stride);

    /// <summary>Takes cross-products with the same A and another C; with another A too where no lanes are shared.</summary>
    public void Refill(LevelCrossProducts products)
    {
        filled = 0;
        if (IsAlone) FillAlone(products);
        else Fill(products, ClassSizes());
    }

    private int[] ClassSizes()
    {
        var sizes = new int[LevelOfClass.Length];
        foreach (var c in ClassOfLevel) sizes[c]++;
        return sizes;
    }

    /// <summary>Levels by the bits of A_l; where few are alike in a sample, every level is a class of its own.</summary>
    private static (int[] ClassOfLevel, int[] LevelOfClass) Classify(LevelCrossProducts products)
    {
        var size = LevelColumns.PackedSize(products.p);
        var classOfLevel = new int[products.Levels];
        var levelOfClass = new List<int>();
        var newest = new Dictionary<ulong, int>();
        var older = new List<int>();
        for (var l = 0; l < products.Levels; l++)
        {
            if (l == Sample && levelOfClass.Count > Sample / 2) return EachAlone(products.Levels);
            var block = products.A.AsSpan(l * size, size);
            var hash = Hash(block);
            ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(newest, hash, out var seen);
            var c = seen ? first : -1;
            while (c >= 0 && !block.SequenceEqual(products.A.AsSpan(levelOfClass[c] * size, size))) c = older[c];
            if (c < 0)
            {
                c = levelOfClass.Count;
                levelOfClass.Add(l);
                older.Add(seen ? first : -1);
                first = c;
            }

            classOfLevel[l] = c;
        }

        return (classOfLevel, [.. levelOfClass]);
    }

    private static (int[] ClassOfLevel, int[] LevelOfClass) EachAlone(int levels)
    {
        int[] all = [.. Enumerable.Range(0, levels)];
        return (all, all);
    }

    /// <summary>FNV-1a over the bits, a double at a time.</summary>
    private static ulong Hash(ReadOnlySpan<double> values)
    {
        var hash = 14695981039346656037UL;
        foreach (var value in values)
        {
            hash = (hash ^ BitConverter.DoubleToUInt64Bits(value)) * 1099511628211UL;
            hash ^= hash >> 32;
        }

        return hash;
    }

    private void Fill(LevelCrossProducts products, int[] sizes)
    {
        var (width, q) = (p * m, products.Levels * p);
        var c = new double[width];
        var shared = new Dictionary<int, double[]>();
        for (var l = 0; l < products.Levels; l++)
        {
            for (var i = 0; i < p; i++)
            {
                var effect = products.Columns.Effect(l, i);
                for (var column = 0; column < m; column++) c[i + (column * p)] = products.C[effect + (column * q)];
            }

            var kind = ClassOfLevel[l];
            if (sizes[kind] <= Math.Max(1, width))
            {
                AddLane(products.A.AsSpan(l * s, s), c, 1);
                continue;
            }

            if (!shared.TryGetValue(kind, out var sum)) shared.Add(kind, sum = new double[width * width]);
            for (var j = 0; j < width; j++) Vectors.AddScaled(c[j], c, sum.AsSpan(j * width, width));
        }

        for (var kind = 0; kind < LevelOfClass.Length; kind++)
        {
            if (shared.TryGetValue(kind, out var sum)) AddSharedLanes(products.A.AsSpan(LevelOfClass[kind] * s, s), sum, sizes[kind]);
        }

        LaneCount = filled;
    }

    /// <summary>A lane for every level.</summary>
    private void FillAlone(LevelCrossProducts products) => ThreadTeam.Run(team, Parts, part =>
    {
        var end = (int)((part + 1L) * BlockCount / Parts);
        for (var block = (int)((long)part * BlockCount / Parts); block < end; block++) FillAlone(products, block);
    });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillAlone(LevelCrossProducts products, int block)
    {
        var (q, first) = (products.Levels * p, block * Vector512<double>.Count);
        var values = (double*)Block(block);
        var count = Math.Min(Vector512<double>.Count, products.Levels - first);
        ReadOnlySpan<double> A = products.A.AsSpan(first * s, count * s);
        for (var e = 0; e < s; e++, values += Vector512<double>.Count)
        {
            for (int lane = 0, from = e; lane < count; lane++, from += s) values[lane] = A[from];
        }

        for (var c = 0; c < m; c++)
        {
            ReadOnlySpan<double> C = products.C.AsSpan(c * q, q);
            for (var i = 0; i < p; i++, values += Vector512<double>.Count)
            {
                for (var lane = 0; lane < count; lane++) values[lane] = C[products.Columns.Effect(first + lane, i)];
            }
        }

        for (var lane = 0; lane < count; lane++) values[lane] = 1;
    }

    /// <summary>The columns of a factor of Σ vec(C_l)vec(C_l)' stand for the levels it was summed over.</summary>
    private void AddSharedLanes(ReadOnlySpan<double> A, double[] sum, int multiplicity)
    {
        var width = p * m;
        var factor = new double[width * width];
        SemidefiniteCholesky.Factor(sum, width, factor);
        for (var j = 0; j < width; j++) AddLane(A, factor.AsSpan(j * width, width), j == 0 ? multiplicity : 0);
    }

    private void AddLane(ReadOnlySpan<double> A, ReadOnlySpan<double> C, double multiplicity)
    {
        var (block, lane) = Math.DivRem(filled++, Vector512<double>.Count);
        var values = (double*)Block(block);
        for (var e = 0; e < s; e++) values[(e * Vector512<double>.Count) + lane] = A[e];
        for (var e = 0; e < p * m; e++) values[((s + e) * Vector512<double>.Count) + lane] = C[e];
        values[((Stride - 1) * Vector512<double>.Count) + lane] = multiplicity;
    }
}

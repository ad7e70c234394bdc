using System.Runtime.Intrinsics;
using MixedModels.Estimation.Linear;
using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// One grouping factor, with any number of terms on it: M is block-diagonal over the levels and no matrix is stored but the
/// levels' own, eight of them to a vector. The exact Hessian costs a pass over the levels, however many there are.
/// </summary>
internal sealed unsafe partial class OneFactorSystem : PenalizedSystem
{
    /// <summary>The most columns of a level: from here on sums over pairs of pairs of columns cost more than dense algebra.</summary>
    private const int MostColumns = 12;

    /// <summary>The most entries of C_l, for the same reason.</summary>
    private const int MostEntries = 160;

    /// <summary>From so many lanes on they come from beyond the second cache at every pass, so that one pass for all sums pays.</summary>
    private const int OnePassLanes = 8192;

    private readonly double[] cross0;
    private readonly bool inOnePass;
    private readonly int p;
    private readonly LevelCrossProducts products;
    private readonly double[] T;

    // Blocks of every class of levels at the last factor; made when a level is first asked for.
    private LeadingBlocks? ownBlocks;
    private bool ownBlocksCurrent;
    private LevelLanes lanes;
    private LevelMoments? moments;
    private LevelRawSums? raw;
    private LevelSums sums;
    private readonly ThreadTeam? team;

    /// <summary>A system of rows whose terms share one grouping factor.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="team">Threads to share the work; null for one.</param>
    /// <param name="inOnePass">Whether a factorisation makes the sums of the derivatives too; null for whichever is cheaper.</param>
    public OneFactorSystem(SystemRows rows, ThreadTeam? team = null, bool? inOnePass = null)
        : base(rows)
    {
        this.team = team;
        products = new(rows, team);
        lanes = new(products, team);
        p = products.p;
        sums = new(lanes, team);
        this.inOnePass = inOnePass ?? (lanes.LaneCount >= OnePassLanes && LevelRawSums.IsCheaper(p, m));
        T = new double[p * p];
        cross0 = new double[m * m];
        FillCross();
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> C => products.C;

    /// <inheritdoc/>
    public override double FormBOperations => 0;

    /// <summary>Whether the terms share one grouping factor, and a level is small enough for this storage.</summary>
    public static bool Holds(LinearData data)
    {
        var columns = data.Terms.Sum(term => term.Dimension);
        if (columns > MostColumns || columns * (data.p + 1) > MostEntries) return false;
        var first = data.Terms[0];
        return data.Terms.All(term => term.LevelCount == first.LevelCount && term.LevelOfRow.Span.SequenceEqual(first.LevelOfRow.Span));
    }

    /// <inheritdoc/>
    public override bool IsBlockDiagonal => true;

    /// <inheritdoc/>
    public override LevelMoments Moments(ProfiledDeviance deviance)
    {
        if (moments is not null && moments.IsRestricted == deviance.Reml) return moments;
        return moments = raw is null ? new(products.Columns, lanes, sums, deviance) : new(products.Columns, raw, deviance);
    }

    /// <inheritdoc/>
    protected override void FillResponse(StandardizedData data)
    {
        moments = null;
        ownBlocksCurrent = false;
        ResponsePass.FillC(data, products.C.AsSpan((m - 1) * q));
        ResponsePass.FillCross(data, cross0);
        lanes.Refill(products);
    }

    /// <inheritdoc/>
    protected override bool FactorBlocks(IReadOnlyList<double[]> factors)
    {
        moments = null;
        ownBlocksCurrent = false;
        Array.Clear(T);
        for (var t = 0; t < Terms.Count; t++) Vectors.AddScaled(1, products.Columns.Embed(t, factors[t]), T);
        sums.SetFactor(T);
        var size = LevelColumns.PackedSize(m);
        raw = inOnePass ? new(lanes, sums) : null;
        var totals = raw is null ? sums.Over(size + 1, 0, (kernel, block, sum) => sum[size] += kernel.Eliminate(block, sum)) : raw.Elimination;
        LogDeterminant = totals[size];
        for (int c = 0, e = 0; c < m; c++)
        {
            for (var d = 0; d <= c; d++, e++) Cross[c + (d * m)] = cross0[c + (d * m)] - totals[e];
        }

        return double.IsFinite(LogDeterminant);
    }

    /// <inheritdoc/>
    protected override void FillVC(Span<double> VC)
    {
        if (lanes.LaneCount == products.Levels) FillFromLanes(VC);
        else FillFromClasses(VC);
    }

    /// <summary>Every level is a lane of its own, in order: eight are done at a time.</summary>
    private void FillFromLanes(Span<double> VC)
    {
        fixed (double* target = VC)
        {
            var first = target;
            sums.Each((kernel, block) =>
            {
                kernel.Differentiate(lanes.Block(block));
                var V = (double*)kernel.V;
                var start = block * Vector512<double>.Count;
                var count = Math.Min(Vector512<double>.Count, products.Levels - start);
                for (var e = 0; e < p * m; e++)
                {
                    var column = first + ((long)(e / p) * q);
                    for (var lane = 0; lane < count; lane++) column[products.Columns.Effect(start + lane, e % p)] = V[(e * Vector512<double>.Count) + lane];
                }
            });
        }
    }

    private void FillFromClasses(Span<double> VC)
    {
        var blocks = OwnBlocks();
        Span<double> c = new double[p];
        Span<double> image = new double[p];
        for (var column = 0; column < m; column++)
        {
            var source = products.C.AsSpan(column * q, q);
            var target = VC.Slice(column * q, q);
            for (var l = 0; l < products.Levels; l++)
            {
                for (var i = 0; i < p; i++) c[i] = source[products.Columns.Effect(l, i)];
                blocks.Multiply(OwnBlock(blocks.D, l), c, image);
                for (var i = 0; i < p; i++) target[products.Columns.Effect(l, i)] = image[i];
            }
        }
    }

    /// <inheritdoc/>
    protected override void InvertBorder()
    {
        // There is no border: every block of B is the level's own.
    }

    /// <inheritdoc/>
    public override void SumDiagonalBlocks(int term, Span<double> sum)
    {
        if (moments is not null)
        {
            moments.SumDiagonalBlocks(term, sum);
            return;
        }

        var blocks = OwnBlocks();
        var total = new double[p * p];
        foreach (var kind in lanes.ClassOfLevel) Vectors.AddScaled(1, blocks.F.AsSpan(kind * p * p, p * p), total);
        products.Columns.Extract(term, total, sum);
    }

    /// <inheritdoc/>
    public override void ConditionalCovariance(int term, int level, Span<double> block) =>
        products.Columns.Extract(term, OwnBlock(OwnBlocks().H, level), block);

    /// <inheritdoc/>
    public override double ConditionalVariance(ReadOnlySpan<int> levels, ReadOnlySpan<double> z)
    {
        // Terms on one factor may meet different levels of it in a row of new data; effects of different levels are independent.
        var blocks = OwnBlocks();
        var columns = products.Columns;
        var variance = 0.0;
        for (var t = 0; t < levels.Length; t++)
        {
            if (levels[t] < 0) continue;
            var H = OwnBlock(blocks.H, levels[t]);
            for (var s = 0; s < levels.Length; s++)
            {
                if (levels[s] != levels[t]) continue;
                for (var j = columns.First(t); j < columns.First(t + 1); j++) variance += z[j] * Vectors.Dot(H[((j * p) + columns.First(s))..((j * p) + columns.First(s + 1))], z[columns.First(s)..columns.First(s + 1)]);
            }
        }

        return Math.Max(0, variance);
    }

    /// <inheritdoc/>
    public override void CrossProductBlock(int term, int level, Span<double> block) =>
        products.Columns.Extract(term, OwnBlock((ownBlocks ??= MakeOwnBlocks()).A, level), block);

    /// <inheritdoc/>
    public override void ApplyB(ReadOnlySpan<double> U, int columns, Span<double> BU)
    {
        var blocks = OwnBlocks();
        Span<double> u = new double[p];
        Span<double> image = new double[p];
        for (var column = 0; column < columns; column++)
        {
            for (var l = 0; l < products.Levels; l++)
            {
                for (var i = 0; i < p; i++) u[i] = U[products.Columns.Effect(l, i) + (column * q)];
                blocks.Multiply(OwnBlock(blocks.F, l), u, image);
                for (var i = 0; i < p; i++) BU[products.Columns.Effect(l, i) + (column * q)] = image[i];
            }
        }
    }

    /// <inheritdoc/>
    public override void FormB(Span<double> B)
    {
        var blocks = OwnBlocks();
        B.Clear();
        for (var l = 0; l < products.Levels; l++)
        {
            var block = OwnBlock(blocks.F, l);
            for (var j = 0; j < p; j++)
            {
                for (var i = 0; i < p; i++)
                {
                    var (row, column) = (products.Columns.Effect(l, i), products.Columns.Effect(l, j));
                    if (row >= column) B[row + (column * q)] = block[i + (j * p)];
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void VisitCrossProducts(CrossProductVisitor visit)
    {
        var s = LevelColumns.PackedSize(p);
        var (A, columns) = (products.A, products.Columns);
        for (var l = 0; l < products.Levels; l++)
        {
            for (int i = 0, e = l * s; i < p; i++)
            {
                var effect = columns.Effect(l, i);
                for (var j = 0; j <= i; j++, e++) visit(effect, columns.Effect(l, j), A[e]);
            }
        }
    }

    private LeadingBlocks OwnBlocks()
    {
        var blocks = ownBlocks ??= MakeOwnBlocks();
        if (!ownBlocksCurrent) blocks.Factor(T);
        ownBlocksCurrent = true;
        return blocks;
    }

    private ReadOnlySpan<double> OwnBlock(double[] blocks, int level) => blocks.AsSpan(lanes.ClassOfLevel[level] * p * p, p * p);

    private LeadingBlocks MakeOwnBlocks()
    {
        var blocks = new LeadingBlocks(lanes.LevelOfClass.Length, p, 0);
        var s = LevelColumns.PackedSize(p);
        for (var c = 0; c < blocks.Levels; c++)
            products.Columns.Unpack(products.A.AsSpan(lanes.LevelOfClass[c] * s, s)).CopyTo(blocks.A, c * p * p);
        return blocks;
    }
}

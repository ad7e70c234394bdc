using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <content>
/// Other rows on the same levels, and whole vectors of effects. Levels cease to share lanes with the first rows that replace others:
/// with weights of their own no two levels are alike.
/// </content>
internal sealed unsafe partial class OneFactorSystem
{
    private const int Lanes = 8;

    private double[] levelRoots = [];

    /// <inheritdoc/>
    protected override void FillProducts()
    {
        moments = null;
        ownBlocksCurrent = false;
        ownBlocks = null;
        if (Weights.IsEmpty) products.Fill(Rows);
        else products.Fill(Rows, Weights);
        FillCross();
        if (lanes.IsAlone)
        {
            lanes.Refill(products);
            return;
        }

        lanes = new(products, team, shares: false);
        sums = new(lanes, team);
    }

    private void FillCross()
    {
        if (Weights.IsEmpty)
        {
            products.Cross.CopyTo(cross0, 0);
            return;
        }

        var pass = new CrossProductPass(Left, Rows);
        pass.FillCross(cross0);
        pass.Run(team);
    }

    /// <inheritdoc/>
    public override void ApplyConditional(ReadOnlySpan<double> U, int columns, Span<double> result)
    {
        if (lanes.IsByLevel)
        {
            ByLanes(U, columns, result, isSolution: false);
            return;
        }

        var blocks = OwnBlocks();
        ByLevels(U, columns, result, (level, u, image) => blocks.Multiply(OwnBlock(blocks.H, level), u, image));
    }

    /// <inheritdoc/>
    public override void SolvePenalized(ReadOnlySpan<double> V, int columns, Span<double> result)
    {
        if (lanes.IsByLevel)
        {
            ByLanes(V, columns, result, isSolution: true);
            return;
        }

        var blocks = OwnBlocks();
        ByLevels(V, columns, result, (level, v, image) =>
        {
            v.CopyTo(image);
            blocks.SolvePenalized(lanes.ClassOfLevel[level], image);
        });
    }

    /// <inheritdoc/>
    public override void RowVariances(Span<double> h)
    {
        var sorted = products.Sorted(Rows);
        var roots = lanes.IsByLevel ? LevelRoots() : OwnBlocks().W;
        fixed (double* start = h)
        {
            var target = start;
            products.Each((level, rows, first) =>
            {
                var W = roots.AsSpan((lanes.IsByLevel ? level : lanes.ClassOfLevel[level]) * p * p, p * p);
                if (p == 2) PairNorms(W, sorted, rows, first, target);
                else RowNorms(W, sorted, rows, first, target);
            });
        }
    }

    /// <inheritdoc/>
    public override void RowCovariances(ReadOnlySpan<int> rows, Span<double> block)
    {
        var (blocks, count) = (OwnBlocks(), rows.Length);
        var levels = Terms[0].LevelOfRow.Span;
        var (own, image) = (new double[p], new double[p]);
        var columns = Rows.Columns;
        block[..(count * count)].Clear();
        for (var j = 0; j < count; j++)
        {
            for (var a = 0; a < p; a++) own[a] = columns[a][rows[j]];
            blocks.Multiply(OwnBlock(blocks.H, levels[rows[j]]), own, image);
            for (var i = 0; i < count; i++)
            {
                if (levels[rows[i]] != levels[rows[j]]) continue;
                for (var a = 0; a < p; a++) block[i + (j * count)] += image[a] * columns[a][rows[i]];
            }
        }

        Symmetric.MirrorLower(block, count, count);
    }

    /// <summary>h_i = |W_l z_i|² for the rows of a level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RowNorms(ReadOnlySpan<double> W, SystemRows sorted, ReadOnlySpan<int> rows, int first, double* h)
    {
        var columns = sorted.Columns;
        for (var r = 0; r < rows.Length; r++)
        {
            var norm = 0.0;
            for (var i = 0; i < p; i++)
            {
                var sum = 0.0;
                for (var k = 0; k < p; k++) sum += W[i + (k * p)] * columns[k][first + r];
                norm += sum * sum;
            }

            h[rows[r]] = norm;
        }
    }

    /// <summary>The same for two columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PairNorms(ReadOnlySpan<double> W, SystemRows sorted, ReadOnlySpan<int> rows, int first, double* h)
    {
        ReadOnlySpan<double> z1 = sorted.Columns[0].AsSpan(first, rows.Length);
        ReadOnlySpan<double> z2 = sorted.Columns[1].AsSpan(first, rows.Length);
        var (w11, w21, w12, w22) = (W[0], W[1], W[2], W[3]);
        for (var r = 0; r < rows.Length; r++)
        {
            var (x, y) = ((w11 * z1[r]) + (w12 * z2[r]), (w21 * z1[r]) + (w22 * z2[r]));
            h[rows[r]] = (x * x) + (y * y);
        }
    }

    /// <summary>W_l of every level, p×p each.</summary>
    private double[] LevelRoots()
    {
        if (levelRoots.Length == 0) levelRoots = new double[products.Levels * p * p];
        sums.Each((kernel, block) =>
        {
            kernel.Prepare(lanes.Block(block));
            var W = (double*)kernel.Root;
            var first = block * Lanes;
            for (var lane = 0; lane < Math.Min(Lanes, products.Levels - first); lane++)
            {
                for (var e = 0; e < p * p; e++) levelRoots[((first + lane) * p * p) + e] = W[(e * Lanes) + lane];
            }
        });
        return levelRoots;
    }

    /// <summary>Eight levels at a time: M⁻¹x or L M⁻¹L'x.</summary>
    private void ByLanes(ReadOnlySpan<double> U, int columns, Span<double> result, bool isSolution)
    {
        fixed (double* u = U, r = result)
        {
            var source = u;
            var target = r;
            sums.Each((kernel, block) =>
            {
                kernel.Prepare(lanes.Block(block));
                var side = (double*)kernel.Side;
                var first = block * Lanes;
                var count = Math.Min(Lanes, products.Levels - first);
                for (var c = 0; c < columns; c++)
                {
                    var column = (long)c * q;
                    for (var i = 0; i < p; i++)
                    {
                        for (var lane = 0; lane < count; lane++) side[(i * Lanes) + lane] = source[column + products.Columns.Effect(first + lane, i)];
                        for (var lane = count; lane < Lanes; lane++) side[(i * Lanes) + lane] = 0;
                    }

                    if (isSolution) kernel.SolvePenalized(kernel.Side);
                    else kernel.MultiplyConditional(kernel.Side);
                    for (var i = 0; i < p; i++)
                    {
                        for (var lane = 0; lane < count; lane++) target[column + products.Columns.Effect(first + lane, i)] = side[(i * Lanes) + lane];
                    }
                }
            });
        }
    }

    private delegate void LevelImage(int level, ReadOnlySpan<double> own, Span<double> image);

    private void ByLevels(ReadOnlySpan<double> U, int columns, Span<double> result, LevelImage of)
    {
        Span<double> own = new double[p];
        Span<double> image = new double[p];
        for (var column = 0; column < columns; column++)
        {
            for (var l = 0; l < products.Levels; l++)
            {
                for (var i = 0; i < p; i++) own[i] = U[products.Columns.Effect(l, i) + (column * q)];
                of(l, own, image);
                for (var i = 0; i < p; i++) result[products.Columns.Effect(l, i) + (column * q)] = image[i];
            }
        }
    }
}

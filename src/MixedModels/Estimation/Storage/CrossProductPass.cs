using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The one pass over the rows: Z'WZ, Z'W[X y] and [X y]'W[X y] by blocks. After it no vector of length n is touched again.
/// </summary>
/// <remarks>Every pair of columns is a task that adds to sums of its own, so that threads share them and the bits stay the same.</remarks>
internal sealed class CrossProductPass
{
    private readonly SystemRows left;
    private readonly SystemRows right;
    private readonly List<Action> tasks = [];

    /// <summary>A pass over rows; the sums are made by <see cref="Run"/>.</summary>
    /// <param name="left">The rows times their weights; the rows themselves where all weights are one.</param>
    /// <param name="right">The rows.</param>
    public CrossProductPass(SystemRows left, SystemRows right) => (this.left, this.right) = (left, right);

    /// <summary>Will write Z_l'WZ_l of every level of a term (p×p each).</summary>
    public void FillBlocks(int term, double[] blocks)
    {
        Array.Clear(blocks);
        var p = right.Terms[term].Dimension;
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++)
            {
                var (a, b) = (i, j);
                tasks.Add(() => RowScatter.AddProducts(right.Terms[term].LevelOfRow.Span, left.Z(term, a), right.Z(term, b), blocks.AsSpan(a + (b * p)), p * p));
            }
        }
    }

    /// <summary>Will write the cross-products of a term with others on their pattern.</summary>
    /// <param name="term">The term whose levels the pattern has.</param>
    /// <param name="others">The others, in the pattern's order.</param>
    /// <param name="products">Receives them.</param>
    public void FillProducts(int term, ReadOnlySpan<int> others, TermCrossProducts products)
    {
        Array.Clear(products.Values);
        for (var t = 0; t < others.Length; t++)
        {
            var (other, entries) = (others[t], products.Pattern.EntryOfRow[t]);
            for (var j = 0; j < right.Terms[other].Dimension; j++)
            {
                for (var i = 0; i < products.p; i++)
                {
                    var (a, b) = (i, j);
                    tasks.Add(() => RowScatter.AddProducts(entries, left.Z(term, a), right.Z(other, b), products.Values.AsSpan((b * products.p) + a), products.p));
                }
            }
        }
    }

    /// <summary>Will write Z'W[X y] (q×m).</summary>
    public void FillC(double[] C)
    {
        if (right.m == 0) return;
        Array.Clear(C);
        var q = C.Length / right.m;
        for (int t = 0, offset = 0; t < right.Terms.Count; offset += right.Terms[t].LevelCount * right.Terms[t].Dimension, t++)
        {
            for (var c = 0; c < right.m; c++)
            {
                for (var j = 0; j < right.Terms[t].Dimension; j++)
                {
                    var (term, column, own, first) = (t, c, j, (c * q) + offset + j);
                    tasks.Add(() => RowScatter.AddProducts(
                        right.Terms[term].LevelOfRow.Span, left.Z(term, own), right.Side(column), C.AsSpan(first), right.Terms[term].Dimension));
                }
            }
        }
    }

    /// <summary>Will write [X y]'W[X y] (m×m), lower triangle.</summary>
    public void FillCross(double[] cross)
    {
        for (var c = 0; c < right.m; c++)
        {
            var column = c;
            tasks.Add(() =>
            {
                for (var d = column; d < right.m; d++) cross[d + (column * right.m)] = Vectors.Dot(left.Side(column), right.Side(d));
            });
        }
    }

    /// <summary>Does what was asked for.</summary>
    public void Run(ThreadTeam? team) => ThreadTeam.Run(team, tasks.Count, task => tasks[task]());
}

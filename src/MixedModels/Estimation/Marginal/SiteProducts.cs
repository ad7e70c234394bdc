using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// V⁻¹[X e] summed over subjects for every pair of sites: S_ab = Σ_i w_ia w_ib'. As dR_k depends on sites alone, [U e]'E_k[U e] = Σ_ab dR_k,ab S_ab for all
/// parameters, whatever visits a subject misses. A workspace of one thread.
/// </summary>
internal sealed class SiteProducts
{
    private readonly ResidualModel residual;
    private readonly int[] subjects;
    private readonly int[] subjectOfRow;
    private readonly int[] rowOfSite;
    private readonly double[][] columns;
    private readonly int rows;
    private readonly int m;
    private readonly int v;

    public SiteProducts(ResidualModel residual, int rows, int m)
    {
        (this.residual, this.rows, this.m, v) = (residual, rows, m, residual.Data.Structure!.Sites.Count);
        var data = residual.Data;
        subjects = new int[data.GroupCount];
        subjectOfRow = new int[rows];
        rowOfSite = new int[data.GroupCount * v];
        Array.Fill(rowOfSite, -1);
        var places = new int[data.SubjectCount];
        Array.Fill(places, -1);
        for (var r = 0; r < rows; r++)
        {
            ref var place = ref places[data.SubjectOfRow[r]];
            if (place < 0) place = subjects[data.GroupOfRow[r]]++;
            subjectOfRow[r] = place;
            rowOfSite[(data.GroupOfRow[r] * v) + data.SiteOfRow[r]] = r;
        }

        columns = [.. subjects.Select(count => new double[count * v * m])];
    }

    /// <summary>Takes the rows of a pattern's blocks.</summary>
    /// <param name="blocks">The blocks' rows.</param>
    /// <param name="values">m columns, in each the blocks one after the other.</param>
    /// <param name="n">The rows of a block.</param>
    /// <param name="count">m.</param>
    public void Add(List<int[]> blocks, double[] values, int n, int count)
    {
        for (var j = 0; j < count; j++)
        {
            for (var i = 0; i < blocks.Count; i++)
            {
                for (var a = 0; a < n; a++)
                {
                    var row = blocks[i][a];
                    var group = residual.Data.GroupOfRow[row];
                    columns[group][subjectOfRow[row] + (subjects[group] * (j + (residual.Data.SiteOfRow[row] * m)))] = values[a + (n * (i + (blocks.Count * j)))];
                }
            }
        }
    }

    /// <summary>Adds Σ_ab dR_k,ab S_ab for every parameter of R, m×m each.</summary>
    public void AddTo(double[][] H)
    {
        for (var group = 0; group < subjects.Length; group++)
        {
            var order = v * m;
            var S = new double[order * order];
            Product.AddSymmetricRankUpdate(1, columns[group], subjects[group], transposeA: true, S, order, order, subjects[group]);
            Symmetric.MirrorLower(S, order, order);
            var cells = residual.OverSites(group);
            for (var a = 0; a < v; a++)
            {
                for (var b = 0; b < v; b++) AddPair(H, S, group, a, b, cells[Jet.Pair(Math.Max(a, b), Math.Min(a, b))]);
            }
        }
    }

    /// <summary>dR of every parameter over the pairs of sites a ≥ b of a group, pairs×K, diagonal pairs by halves; zero where no subject has both.</summary>
    public double[] Derivatives(int group)
    {
        var (pairs, cells) = (v * (v + 1) / 2, residual.OverSites(group));
        var D = new double[pairs * residual.ParameterCount];
        for (var a = 0; a < v; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                var (first, second, q) = (rowOfSite[(group * v) + a], rowOfSite[(group * v) + b], Jet.Pair(a, b));
                if (first < 0 || second < 0) continue;
                var (cell, factor) = (cells[q], (a == b ? 0.5 : 1) * residual.Scale.Factor[first] * residual.Scale.Factor[second]);
                for (var k = 0; k < cell.First.Length; k++) D[q + (((group * residual.OwnCount) + k) * pairs)] = factor * cell.First[k];
                for (var k = 0; k < residual.Scale.ParameterCount; k++)
                    D[q + ((residual.ScaleStart + k) * pairs)] = factor * cell.Value * (residual.Scale.First[first + (rows * k)] + residual.Scale.First[second + (rows * k)]);
            }
        }

        return D;
    }

    private void AddPair(double[][] H, double[] S, int group, int a, int b, Jet cell)
    {
        var (first, second) = (rowOfSite[(group * v) + a], rowOfSite[(group * v) + b]);
        if (first < 0 || second < 0) return;
        var factor = residual.Scale.Factor[first] * residual.Scale.Factor[second];
        for (var k = 0; k < cell.First.Length; k++) AddScaled(H[(group * residual.OwnCount) + k], factor * cell.First[k], S, a, b);
        for (var k = 0; k < residual.Scale.ParameterCount; k++)
        {
            var slope = residual.Scale.First[first + (rows * k)] + residual.Scale.First[second + (rows * k)];
            AddScaled(H[residual.ScaleStart + k], factor * cell.Value * slope, S, a, b);
        }
    }

    private void AddScaled(double[] H, double weight, double[] S, int a, int b)
    {
        if (weight == 0) return;
        for (var j = 0; j < m; j++) Vectors.AddScaled(weight, S.AsSpan((a * m) + (((b * m) + j) * v * m), m), H.AsSpan(j * m, m));
    }
}

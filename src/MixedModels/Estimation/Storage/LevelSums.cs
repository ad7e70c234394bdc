using System.Runtime.Intrinsics;
using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// Sums over the blocks of lanes, in parts that threads share: each part has a kernel and sums of its own, and the parts are added
/// in order, so that the bits do not depend on who did what. A workspace.
/// </summary>
internal sealed unsafe class LevelSums
{
    /// <summary>Blocks added up before their sum joins the total: short chains round less.</summary>
    private const int ChunkBlocks = 128;

    /// <summary>The most parts: several a thread, few enough that their workspaces do not matter.</summary>
    private const int MostParts = 16;

    private readonly VectorBuffer?[] buffers;
    private readonly LevelKernel[] kernels;
    private readonly LevelLanes lanes;
    private readonly ThreadTeam? team;

    public LevelSums(LevelLanes lanes, ThreadTeam? team)
    {
        (this.lanes, this.team) = (lanes, team);
        var chunks = (lanes.BlockCount + ChunkBlocks - 1) / ChunkBlocks;
        kernels = new LevelKernel[Math.Min(chunks, MostParts)];
        buffers = new VectorBuffer?[kernels.Length];
        for (var part = 0; part < kernels.Length; part++) kernels[part] = new(lanes.p, lanes.m);
    }

    /// <summary>Adds what a block contributes to some sums.</summary>
    /// <param name="kernel">The kernel of the part.</param>
    /// <param name="block">The block.</param>
    /// <param name="sums">The sums, a vector each.</param>
    public delegate void BlockBody(LevelKernel kernel, Vector512<double>* block, Vector512<double>* sums);

    /// <summary>Sets the covariance factor T (p×p lower triangular) for the sums to come.</summary>
    public void SetFactor(ReadOnlySpan<double> T)
    {
        foreach (var kernel in kernels) kernel.SetFactor(T);
    }

    /// <summary>Sums over all lanes.</summary>
    /// <param name="count">The number of sums.</param>
    /// <param name="scratch">Vectors after the sums that the body may use as it likes.</param>
    /// <param name="body">What to add for a block.</param>
    public double[] Over(int count, int scratch, BlockBody body)
    {
        var totals = new double[kernels.Length][];
        ThreadTeam.Run(team, totals.Length, part => totals[part] = OverPart(part, count, scratch, body));
        for (var part = 1; part < totals.Length; part++) Vectors.AddScaled(1, totals[part], totals[0]);
        return totals[0];
    }

    /// <summary>Does something with every block of lanes, whose results must not meet.</summary>
    public void Each(Action<LevelKernel, int> body) => ThreadTeam.Run(team, kernels.Length, part =>
    {
        var (first, last) = Chunks(part);
        for (var block = first * ChunkBlocks; block < Math.Min(last * ChunkBlocks, lanes.BlockCount); block++) body(kernels[part], block);
    });

    private double[] OverPart(int part, int count, int scratch, BlockBody body)
    {
        var total = new double[count];
        if (buffers[part] is not { } sums || sums.Length < count + scratch) buffers[part] = sums = new(count + scratch);
        var (first, last) = Chunks(part);
        for (var chunk = first; chunk < last; chunk++)
        {
            sums.Clear();
            var end = Math.Min((chunk + 1) * ChunkBlocks, lanes.BlockCount);
            for (var block = chunk * ChunkBlocks; block < end; block++) body(kernels[part], lanes.Block(block), sums.Start);
            for (var e = 0; e < count; e++) total[e] += Vector512.Sum(sums.Start[e]);
        }

        // The pointers above do not keep their memory alive.
        GC.KeepAlive(this);
        return total;
    }

    /// <summary>The chunks of a part, the end exclusive.</summary>
    private (int First, int Last) Chunks(int part)
    {
        var chunks = (lanes.BlockCount + ChunkBlocks - 1) / ChunkBlocks;
        return ((int)((long)part * chunks / kernels.Length), (int)((part + 1L) * chunks / kernels.Length));
    }
}

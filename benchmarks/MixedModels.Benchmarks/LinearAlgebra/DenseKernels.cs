using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Benchmarks.LinearAlgebra;

/// <summary>The dense kernels on square matrices: time and GFLOP/s by the customary operation counts.</summary>
[Config(typeof(Configuration))]
public class DenseKernels
{
    private double[] matrix = [];
    private double[] factor = [];
    private double[] work = [];
    private ThreadTeam? team;

    [Params(8, 32, 64, 256, 1128, 2048)]
    public int Order { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var random = new Random(1);
        matrix = new double[Order * Order];
        for (var j = 0; j < Order; j++)
        {
            for (var i = 0; i < Order; i++)
                matrix[i + j * Order] = i == j ? Order : random.NextDouble() - 0.5;
        }

        team = Threads > 1 ? new ThreadTeam(Threads) : null;
        factor = [.. matrix];
        Cholesky.Factor(factor, Order, Order, team);
        work = [.. matrix];
    }

    [GlobalCleanup]
    public void Dispose() => team?.Dispose();

    [Benchmark]
    [Operations(1.0 / 3)]
    public int Factor()
    {
        matrix.CopyTo(work, 0);
        return Cholesky.Factor(work, Order, Order, team);
    }

    [Benchmark]
    [Operations(2.0 / 3)]
    public void Inverse()
    {
        factor.CopyTo(work, 0);
        SymmetricInverse.FromCholesky(work, Order, Order, team);
    }

    [Benchmark]
    [Operations(1)]
    public void Solve()
    {
        matrix.CopyTo(work, 0);
        TriangularSolve.Lower(factor, Order, Order, work, Order, Order, team);
    }

    [Benchmark]
    [Operations(2)]
    public void Multiply() =>
        Product.Add(1e-9, matrix, Order, false, factor, Order, false, work, Order, Order, Order, Order, team);

    [Benchmark]
    [Operations(1)]
    public void RankUpdate() =>
        Product.AddSymmetricRankUpdate(1e-9, matrix, Order, false, work, Order, Order, Order, team);

    private sealed class Configuration : ManualConfig
    {
        // In this process: the generated project of the default toolchain would be built under the repository's own rules.
        public Configuration() =>
            AddColumn(new ThroughputColumn()).AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
    }
}

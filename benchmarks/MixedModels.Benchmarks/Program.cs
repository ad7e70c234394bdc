using BenchmarkDotNet.Running;
using MixedModels.Benchmarks.Fits;

// Two ways in: whole fits beside their peers, and BenchmarkDotNet for kernels and small fits. The third is how the first calls itself.
return args switch
{
    [FitsCommand.Name, .. var rest] => FitsCommand.Run(rest),
    [MeasureCommand.Name, .. var rest] => MeasureCommand.Run(rest),
    _ => RunBenchmarks(args),
};

static int RunBenchmarks(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(FitsCommand).Assembly).Run(args);
    return 0;
}

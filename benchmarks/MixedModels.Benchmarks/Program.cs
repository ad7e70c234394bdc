using BenchmarkDotNet.Running;
using MixedModels.Benchmarks.Calibration;
using MixedModels.Benchmarks.Fits;

// Three ways in: whole fits beside their peers, calibration by simulation, and BenchmarkDotNet for kernels and small fits. The fourth is how the first calls itself.
return args switch
{
    [FitsCommand.Name, .. var rest] => FitsCommand.Run(rest),
    [MeasureCommand.Name, .. var rest] => MeasureCommand.Run(rest),
    [CalibrationCommand.Name, .. var rest] => CalibrationCommand.Run(rest),
    _ => RunBenchmarks(args),
};

static int RunBenchmarks(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(FitsCommand).Assembly).Run(args);
    return 0;
}

using BenchmarkDotNet.Running;
using MixedModels.Benchmarks.Calibration;
using MixedModels.Benchmarks.Detection;
using MixedModels.Benchmarks.Fits;

// Four ways in: whole fits beside their peers, calibration and detection by simulation, and BenchmarkDotNet for kernels and small fits. The fifth is how the first calls itself.
return args switch
{
    [FitsCommand.Name, .. var rest] => FitsCommand.Run(rest),
    [MeasureCommand.Name, .. var rest] => MeasureCommand.Run(rest),
    [CalibrationCommand.Name, .. var rest] => CalibrationCommand.Run(rest),
    [DetectionCommand.Name, .. var rest] => DetectionCommand.Run(rest),
    _ => RunBenchmarks(args),
};

static int RunBenchmarks(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(FitsCommand).Assembly).Run(args);
    return 0;
}

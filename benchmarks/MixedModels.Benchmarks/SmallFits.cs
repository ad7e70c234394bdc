using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using MixedModels.Benchmarks.Fits;
using MixedModels.Data;
using MixedModels.Design;

namespace MixedModels.Benchmarks;

/// <summary>Small fits of embedded data, warm: the design, the fit of a design made before, and both; time and allocation.</summary>
[Config(typeof(Configuration))]
public class SmallFits
{
    private LinearMixedModel model = new("y ~ 1 + (1 | g)");
    private DataTable table = new([]);
    private ModelDesign? design;

    [Params("sleepstudy", "machines", "pastes")]
    public string Case { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        var entry = FitCatalogue.Find(Case);
        model = new(entry.Formula);
        table = entry.Read(path: null);
        design = model.Prepare(table);
    }

    [Benchmark]
    public ModelDesign Design() => model.Prepare(table);

    [Benchmark]
    public LinearMixedModelFit Fit() => model.Fit(design!);

    [Benchmark(Baseline = true)]
    public LinearMixedModelFit DesignAndFit() => model.Fit(table);

    private sealed class Configuration : ManualConfig
    {
        // In this process, as the kernels are: the generated project of the default toolchain would be built under the repository's own rules.
        public Configuration() =>
            AddDiagnoser(MemoryDiagnoser.Default).AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
    }
}

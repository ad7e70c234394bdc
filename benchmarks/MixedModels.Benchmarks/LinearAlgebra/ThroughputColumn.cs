using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace MixedModels.Benchmarks.LinearAlgebra;

/// <summary>How many operations a kernel counts: the factor of order³.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OperationsAttribute(double cubes) : Attribute
{
    public double Cubes { get; } = cubes;
}

/// <summary>GFLOP/s by the fastest of the measurements, which a busy machine disturbs least.</summary>
internal sealed class ThroughputColumn : IColumn
{
    public string Id => nameof(ThroughputColumn);

    public string ColumnName => "GFLOP/s";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => "Customary operation count over the fastest time";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        var order = (int)benchmarkCase.Parameters[nameof(DenseKernels.Order)];
        var cubes = benchmarkCase.Descriptor.WorkloadMethod.GetCustomAttribute<OperationsAttribute>()?.Cubes ?? 0;
        var nanoseconds = summary[benchmarkCase]?.ResultStatistics?.Min ?? double.NaN;
        return (cubes * order * order * order / nanoseconds).ToString("F1", CultureInfo.InvariantCulture);
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public bool IsAvailable(Summary summary) => true;
}

using static System.FormattableString;

namespace MixedModels.Benchmarks.Calibration;

/// <summary>How often something happened, with its Monte Carlo error.</summary>
internal readonly record struct Proportion(int Count, int Total)
{
    public double Value => (double)Count / Total;

    /// <summary>The standard error at a nominal rate: what chance alone makes of it.</summary>
    public double StandardError(double nominal) => Math.Sqrt(nominal * (1 - nominal) / Total);

    /// <summary>In per cent; in bold where it is more than three Monte Carlo errors off the nominal rate.</summary>
    public string Against(double nominal)
    {
        var text = Invariant($"{100 * Value:F1}");
        return Math.Abs(Value - nominal) > 3 * StandardError(nominal) ? $"**{text}**" : text;
    }
}

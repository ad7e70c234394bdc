using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace MixedModels.Benchmarks.Fits;

/// <summary>What the figures were measured on. No paths, no names of hosts or users.</summary>
internal sealed record Machine(string Cpu, int Cores, string Vectors, string System, string Sdk, string Runtime, double? Load)
{
    public static Machine Read() => new(
        ReadCpu(),
        Environment.ProcessorCount,
        Vector512.IsHardwareAccelerated ? "512-bit vectors" : Vector256.IsHardwareAccelerated ? "256-bit vectors" : "128-bit vectors",
        RuntimeInformation.OSDescription,
        ProcessRun.Of(new("dotnet", ["--version"])).Output.Trim(),
        RuntimeInformation.FrameworkDescription,
        ReadLoad());

    /// <summary>The processor's name as a file name.</summary>
    public string CpuFileName
    {
        get
        {
            var name = new StringBuilder();
            foreach (var letter in Cpu.ToLowerInvariant())
            {
                if (char.IsAsciiLetterOrDigit(letter)) name.Append(letter);
                else if (name.Length > 0 && name[^1] != '-') name.Append('-');
            }

            return name.ToString().TrimEnd('-');
        }
    }

    private static string ReadCpu()
    {
        if (OperatingSystem.IsMacOS()) return ProcessRun.Of(new("sysctl", ["-n", "machdep.cpu.brand_string"])).Output.Trim();
        const string Name = "model name";
        const string List = "/proc/cpuinfo";
        var line = File.Exists(List) ? File.ReadLines(List).FirstOrDefault(text => text.StartsWith(Name, StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    // Threads running or waiting, a minute's average.
    private static double? ReadLoad()
    {
        const string Average = "/proc/loadavg";
        return File.Exists(Average) ? double.Parse(File.ReadAllText(Average).Split(' ')[0], CultureInfo.InvariantCulture) : null;
    }
}

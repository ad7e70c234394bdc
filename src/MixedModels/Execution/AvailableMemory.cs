using System.Globalization;

namespace MixedModels.Execution;

/// <summary>The memory that the numbers of one model may take.</summary>
internal static class AvailableMemory
{
    /// <summary>The share of the machine's memory, or of the container's, that a model may plan for.</summary>
    private const double Share = 0.8;

    /// <summary>Bytes.</summary>
    public static long Bytes => (long)(Share * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>Bytes as words, such as <c>1.5 GB</c>.</summary>
    public static string Gigabytes(double bytes) => (bytes / 1e9).ToString("0.0", CultureInfo.InvariantCulture) + " GB";
}

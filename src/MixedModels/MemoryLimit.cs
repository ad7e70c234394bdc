using System.Globalization;
using MixedModels.Data;
using MixedModels.Estimation.Linear;

namespace MixedModels;

/// <summary>Refuses a fit whose storage does not fit, before anything of it is allocated.</summary>
internal static class MemoryLimit
{
    /// <summary>The share of the machine's memory a fit may plan for.</summary>
    private const double Share = 0.8;

    /// <summary>Throws where the plan's bytes exceed the memory at hand, or a border its largest array.</summary>
    /// <exception cref="DataException">The plan does not fit; the message has the figures and what to do instead.</exception>
    public static void ThrowIfExceeded(BlockPlan plan)
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var tooLarge = plan.Symbolic is null && (long)plan.BorderOrder * plan.BorderOrder > Array.MaxLength;
        if (!tooLarge && plan.Bytes <= Share * available) return;
        throw new DataException(
            $"The model needs {Gigabytes(plan.Bytes)} of memory; this machine offers {Gigabytes((long)(Share * available))} to a fit. "
            + $"Most of it is the {plan.BorderOrder:N0} × {plan.BorderOrder:N0} border of the crossed random effects. "
            + "Leave out the smaller of the crossed terms or its slopes, or fit on a subset of its levels.");
    }

    private static string Gigabytes(long bytes) => (bytes / 1e9).ToString("0.0", CultureInfo.InvariantCulture) + " GB";
}

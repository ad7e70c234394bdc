using MixedModels.Data;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.Execution;

namespace MixedModels;

/// <summary>Refuses a fit whose storage does not fit, before anything of it is allocated.</summary>
internal static class MemoryLimit
{
    /// <summary>Throws where the effects cannot even be numbered.</summary>
    /// <exception cref="DataException">There are more than 2³¹ − 1.</exception>
    public static void ThrowIfTooManyEffects(LinearData data)
    {
        var effects = data.Terms.Sum(term => (long)term.LevelCount * term.Dimension);
        if (effects <= int.MaxValue) return;
        throw new DataException(FormattableString.Invariant(
            $"The random terms have {effects:N0} effects together; a model holds {int.MaxValue:N0}. Leave out slopes or a term, or fit on a subset of the levels."));
    }

    /// <summary>Throws where the blocks of a plan exceed the memory at hand, or one of them its largest array.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="available">Bytes at hand.</param>
    /// <exception cref="DataException">They do not fit; the message has the figures and what to do instead.</exception>
    public static void ThrowIfExceeded(IReadOnlyList<PlannedBlock> blocks, long available)
    {
        var bytes = blocks.Sum(block => (double)block.Bytes);
        var widest = blocks.MaxBy(block => block.LargestArray)!;
        if (widest.LargestArray > Array.MaxLength)
        {
            throw new DataException(FormattableString.Invariant(
                $"The model needs {AvailableMemory.Gigabytes(bytes)} of memory, and of its block {Describe(widest)} an array of {widest.LargestArray:N0} numbers; one array holds {Array.MaxLength:N0}. {Advice(widest)}"));
        }

        if (bytes <= available) return;
        var largest = blocks.MaxBy(block => block.Bytes)!;
        throw new DataException(
            $"The model needs {AvailableMemory.Gigabytes(bytes)} of memory; this machine offers {AvailableMemory.Gigabytes(available)} to a fit. "
            + $"Most of it, {AvailableMemory.Gigabytes(largest.Bytes)}, is the block {Describe(largest)}. {Advice(largest)}");
    }

    private static string Describe(PlannedBlock block) => FormattableString.Invariant($"{block.Name} ({block.Rows:N0} × {block.Columns:N0})");

    private static string Advice(PlannedBlock block) => block.Name switch
    {
        PlannedBlocks.ColumnsName => "Use fewer columns, a factor with many levels as the group of a random term and not as a fixed effect, or fewer rows.",
        PlannedBlocks.BorderName or PlannedBlocks.CouplingName => "Leave out the smaller of the crossed random terms or its slopes, or fit on a subset of its levels.",
        _ => "Use fewer fixed effects or fewer slopes in the random terms, or fit on a subset of the levels.",
    };
}

using MixedModels.Data;
using MixedModels.Execution;

namespace MixedModels.Design;

/// <summary>Refuses a design matrix that cannot be held, before anything of it is allocated.</summary>
internal static class MatrixSize
{
    /// <summary>The coding of a factor, levels × levels, or the copy without dependent columns may take as much again as the matrix.</summary>
    private const int Copies = 2;

    /// <summary>Checks that a matrix fits one array and the memory at hand.</summary>
    /// <param name="what">What needs the matrix, the subject of the message.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns; a product of many levels may pass any whole number.</param>
    /// <param name="available">Bytes at hand.</param>
    /// <exception cref="DataException">It does not fit; the message has the figures and what to do instead.</exception>
    public static void Require(string what, int rows, double columns, long available)
    {
        var most = Math.Min(available / Copies, sizeof(double) * (long)Array.MaxLength);
        var bytes = sizeof(double) * rows * columns;
        if (bytes <= most) return;
        throw new DataException(FormattableString.Invariant(
            $"{what} needs a design matrix of {rows:N0} rows × {columns:N0} columns, {AvailableMemory.Gigabytes(bytes)}; at most {AvailableMemory.Gigabytes(most)} can be held. ")
            + "A factor with many levels belongs in a random term, as the group of (1 | g).");
    }
}

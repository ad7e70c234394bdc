namespace MixedModels.Formula;

/// <summary>A formula that cannot be read or that names something the data or the library does not have.</summary>
public sealed class FormulaException : MixedModelsException
{
    /// <summary>Creates the exception with its complete message and, where known, the place in the formula.</summary>
    /// <param name="message">What, where, found, wanted, what to try.</param>
    /// <param name="position">Zero-based character position in the formula, or −1.</param>
    public FormulaException(string message, int position = -1)
        : base(message) => Position = position;

    /// <summary>Zero-based character position in the formula, or −1 where it has none.</summary>
    public int Position { get; }
}

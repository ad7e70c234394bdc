namespace MixedModels;

/// <summary>An input the library cannot use; the message says what, where, found, wanted, and what to try.</summary>
/// <remarks>Wrong calls throw the framework's argument exceptions; hard problems (singular, not converged) are findings of a fit.</remarks>
public abstract class MixedModelsException : Exception
{
    /// <summary>Creates the exception with its complete message.</summary>
    protected MixedModelsException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its complete message and the failure below it.</summary>
    protected MixedModelsException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

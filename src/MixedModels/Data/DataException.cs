namespace MixedModels.Data;

/// <summary>Data that cannot be used: a file, a column or a value, named by the message.</summary>
public sealed class DataException : MixedModelsException
{
    /// <summary>Creates the exception with its complete message.</summary>
    public DataException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its complete message and the failure below it.</summary>
    public DataException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

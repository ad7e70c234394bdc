namespace MixedModels;

/// <summary>A question that a fit cannot answer as it is put; the message says why and what to ask instead.</summary>
public sealed class InferenceException : MixedModelsException
{
    internal InferenceException(string message)
        : base(message)
    {
    }
}

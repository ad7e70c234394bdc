namespace MixedModels.Reporting.Plots;

/// <summary>A figure that cannot be drawn as it is asked for; the message says why and what there is instead.</summary>
public sealed class PlotException : MixedModelsException
{
    internal PlotException(string message)
        : base(message)
    {
    }
}

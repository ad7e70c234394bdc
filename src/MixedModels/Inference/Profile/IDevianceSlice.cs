using MixedModels.Optimization;

namespace MixedModels.Inference.Profile;

/// <summary>The deviance over the free parameters that are left where something is held.</summary>
internal interface IDevianceSlice : ISmoothObjective
{
    /// <summary>The free parameters of the Phi it was laid through.</summary>
    double[] Start { get; }

    /// <summary>Phi at free parameters.</summary>
    double[] Phi(ReadOnlySpan<double> free);
}

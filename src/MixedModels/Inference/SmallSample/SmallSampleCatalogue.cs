namespace MixedModels.Inference.SmallSample;

/// <summary>The methods by name.</summary>
internal static class SmallSampleCatalogue
{
    /// <summary>A method at a fit.</summary>
    /// <exception cref="InferenceException">The method does not apply to this fit; the message says why and what to do.</exception>
    public static SmallSampleMethod Create(DegreesOfFreedom method, IFittedEffects fit) => method switch
    {
        DegreesOfFreedom.Satterthwaite => new SatterthwaiteMethod(fit),
        DegreesOfFreedom.KenwardRoger => new KenwardRogerMethod(fit, observed: false),
        DegreesOfFreedom.KenwardRogerObserved => new KenwardRogerMethod(fit, observed: true),
        DegreesOfFreedom.KenwardRogerLinear => new KenwardRogerMethod(fit, observed: true, linear: true),
        DegreesOfFreedom.Containment => new ContainmentMethod(fit),
        DegreesOfFreedom.BetweenWithin => new BetweenWithinMethod(fit),
        DegreesOfFreedom.Residual => new ResidualMethod(fit),
        DegreesOfFreedom.None => new AsymptoticMethod(fit),
        DegreesOfFreedom.JointHessian => new JointHessianMethod(fit),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "No such method for degrees of freedom."),
    };
}

namespace MixedModels.Benchmarks.Fits.Peers;

/// <summary>What peer.R says of a case.</summary>
/// <param name="Seconds">The median of a fit, design included.</param>
/// <param name="LogLikelihood">The restricted log-likelihood at its optimum.</param>
/// <param name="Evaluations">Evaluations of the criterion; null where it does not say.</param>
/// <param name="Repetitions">How many fits the median is of.</param>
/// <param name="PeakBytes">The most memory the process held, data and packages included.</param>
internal sealed record PeerFit(double Seconds, double LogLikelihood, int? Evaluations, int Repetitions, long PeakBytes)
{
    /// <summary>The REML criterion at its optimum.</summary>
    public double Deviance => -2 * LogLikelihood;
}

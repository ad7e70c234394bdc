namespace MixedModels.Benchmarks.Fits.Peers;

/// <summary>What the re-creation of MixedModels.jl's search found.</summary>
/// <param name="Seconds">Cross products and search, elapsed; the median.</param>
/// <param name="Evaluations">Evaluations of the criterion.</param>
/// <param name="Deviance">The REML criterion at its optimum.</param>
internal sealed record JuliaLikeFit(double Seconds, int Evaluations, double Deviance)
{
    /// <summary>How many runs the median is of.</summary>
    public int Repetitions { get; init; } = 1;

    /// <summary>Whether its model is the case's own; with a covariate put in, the work is the same and the criterion another.</summary>
    public bool IsSameModel { get; init; }
}

using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary>
/// The covariance of residuals between the sites of one subject (visits, or points in time or space), as a smooth function of free
/// parameters phi. A structure is a file: its formula, its parameters on their natural scale, and where a search starts. Immutable.
/// </summary>
/// <remarks>
/// Every phi gives a positive definite matrix. The variance at the first site is 1, and at all sites where the structure is a correlation;
/// sigma² and standard deviations by site multiply it. Derivatives come from <see cref="Jet"/>s.
/// </remarks>
internal abstract class ResidualStructure
{
    protected ResidualStructure(ResidualSites sites) => Sites = sites;

    /// <summary>The structure's name in the formula language.</summary>
    public abstract string Name { get; }

    /// <summary>What it means, for a summary.</summary>
    public abstract string Words { get; }

    /// <summary>The number of free parameters.</summary>
    public abstract int ParameterCount { get; }

    /// <summary>The sites.</summary>
    public ResidualSites Sites { get; }

    /// <summary>Whether every site has variance 1.</summary>
    public virtual bool IsCorrelation => true;

    /// <summary>The matrix over the sites: entry (a, b), a ≥ b, at <see cref="Jet.Pair"/>.</summary>
    public abstract Jet[] Evaluate(Jet[] phi);

    /// <summary>The parameters on their natural scale, by name, in which SAS writes the structure.</summary>
    public abstract IReadOnlyList<(string Name, Jet Value)> Natural(Jet[] phi);

    /// <summary>What natural parameter k is between.</summary>
    public virtual (double Lower, double Upper) Bounds(int k) => (-1, 1);

    /// <summary>Points from which a search may start; the best of them is taken.</summary>
    /// <param name="moments">The sites' correlations by the method of moments, v×v; NaN where no subject has both.</param>
    public abstract IEnumerable<double[]> Starts(double[] moments);

    /// <summary>
    /// The matrix between the last of some places and each of them, O(places): what the structure says beyond its own sites. Null where its parameters belong to these.
    /// </summary>
    /// <param name="phi">The parameters over this structure's own sites.</param>
    /// <param name="places">Any places of the same kind; two of them may be one, of different rows.</param>
    public virtual double[]? LastRow(double[] phi, ResidualSites places) => null;

    /// <summary>The structure over other sites of the same kind; null where its parameters belong to these sites.</summary>
    public virtual ResidualStructure? Over(ResidualSites sites) => null;

    /// <summary>A row of numbers between the last place and each of those before, and 1 at its end.</summary>
    protected static double[] RowOf(ResidualSites places, Func<int, double> correlation)
    {
        var last = places.Count - 1;
        return [.. Enumerable.Range(0, last).Select(correlation), 1];
    }

    /// <summary>The inverse of tanh, kept away from ±1.</summary>
    protected static double Atanh(double r) => Math.Atanh(Math.Clamp(double.IsNaN(r) ? 0 : r, -0.95, 0.95));
}

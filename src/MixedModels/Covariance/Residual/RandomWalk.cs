using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary>
/// <c>rw</c>: an integrated process, e_t = e_t−1 + a_t with a_t ~ N(0, sigma²) a visit and the first residual a_1; the covariance of two visits is
/// sigma² (1 + visits from the first to the earlier of them).
/// </summary>
internal sealed class RandomWalk(ResidualSites sites, double? origin = null) : ResidualStructure(sites), IMarkovStructure
{
    // The time of the first site of the data, whichever sites are at hand.
    private readonly double first = origin ?? sites.Coordinates[0].Min();

    public override string Name => "rw";

    public override string Words => "random walk: independent steps from visit to visit";

    public override int ParameterCount => 0;

    public override bool IsCorrelation => false;

    public override Jet[] Evaluate(Jet[] phi)
    {
        var times = Sites.Coordinates[0];
        var R = new Jet[Sites.Count * (Sites.Count + 1) / 2];
        for (var a = 0; a < Sites.Count; a++)
        {
            for (var b = 0; b <= a; b++) R[Jet.Pair(a, b)] = 1 + Math.Min(times[a], times[b]) - first;
        }

        return R;
    }

    public bool IsMarkov => true;

    public (double, double) StepClass(int from, int to) => (from < 0 ? -1 : 1, Variance(from, to));

    public Jet[] Prepare(Jet[] phi) => phi;

    public (Jet Coefficient, Jet Variance) Step(Jet[] prepared, int from, int to) => (from < 0 ? 0 : 1, Variance(from, to));

    public override IReadOnlyList<(string Name, Jet Value)> Natural(Jet[] phi) => [];

    public override IEnumerable<double[]> Starts(double[] moments) => [[]];

    public override double[] LastRow(double[] phi, ResidualSites places)
    {
        var times = places.Coordinates[0];
        return Array.ConvertAll(times, time => 1 + Math.Min(time, times[^1]) - first);
    }

    public override ResidualStructure Over(ResidualSites sites) => new RandomWalk(sites, first);

    private double Variance(int from, int to) => from < 0 ? 1 + Sites.Coordinates[0][to] - first : Sites.Coordinates[0][to] - Sites.Coordinates[0][from];
}

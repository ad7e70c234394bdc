using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary>
/// Correlations that fall with the distance d over a range r, (1 − nugget)·f(d/r) between distinct rows. The parameters are log r, in units of a
/// typical distance, and the nugget's logit.
/// </summary>
internal abstract class Spatial : ResidualStructure
{
    private readonly double unit;

    protected Spatial(ResidualSites sites, ResidualOptions options)
        : base(sites)
    {
        unit = options.DistanceUnit > 0 ? options.DistanceUnit : sites.TypicalDistance();
        Options = options with { DistanceUnit = unit };
    }

    public override int ParameterCount => Options.HasNugget ? 2 : 1;

    /// <summary>The options, the distance unit chosen.</summary>
    protected ResidualOptions Options { get; }

    public override Jet[] Evaluate(Jet[] phi)
    {
        var inverseRange = InverseRange(phi);
        Jet share = Options.HasNugget ? 1 - phi[1].Logistic() : 1;
        var R = new Jet[Sites.Count * (Sites.Count + 1) / 2];
        for (var a = 0; a < Sites.Count; a++)
        {
            for (var b = 0; b < a; b++)
            {
                var f = Decay(Sites.Distance(a, b) * inverseRange);
                R[Jet.Pair(a, b)] = Options.HasNugget ? share * f : f;
            }

            R[Jet.Pair(a, a)] = 1;
        }

        return R;
    }

    public override double[] LastRow(double[] phi, ResidualSites places)
    {
        Jet[] constants = Array.ConvertAll(phi, Jet.Constant);
        var inverseRange = InverseRange(constants).Value;
        var share = Options.HasNugget ? 1 - constants[1].Logistic().Value : 1;
        return RowOf(places, other => share * Decay(places.Distance(other, places.Count - 1) * inverseRange).Value);
    }

    public override (double Lower, double Upper) Bounds(int k) => k == 0 ? (0, double.PositiveInfinity) : (0, 1);

    public override IReadOnlyList<(string Name, Jet Value)> Natural(Jet[] phi)
    {
        var range = Range(unit * phi[0].Exp());
        return Options.HasNugget ? [range, ("nugget", phi[1].Logistic())] : [range];
    }

    public override IEnumerable<double[]> Starts(double[] moments)
    {
        // Within the extent of the data: beyond it the range and sigma are one parameter, and a search that starts there may never come back.
        double[] nuggets = Options.HasNugget ? [-2.5, -1, 0.5] : [0];
        foreach (var range in new[] { 0.03, 0.1, 0.3, 0.6, 1.2 })
        {
            foreach (var nugget in nuggets) yield return Options.HasNugget ? [Math.Log(range), nugget] : [Math.Log(range)];
        }
    }

    /// <summary>1/r.</summary>
    protected Jet InverseRange(Jet[] phi) => (-phi[0]).Exp() / unit;

    /// <summary>f(h) with f(0) = 1, at a distance of h ranges.</summary>
    protected abstract Jet Decay(Jet h);

    /// <summary>The range by the name and on the scale that the structure gives it.</summary>
    protected virtual (string Name, Jet Value) Range(Jet range) => ("range", range);
}

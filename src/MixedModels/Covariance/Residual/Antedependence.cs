using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary><c>ad</c>, <c>adh</c>: first-order antedependence, a correlation for each pair of neighbouring visits, products of them for others. SAS's ANTE(1) is <c>adh</c>.</summary>
internal sealed class Antedependence(ResidualSites sites) : ResidualStructure(sites), IMarkovStructure
{
    public override string Name => "ad";

    public override string Words => "antedependence: a correlation for each pair of neighbouring visits, products of them for others";

    public override int ParameterCount => Sites.Count - 1;

    public bool IsMarkov => true;

    public override Jet[] Evaluate(Jet[] phi)
    {
        var R = new Jet[Sites.Count * (Sites.Count + 1) / 2];
        for (var a = 0; a < Sites.Count; a++)
        {
            R[Jet.Pair(a, a)] = 1;
            for (var b = a - 1; b >= 0; b--) R[Jet.Pair(a, b)] = R[Jet.Pair(a, b + 1)] * phi[b].Tanh();
        }

        return R;
    }

    public (double, double) StepClass(int from, int to) => (from, from < 0 ? -1 : to);

    public Jet[] Prepare(Jet[] phi) => Array.ConvertAll(phi, x => x.Tanh());

    public (Jet Coefficient, Jet Variance) Step(Jet[] prepared, int from, int to)
    {
        if (from < 0) return (0, 1);
        Jet rho = 1;
        for (var b = from; b < to; b++) rho *= prepared[b];
        return (rho, 1 - (rho * rho));
    }

    public override IReadOnlyList<(string Name, Jet Value)> Natural(Jet[] phi) =>
        [.. phi.Select((x, k) => ($"rho[{Sites.Names[k]},{Sites.Names[k + 1]}]", x.Tanh()))];

    public override IEnumerable<double[]> Starts(double[] moments)
    {
        var v = Sites.Count;
        yield return [.. Enumerable.Range(1, v - 1).Select(a => Atanh(moments[a + ((a - 1) * v)] / Math.Sqrt(moments[a * (v + 1)] * moments[(a - 1) * (v + 1)])))];
        yield return new double[v - 1];
    }
}

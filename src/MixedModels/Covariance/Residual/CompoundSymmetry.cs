using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary><c>cs</c>, <c>csh</c>: one correlation between any two of k sites, from −1/(k − 1) to 1.</summary>
internal sealed class CompoundSymmetry(ResidualSites sites) : ResidualStructure(sites)
{
    public override string Name => "cs";

    public override string Words => "compound symmetry: one correlation between any two visits";

    public override int ParameterCount => Sites.Count > 1 ? 1 : 0;

    private double Least => -1.0 / (Sites.Count - 1);

    public override Jet[] Evaluate(Jet[] phi)
    {
        var R = new Jet[Sites.Count * (Sites.Count + 1) / 2];
        var rho = Sites.Count > 1 ? Rho(phi) : 0;
        for (var a = 0; a < Sites.Count; a++)
        {
            for (var b = 0; b <= a; b++) R[Jet.Pair(a, b)] = a == b ? 1 : rho;
        }

        return R;
    }

    public override (double Lower, double Upper) Bounds(int k) => (Least, 1);

    public override IReadOnlyList<(string Name, Jet Value)> Natural(Jet[] phi) => Sites.Count > 1 ? [("rho", Rho(phi))] : [];

    public override IEnumerable<double[]> Starts(double[] moments) => Sites.Count < 2
        ? [[]]
        : new[] { -0.5, 0, 0.2, 0.5, 0.8 }.Select(rho => rho < 0 ? 0.5 * Least : rho).Select(rho => new[] { Math.Log((rho - Least) / (1 - rho)) });

    public override double[] LastRow(double[] phi, ResidualSites places)
    {
        // A structure over one visit says nothing about two.
        var rho = Sites.Count > 1 ? Rho([phi[0]]).Value : double.NaN;
        return RowOf(places, _ => rho);
    }

    private Jet Rho(Jet[] phi) => Least + ((1 - Least) * phi[0].Logistic());
}

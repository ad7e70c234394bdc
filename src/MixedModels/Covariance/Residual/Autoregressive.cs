using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary><c>ar1</c>, <c>ar1h</c>: the correlation of two visits is rho to the power of the visits between them; phi = artanh rho.</summary>
internal sealed class Autoregressive(ResidualSites sites) : ResidualStructure(sites), IMarkovStructure
{
    public override string Name => "ar1";

    public override string Words => "first-order autoregressive: the correlation is rho to the power of the lag";

    public override int ParameterCount => 1;

    public bool IsMarkov => true;

    public override Jet[] Evaluate(Jet[] phi)
    {
        var rho = phi[0].Tanh();
        var byLag = Enumerable.Range(0, Sites.Span + 1).Select(rho.Power).ToArray();
        return Lags.Spread(Sites, byLag);
    }

    public override IReadOnlyList<(string Name, Jet Value)> Natural(Jet[] phi) => [("rho", phi[0].Tanh())];

    public override IEnumerable<double[]> Starts(double[] moments) => new[] { -0.5, 0, 0.3, 0.6, 0.85, 0.97 }.Select(rho => new[] { Math.Atanh(rho) });

    public (double, double) StepClass(int from, int to) => (from < 0 ? -1 : Sites.Lag(from, to), 0);

    public Jet[] Prepare(Jet[] phi) => [phi[0].Tanh()];

    public (Jet Coefficient, Jet Variance) Step(Jet[] prepared, int from, int to)
    {
        if (from < 0) return (0, 1);
        var rho = prepared[0].Power(Sites.Lag(from, to));
        return (rho, 1 - (rho * rho));
    }

    public override double[] LastRow(double[] phi, ResidualSites places)
    {
        var rho = Math.Tanh(phi[0]);
        return RowOf(places, other => Math.Pow(rho, places.Lag(other, places.Count - 1)));
    }

    public override ResidualStructure Over(ResidualSites sites) => new Autoregressive(sites);
}

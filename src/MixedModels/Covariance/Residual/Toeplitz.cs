using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary><c>toep</c>, <c>toeph</c>: a correlation for each lag. The parameters are the artanh of the partial autocorrelations, so that every value gives a positive definite matrix.</summary>
internal sealed class Toeplitz(ResidualSites sites) : ResidualStructure(sites)
{
    public override string Name => "toep";

    public override string Words => "Toeplitz: a correlation for each lag";

    public override int ParameterCount => Sites.Span;

    public override Jet[] Evaluate(Jet[] phi) => Lags.Spread(Sites, ByLag(phi));

    public override IReadOnlyList<(string Name, Jet Value)> Natural(Jet[] phi) =>
        [.. ByLag(phi).Skip(1).Select((rho, k) => (FormattableString.Invariant($"rho{k + 1}"), rho))];

    public override IEnumerable<double[]> Starts(double[] moments)
    {
        // The partial autocorrelation of order k is what the correlation at lag k adds to a prediction from the shorter lags.
        var averages = Lags.Averages(Sites, moments);
        var phi = new double[ParameterCount];
        var (coefficients, rho) = (Array.Empty<Jet>(), new double[phi.Length + 1]);
        rho[0] = 1;
        for (var k = 0; k < phi.Length; k++)
        {
            var (predicted, explained) = Predicted(coefficients, rho, k);
            phi[k] = Atanh((averages[k + 1] - predicted) / (1 - explained));
            rho[k + 1] = predicted + (Math.Tanh(phi[k]) * (1 - explained));
            coefficients = Lags.Extend(coefficients, Math.Tanh(phi[k]));
        }

        yield return phi;
        yield return new double[ParameterCount];
    }

    private static Jet[] ByLag(Jet[] phi)
    {
        var rho = new Jet[phi.Length + 1];
        rho[0] = 1;
        Jet[] coefficients = [];
        for (var k = 0; k < phi.Length; k++)
        {
            Jet predicted = 0;
            Jet explained = 0;
            for (var j = 0; j < k; j++)
            {
                predicted += coefficients[j] * rho[k - j];
                explained += coefficients[j] * rho[j + 1];
            }

            var partial = phi[k].Tanh();
            rho[k + 1] = predicted + (partial * (1 - explained));
            coefficients = Lags.Extend(coefficients, partial);
        }

        return rho;
    }

    private static (double Predicted, double Explained) Predicted(Jet[] coefficients, double[] rho, int k)
    {
        var (predicted, explained) = (0.0, 0.0);
        for (var j = 0; j < k; j++)
        {
            predicted += coefficients[j].Value * rho[k - j];
            explained += coefficients[j].Value * rho[j + 1];
        }

        return (predicted, explained);
    }
}

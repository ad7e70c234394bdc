using MixedModels.Numerics;

namespace MixedModels.Families.Links;

/// <summary><c>probit</c>: mu = Φ(eta).</summary>
internal sealed class ProbitLink : Link
{
    /// <summary>Below this Φ would underflow soon and the Mills ratio is taken from its asymptotic series.</summary>
    private const double FarTail = -30;

    /// <inheritdoc/>
    public override string Name => "probit";

    /// <inheritdoc/>
    public override double Predictor(double mu) => NormalDistribution.Quantile(mu);

    /// <inheritdoc/>
    public override Taylor Mean(double eta)
    {
        var density = NormalDistribution.Density(eta);
        return new(NormalDistribution.Lower(eta), density, -eta * density, ((eta * eta) - 1) * density);
    }

    /// <inheritdoc/>
    public override Taylor LogMean(double eta)
    {
        var (log, r) = Mills(eta);
        var sum = eta + r;
        return new(log, r, -r * sum, r * ((sum * (r + sum)) - 1));
    }

    /// <inheritdoc/>
    public override Taylor LogComplement(double eta)
    {
        var own = LogMean(-eta);
        return new(own.Value, -own.First, own.Second, -own.Third);
    }

    /// <summary>log Φ(x) and φ(x)/Φ(x). Source: Abramowitz and Stegun 26.2.12 in the far tail.</summary>
    private static (double Log, double Ratio) Mills(double x)
    {
        if (x > FarTail)
        {
            var lower = NormalDistribution.Lower(x);
            return (Math.Log(lower), NormalDistribution.Density(x) / lower);
        }

        var s = 1 / (x * x);
        var series = 1 - (s * (1 - (3 * s * (1 - (5 * s * (1 - (7 * s * (1 - (9 * s)))))))));
        return ((-0.5 * x * x) - (0.5 * Math.Log(2 * Math.PI)) + Math.Log(series / -x), -x / series);
    }
}

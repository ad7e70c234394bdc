namespace MixedModels.Families.Links;

/// <summary><c>logit</c>: mu = 1/(1 + exp(−eta)).</summary>
internal sealed class LogitLink : Link
{
    /// <inheritdoc/>
    public override string Name => "logit";

    /// <inheritdoc/>
    public override double Predictor(double mu) => Math.Log(mu / (1 - mu));

    /// <inheritdoc/>
    public override Taylor Mean(double eta)
    {
        var (mu, complement) = Tails(eta);
        var slope = mu * complement;
        return new(mu, slope, slope * (complement - mu), slope * (1 - (6 * slope)));
    }

    /// <inheritdoc/>
    public override Taylor LogMean(double eta)
    {
        var (mu, complement) = Tails(eta);
        var slope = mu * complement;
        return new(-Softplus(-eta), complement, -slope, -slope * (complement - mu));
    }

    /// <inheritdoc/>
    public override Taylor LogComplement(double eta)
    {
        var (mu, complement) = Tails(eta);
        var slope = mu * complement;
        return new(-Softplus(eta), -mu, -slope, -slope * (complement - mu));
    }

    /// <summary>log(1 + exp(x)) without overflow.</summary>
    internal static double Softplus(double x) => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x)));

    /// <summary>mu and 1 − mu, each with its own digits.</summary>
    internal static (double Mean, double Complement) Tails(double eta)
    {
        var e = Math.Exp(-Math.Abs(eta));
        var (small, large) = (e / (1 + e), 1 / (1 + e));
        return eta >= 0 ? (large, small) : (small, large);
    }

    // Kahan's log1p for x in [0, 1]: the error of forming 1 + x is divided out.
    private static double LogOnePlus(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : Math.Log(u) * (x / (u - 1));
    }
}

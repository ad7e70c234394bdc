namespace MixedModels.Estimation.Marginal;

/// <summary>What the gradient of a marginal deviance is made of. Filled once, then read.</summary>
internal sealed class MarginalSlopes
{
    private readonly int p;

    public MarginalSlopes(int count, int p)
    {
        this.p = p;
        Log = new double[count];
        H = [.. Enumerable.Range(0, count).Select(_ => new double[(p + 1) * (p + 1)])];
    }

    /// <summary>tr V⁻¹dV_k.</summary>
    public double[] Log { get; }

    /// <summary>A parameter: [U e]'E_k[U e], (p + 1)×(p + 1), as in <see cref="MarginalDeviance"/>.</summary>
    public double[][] H { get; }

    /// <summary>b_k = e'E_ke.</summary>
    public double b(int k) => H[k][^1];

    /// <summary>A derivative of the deviance.</summary>
    /// <param name="k">The parameter.</param>
    /// <param name="reml">Whether the criterion is the restricted one.</param>
    /// <param name="ratio">1/sigma², or nu/r² where that is profiled out.</param>
    public double Gradient(int k, bool reml, double ratio)
    {
        var slope = Log[k] - (ratio * b(k));
        for (var j = 0; reml && j < p; j++) slope -= H[k][j * (p + 2)];
        return slope;
    }
}

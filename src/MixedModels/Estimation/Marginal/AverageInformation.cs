using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// Products q_k'P q_l of the working vectors q_k = dV_k V⁻¹(y − X beta): no trace is formed, only one solution with M a parameter.
/// Gilmour, Thompson and Cullis 1995, Biometrics 51, 1440–1450, eq. 5. One use an instance.
/// </summary>
internal sealed class AverageInformation
{
    private readonly int n;
    private readonly int p;
    private readonly int count;
    private readonly double[] directions;
    private readonly double[] U;
    private readonly RowWhitening whitening;
    private readonly PenalizedSystem system;
    private readonly StandardizedData whitened;

    /// <summary>Takes what does not depend on the parameter.</summary>
    /// <param name="n">The number of rows.</param>
    /// <param name="p">The number of fixed effects.</param>
    /// <param name="count">The number of parameters.</param>
    /// <param name="U">n×p Û: what the random effects leave of X RX⁻ᵀ.</param>
    /// <param name="whitening">W.</param>
    /// <param name="system">M, factored.</param>
    /// <param name="whitened">The whitened rows.</param>
    public AverageInformation(int n, int p, int count, ReadOnlySpan<double> U, RowWhitening whitening, PenalizedSystem system, StandardizedData whitened)
    {
        (this.n, this.p, this.count, this.U, this.whitening, this.system, this.whitened) = (n, p, count, U.ToArray(), whitening, system, whitened);
        directions = new double[n * count];
    }

    /// <summary>W q_k, to be filled: n numbers.</summary>
    public Span<double> Direction(int parameter) => directions.AsSpan(parameter * n, n);

    /// <summary>factor · q_k'P q_l with P = V⁻¹ − V⁻¹X(X'V⁻¹X)⁻¹X'V⁻¹, K×K.</summary>
    public double[] Form(double factor)
    {
        var form = new double[count * count];
        Product.Add(factor, directions, n, true, directions, n, false, form, count, count, count, n);
        if (system.q > 0)
        {
            var (effects, image) = (new double[system.q * count], new double[system.q * count]);
            for (var k = 0; k < count; k++)
            {
                for (var t = 0; t < whitened.Data.Terms.Count; t++)
                    TermProducts.AddEffects(whitened.Data.Terms[t], whitened.Z[t], Direction(k), effects.AsSpan((k * system.q) + system.Offset(t), system.Offset(t + 1) - system.Offset(t)));
            }

            system.ApplyConditional(effects, count, image);
            Product.Add(-factor, effects, system.q, true, image, system.q, false, form, count, count, count, system.q);
        }

        if (p == 0) return form;
        var (own, XQ) = (whitening.Apply(U, n), new double[p * count]);
        Product.Add(1, own, n, true, directions, n, false, XQ, p, p, count, n);
        Product.Add(-factor, XQ, p, true, XQ, p, false, form, count, count, count, p);
        return form;
    }
}

using MixedModels.Covariance;
using MixedModels.Design;
using MixedModels.Estimation.Generalized;
using MixedModels.Estimation.Linear;
using MixedModels.Families;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Generalized;

/// <summary>
/// The deviance of a generalized model on storage of its own, to be evaluated and minimised as often as inference needs, apart from the fit it came
/// from. A workspace of one thread.
/// </summary>
internal sealed class GeneralizedProblem(StandardizedData data, LaplaceDeviance deviance)
{
    private readonly UserUnits units = new(data);

    /// <summary>The standardised X and Z.</summary>
    public StandardizedData Data => data;

    /// <summary>The deviance of the response at hand.</summary>
    public LaplaceDeviance Deviance { get; private set; } = deviance;

    /// <summary>The family.</summary>
    public Family Family => Deviance.Data.Family;

    /// <summary>Takes another response for the same X, Z and storage. O(n).</summary>
    public void ReplaceResponse(ReadOnlySpan<double> response) => Deviance = Deviance.WithResponse(data, response);

    /// <summary>All parameters at phi, whose first are those of a layout, in the order of a list.</summary>
    public double[] Values(ParameterList list, ThetaLayout layout, ReadOnlySpan<double> phi)
    {
        var covariances = new double[layout.TermCount][];
        for (var t = 0; t < covariances.Length; t++) covariances[t] = units.Covariance(t, RelativeCovariance.Of(layout.Structure(t), layout.Slice(phi[..layout.Count], t)));
        double[] natural = [.. Family.NaturalParameters(Deviance.Psi(phi))];

        // Fixed effects of the inner loop are those at the joint mode there.
        if (Deviance.Mode.Inner is not null) Deviance.Value(phi);
        return list.Values(Coefficients(Deviance.Beta(phi)), covariances, 1, natural);
    }

    /// <summary>The weights of beta* in one fixed effect: √n (R⁻¹)_j.</summary>
    public double[] CoefficientWeights(int coefficient)
    {
        // R'w = e_j.
        var (p, R) = (data.Data.p, data.R);
        var w = new double[p];
        w[coefficient] = Math.Sqrt(data.Data.n);
        for (var j = 0; j < p; j++)
        {
            for (var k = 0; k < j; k++) w[j] -= R[k + (j * p)] * w[k];
            w[j] /= R[j * (p + 1)];
        }

        return w;
    }

    private double[] Coefficients(ReadOnlySpan<double> standardized)
    {
        var beta = standardized.ToArray();
        Vectors.Scale(Math.Sqrt(data.Data.n), beta);
        UserUnits.SolveUpper(data.R, data.Data.p, beta);
        return beta;
    }
}

using MixedModels.Design;
using MixedModels.Estimation.Generalized;
using MixedModels.Families;

namespace MixedModels.Inference.Generalized;

/// <summary>
/// Wald intervals of all parameters of a generalized model from the Hessian in all of them: fixed effects as they are, standard deviations and a family's parameters
/// by their logarithm, correlations by Fisher's z, each on a scale without bounds. Parameters of structures have none. The covariance is the model's or a robust one.
/// </summary>
/// <remarks>With G the covariance and dG_k its derivative in theta_k: d log sd_i = ½dG_ii/G_ii, d atanh(ρ) = dρ/(1 − ρ²), dρ = dG_ij/(sd_i sd_j) − ρ(d log sd_i + d log sd_j).</remarks>
internal sealed class GeneralizedWaldIntervals(ModelDesign design, GeneralizedEstimate estimate, GeneralizedCovariance covariance, Family family, double quantile)
{
    private readonly int all = estimate.AllParameters;

    /// <summary>The intervals in the order of the parameters; NaN ends where there is no information, as on the boundary.</summary>
    public IReadOnlyList<ConfidenceInterval> List()
    {
        var list = new ParameterList(design, family);
        double[] natural = [.. family.NaturalParameters(estimate.FamilyParameters)];
        var values = list.Values(estimate.Coefficients, estimate.Covariances, 1, natural);
        return [.. list.All.Select((parameter, k) => Of(parameter, values[k])).OfType<ConfidenceInterval>()];
    }

    private ConfidenceInterval? Of(ListedParameter parameter, double value)
    {
        switch (parameter.Kind)
        {
            case ParameterKind.Coefficient:
                var half = quantile * Math.Sqrt(covariance.Coefficients[parameter.First * (design.Fixed.ColumnNames.Count + 1)]);
                return new(parameter.Name, value, value - half, value + half);
            case ParameterKind.Family:
                var gradient = new double[all];
                gradient[all - family.ParameterNames.Count + parameter.First] = 1;
                return Logarithmic(parameter.Name, value, Error(gradient));
            case ParameterKind.Deviation:
                return Logarithmic(parameter.Name, value, Error(Slopes(dG => LogDeviation(parameter.Term, parameter.First, dG), parameter.Term)));
            case ParameterKind.Correlation:
                var z = Math.Atanh(value);
                var error = Error(Slopes(dG => Correlation(parameter, value, dG) / (1 - (value * value)), parameter.Term));
                return new(parameter.Name, value, Math.Tanh(z - (quantile * error)), Math.Tanh(z + (quantile * error)));
            default:
                return null;
        }
    }

    private ConfidenceInterval Logarithmic(string name, double value, double error) =>
        new(name, value, value * Math.Exp(-quantile * error), value * Math.Exp(quantile * error));

    private double Error(double[] gradient)
    {
        var variance = covariance.Form(gradient);
        return variance > 0 ? Math.Sqrt(variance) : double.NaN;
    }

    private double[] Slopes(Func<double[], double> slope, int term)
    {
        var gradient = new double[all];
        for (var k = 0; k < estimate.CovarianceDerivatives.Count; k++)
        {
            if (estimate.CovarianceDerivatives[k].Term == term) gradient[k] = slope(estimate.CovarianceDerivatives[k].Derivative);
        }

        return gradient;
    }

    private double LogDeviation(int term, int i, double[] dG)
    {
        var G = estimate.Covariances[term];
        var diagonal = i * ((int)Math.Round(Math.Sqrt(G.Length)) + 1);
        return 0.5 * dG[diagonal] / G[diagonal];
    }

    private double Correlation(ListedParameter parameter, double value, double[] dG)
    {
        var (G, p) = (estimate.Covariances[parameter.Term], design.RandomTerms[parameter.Term].ColumnNames.Count);
        var (i, j) = (parameter.First, parameter.Second);
        var scale = Math.Sqrt(G[i * (p + 1)] * G[j * (p + 1)]);
        return (dG[j + (i * p)] / scale) - (value * (LogDeviation(parameter.Term, i, dG) + LogDeviation(parameter.Term, j, dG)));
    }
}

using MixedModels.Covariance;
using MixedModels.Estimation.Linear;

namespace MixedModels.Inference.Bootstrap;

/// <summary>What is taken from each refit.</summary>
internal interface IBootstrapStatistic
{
    /// <summary>The names of its numbers.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Their values at the fit itself.</summary>
    IReadOnlyList<double> Estimates { get; }

    /// <summary>Whether the problem of a replicate may serve for the next one; false where the statistic may keep something of it.</summary>
    bool AllowsReuse { get; }

    /// <summary>The numbers of a refit.</summary>
    /// <param name="problem">The problem with the drawn response.</param>
    /// <param name="optimum">Its optimum.</param>
    /// <param name="response">The drawn response, offsets included.</param>
    double[] Of(LinearProblem problem, LinearOptimum optimum, double[] response);
}

/// <summary>All parameters, read off the optimum without making a fit of it.</summary>
internal sealed class ParameterStatistic : IBootstrapStatistic
{
    private readonly ParameterList list;

    public ParameterStatistic(LinearMixedModelFit fit)
    {
        list = new(fit.Design);
        Estimates = list.Values(fit.Parameters);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => list.Names;

    /// <inheritdoc/>
    public IReadOnlyList<double> Estimates { get; }

    /// <inheritdoc/>
    public bool AllowsReuse => true;

    /// <inheritdoc/>
    public double[] Of(LinearProblem problem, LinearOptimum optimum, double[] response)
    {
        var (data, deviance) = (problem.Data, problem.Deviance);
        deviance.Value(optimum.Theta);
        var sigma = data.Scale * Math.Sqrt(deviance.r2 / deviance.nu);
        var units = new UserUnits(data);
        var covariances = new double[deviance.Layout.TermCount][];
        for (var t = 0; t < covariances.Length; t++)
        {
            covariances[t] = units.Covariance(t, RelativeCovariance.Of(deviance.Layout.Structure(t), deviance.Layout.Slice(optimum.Theta, t)));
            LinearAlgebra.Vectors.Scale(sigma * sigma, covariances[t]);
        }

        return list.Values(UserUnits.Coefficients(data, deviance.beta), covariances, data.Data.HasResidual ? sigma : 0);
    }
}

/// <summary>Anything a caller computes from a fit.</summary>
internal sealed class FitStatistic : IBootstrapStatistic
{
    private readonly LinearMixedModelFit fit;
    private readonly Func<LinearMixedModelFit, double[]> statistic;

    public FitStatistic(LinearMixedModelFit fit, IReadOnlyList<string> names, Func<LinearMixedModelFit, double[]> statistic)
    {
        (this.fit, this.statistic) = (fit, statistic);
        Names = [.. names];
        Estimates = Checked(statistic(fit));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Names { get; }

    /// <inheritdoc/>
    public IReadOnlyList<double> Estimates { get; }

    /// <inheritdoc/>
    public bool AllowsReuse => false;

    /// <inheritdoc/>
    public double[] Of(LinearProblem problem, LinearOptimum optimum, double[] response) =>
        Checked(statistic(new(fit.Model, fit.Design.WithResponse(response), problem.Data, problem.Deviance, optimum)));

    private double[] Checked(double[] values) => values.Length == Names.Count
        ? values
        : throw new InferenceException($"The statistic has {values.Length} values for {Names.Count} names: {string.Join(", ", Names)}.");
}

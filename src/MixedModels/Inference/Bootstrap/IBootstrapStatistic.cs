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
    double[] Of(CriterionProblem problem, LinearOptimum optimum, double[] response);

    /// <summary>The numbers of a refit that had to be made as a fit of its own.</summary>
    double[] Of(LinearMixedModelFit refit);
}

/// <summary>All parameters, read off the optimum without making a fit of it.</summary>
internal sealed class ParameterStatistic : IBootstrapStatistic
{
    private readonly ParameterList list;

    public ParameterStatistic(LinearMixedModelFit fit)
    {
        list = new(fit.Design, fit.Marginal?.Residual);
        Estimates = list.Values(fit);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => list.Names;

    /// <inheritdoc/>
    public IReadOnlyList<double> Estimates { get; }

    /// <inheritdoc/>
    public bool AllowsReuse => true;

    /// <inheritdoc/>
    public double[] Of(CriterionProblem problem, LinearOptimum optimum, double[] response)
    {
        var (criterion, psi) = (problem.Criterion, CriterionProblem.Parameters(optimum));
        criterion.Value(psi);
        return list.ValuesAt(problem.Data, criterion.Layout, psi, Math.Sqrt(criterion.r2 / criterion.nu), UserUnits.Coefficients(problem.Data, criterion.beta));
    }

    /// <inheritdoc/>
    public double[] Of(LinearMixedModelFit refit) => new ParameterList(refit.Design, refit.Marginal?.Residual).Values(refit);
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
    public double[] Of(CriterionProblem problem, LinearOptimum optimum, double[] response) =>
        Checked(statistic(problem is IndependentProblem independent
            ? new(fit.Model, fit.Design.WithResponse(response), problem.Data, independent.Deviance, optimum)
            : ResidualFits.At(fit.Model, fit.Design.WithResponse(response), problem.Data, fit.Marginal!.Residual, optimum)));

    /// <inheritdoc/>
    public double[] Of(LinearMixedModelFit refit) => Checked(statistic(refit));

    private double[] Checked(double[] values) => values.Length == Names.Count
        ? values
        : throw new InferenceException($"The statistic has {values.Length} values for {Names.Count} names: {string.Join(", ", Names)}.");
}

using MixedModels.Estimation.Generalized;
using MixedModels.Estimation.Linear;
using MixedModels.Inference.Generalized;
using MixedModels.Optimization;

namespace MixedModels.Inference.Profile;

/// <summary>
/// A parameter of a generalized model held at a value while Laplace's approximation, or the quadrature, is minimised over all others with its exact gradient. A
/// state is phi = (theta, beta*, psi), theta in the coordinates of a layout.
/// </summary>
internal abstract class GeneralizedHeldParameter : IProfiledParameter
{
    /// <summary>The Newton decrement at which a search ends: that of a fit, far below what a profile shows.</summary>
    private const double Tolerance = 1e-9;

    /// <summary>From an estimate of 0 the first step goes to this standard deviation of the predictor.</summary>
    protected const double LeastDeviation = 0.1;

    private readonly int[] diagonal;
    private readonly ParameterList list;

    /// <summary>Puts a fit's optimum into the coordinates of a layout.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="list">All parameters.</param>
    /// <param name="parameter">This one.</param>
    /// <param name="layout">The random terms' parameters.</param>
    /// <param name="phi">The optimum, in the problem's own parameters.</param>
    /// <param name="values">All parameters there.</param>
    protected GeneralizedHeldParameter(GeneralizedProblem problem, ParameterList list, ListedParameter parameter, ThetaLayout layout, double[] phi, double[] values)
    {
        (Problem, this.list, Parameter) = (problem, list, parameter);
        var own = problem.Deviance;
        Deviance = own.With(layout);
        diagonal = VanishedVariances.DiagonalEntries(layout);
        OptimalState = [.. layout.Translate(own.Layout, own.Theta(phi)), .. phi[own.Layout.Count..]];
        Estimate = values[list.All.ToList().IndexOf(parameter)];
    }

    /// <inheritdoc/>
    public double Estimate { get; }

    /// <inheritdoc/>
    public abstract double LowerBound { get; }

    /// <inheritdoc/>
    public abstract double UpperBound { get; }

    /// <inheritdoc/>
    public abstract ParameterRange Limits { get; }

    /// <inheritdoc/>
    public abstract double FirstStep { get; }

    /// <inheritdoc/>
    public double[] OptimalState { get; }

    /// <summary>The deviance over states.</summary>
    protected LaplaceDeviance Deviance { get; }

    /// <summary>The levels of the parameter's random term.</summary>
    protected int Levels => Problem.Data.Data.Terms[Parameter.Term].LevelCount;

    /// <summary>The parameter.</summary>
    protected ListedParameter Parameter { get; }

    /// <summary>The problem.</summary>
    protected GeneralizedProblem Problem { get; }

    /// <inheritdoc/>
    public ConstrainedOptimum At(double value, double[] start, CancellationToken cancellationToken)
    {
        var phi = VanishedVariances.Enliven(start, diagonal, 1);
        if (Hold(phi, value) is not { } slice) return new(value, double.PositiveInfinity, phi, [.. list.All.Select(_ => double.NaN)], Converged: true);
        var objective = new SecantCorrected(slice);
        var begin = objective.Evaluate(slice.Start);
        var converged = double.IsFinite(begin.Value);
        if (converged && slice.Dimension > 0)
        {
            var result = TrustRegion.Minimize(objective, begin, TrustRegion.FirstRadius(begin.Theta), Tolerance, cancellationToken);
            (begin, converged) = (result.Point, result.Converged);
        }

        var state = slice.Phi(begin.Theta);
        return new(value, begin.Value, state, Problem.Values(list, Deviance.Layout, state), converged);
    }

    /// <summary>The deviance where the parameter has the value; null where there is no such state.</summary>
    /// <param name="phi">A state nearby, to be changed at will.</param>
    /// <param name="value">The value.</param>
    protected abstract IDevianceSlice? Hold(double[] phi, double value);
}

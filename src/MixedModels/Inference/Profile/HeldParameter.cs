using MixedModels.Estimation.Linear;
using MixedModels.Optimization;

namespace MixedModels.Inference.Profile;

/// <summary>A parameter of the covariances, held at a value while the deviance is minimised over the others. A state is Phi of <see cref="UnprofiledDeviance"/>.</summary>
internal abstract class HeldParameter : IProfiledParameter
{
    /// <summary>The Newton decrement at which a search ends: far below what a profile shows.</summary>
    private const double Tolerance = 1e-10;

    /// <summary>
    /// A sigma of this share of the estimate stands for 0: where random effects can be the whole covariance, the deviance differs from its limit by the square of it, and
    /// rounding by its inverse square.
    /// </summary>
    protected const double LeastSigma = 1e-2;

    private readonly int[] diagonal;
    private readonly ParameterList list;

    /// <summary>Puts a model's optimum into the coordinates of a layout.</summary>
    /// <param name="problem">The problem, by the criterion of the profile.</param>
    /// <param name="list">All parameters.</param>
    /// <param name="layout">The random terms' parameters.</param>
    /// <param name="psi">The optimum, in the problem's own parameters.</param>
    /// <param name="estimate">This parameter there.</param>
    protected HeldParameter(CriterionProblem problem, ParameterList list, ThetaLayout layout, double[] psi, double estimate)
    {
        (Problem, this.list, Estimate) = (problem, list, estimate);
        diagonal = VanishedVariances.DiagonalEntries(layout);
        var own = problem.Criterion;
        own.Value(psi);
        var s = Math.Sqrt(own.r2 / own.nu);
        Deviance = new(problem.With(layout), LeastSigma * s, problem.Data.Data.HasResidual);
        OptimalState = Deviance.Coordinates([.. layout.Translate(own.Layout, psi.AsSpan(0, own.Layout.Count)), .. psi[own.Layout.Count..]], s);
    }

    /// <inheritdoc/>
    public double Estimate { get; }

    /// <inheritdoc/>
    public abstract double LowerBound { get; }

    /// <inheritdoc/>
    public abstract double UpperBound { get; }

    /// <inheritdoc/>
    public abstract double FirstStep { get; }

    /// <inheritdoc/>
    public virtual ParameterRange Limits => new(LowerBound, UpperBound);

    /// <inheritdoc/>
    public double[] OptimalState { get; }

    /// <summary>The criterion with sigma a parameter.</summary>
    protected UnprofiledDeviance Deviance { get; }

    /// <summary>The model's problem.</summary>
    protected CriterionProblem Problem { get; }

    /// <inheritdoc/>
    public ConstrainedOptimum At(double value, double[] start, CancellationToken cancellationToken)
    {
        var Phi = VanishedVariances.Enliven(start, diagonal, OptimalState[^1]);
        if (Hold(Phi, value) is not { } slice) return new(value, double.PositiveInfinity, Phi, [.. list.All.Select(_ => double.NaN)], Converged: true);
        var begin = slice.Evaluate(slice.Start);
        var converged = double.IsFinite(begin.Value);
        if (converged && slice.Dimension > 0)
        {
            var result = TrustRegion.Minimize(slice, begin, TrustRegion.FirstRadius(begin.Theta), Tolerance, cancellationToken);
            (begin, converged) = (result.Point, result.Converged);
        }

        var state = slice.Phi(begin.Theta);
        return new(value, begin.Value, state, Parameters(state), converged);
    }

    /// <summary>The deviance where the parameter has the value; null where it is infinite.</summary>
    /// <param name="Phi">A state nearby, to be changed at will.</param>
    /// <param name="value">The value.</param>
    protected abstract IDevianceSlice? Hold(double[] Phi, double value);

    /// <summary>All parameters at a state; the fixed effects are those of the last evaluation there.</summary>
    private double[] Parameters(double[] Phi)
    {
        var (criterion, psi) = (Deviance.Profiled, Deviance.Relative(Phi));
        return double.IsFinite(criterion.Value(psi))
            ? list.ValuesAt(Problem.Data, criterion.Layout, psi, Deviance.Sigma(Phi), UserUnits.Coefficients(Problem.Data, criterion.beta))
            : [.. list.All.Select(_ => double.NaN)];
    }
}

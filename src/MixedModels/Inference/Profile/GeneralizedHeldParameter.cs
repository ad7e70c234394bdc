using MixedModels.Estimation.Generalized;
using MixedModels.Estimation.Linear;
using MixedModels.Inference.Generalized;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;
using MixedModels.Optimization;

namespace MixedModels.Inference.Profile;

/// <summary>
/// A parameter of a generalized model held at a value while Laplace's approximation, or the quadrature, is minimised over all others with its exact gradient. A
/// state is phi = (theta, beta*, psi), theta in coordinates in which a standard deviation or correlation is held by leaving one out.
/// </summary>
internal sealed class GeneralizedHeldParameter : IProfiledParameter
{
    /// <summary>The Newton decrement at which a search ends: that of a fit, far below what a profile shows.</summary>
    private const double Tolerance = 1e-9;

    /// <summary>A family's parameter this far from the estimate, as a factor, stands for its limits 0 and infinity.</summary>
    private const double Far = 1e7;

    /// <summary>From an estimate of 0 the first step goes to this standard deviation of the predictor.</summary>
    private const double LeastDeviation = 0.1;

    private readonly LaplaceDeviance deviance;
    private readonly int[] diagonal;
    private readonly LeadingEffects? effects;
    private readonly ParameterList list;
    private readonly ListedParameter parameter;
    private readonly GeneralizedProblem problem;
    private readonly double[] weights;

    /// <summary>Puts a fit's optimum into the coordinates of one of its parameters.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="list">All parameters.</param>
    /// <param name="parameter">This one: a fixed effect, a standard deviation or correlation of <c>us</c> or <c>diag</c>, or a parameter of the family.</param>
    /// <param name="phi">The optimum, in the problem's own parameters.</param>
    /// <param name="values">All parameters there.</param>
    /// <param name="standardError">The standard error of a fixed effect, or of the logarithm of a family's parameter.</param>
    public GeneralizedHeldParameter(GeneralizedProblem problem, ParameterList list, ListedParameter parameter, double[] phi, double[] values, double standardError)
    {
        (this.problem, this.list, this.parameter) = (problem, list, parameter);
        var own = problem.Deviance;
        effects = parameter.Kind is ParameterKind.Deviation or ParameterKind.Correlation ? new(problem.Data, parameter) : null;
        deviance = own.With(effects?.Layout ?? own.Layout);
        diagonal = VanishedVariances.DiagonalEntries(deviance.Layout);
        weights = parameter.Kind == ParameterKind.Coefficient ? problem.CoefficientWeights(parameter.First) : [];
        OptimalState = [.. deviance.Layout.Translate(own.Layout, own.Theta(phi)), .. phi[own.Layout.Count..]];
        Estimate = values[list.All.ToList().IndexOf(parameter)];
        FirstStep = parameter.Kind switch
        {
            ParameterKind.Coefficient => 0.5 * standardError,
            ParameterKind.Family => 0.5 * Estimate * Math.Min(1, standardError),
            ParameterKind.Correlation => Math.Max(Math.Min(0.5 * (1 - (Estimate * Estimate)) / Math.Sqrt(Levels), 0.25), 0.02),
            _ => 0.5 * Math.Max(Estimate, LeastDeviation / effects!.ColumnSize) / Math.Sqrt(2.0 * Levels),
        };
    }

    /// <inheritdoc/>
    public double Estimate { get; }

    /// <inheritdoc/>
    public double LowerBound => parameter.Kind switch
    {
        ParameterKind.Coefficient => double.NegativeInfinity,
        ParameterKind.Correlation => -1,
        ParameterKind.Family => Estimate / Far,
        _ => 0,
    };

    /// <inheritdoc/>
    public double UpperBound => parameter.Kind switch { ParameterKind.Correlation => 1, ParameterKind.Family => Estimate * Far, _ => double.PositiveInfinity };

    /// <inheritdoc/>
    public ParameterRange Limits => parameter.Kind == ParameterKind.Family ? ParameterRange.Positive : new(LowerBound, UpperBound);

    /// <inheritdoc/>
    public double FirstStep { get; }

    /// <inheritdoc/>
    public double[] OptimalState { get; }

    private int Levels => problem.Data.Data.Terms[parameter.Term].LevelCount;

    /// <inheritdoc/>
    public ConstrainedOptimum At(double value, double[] start, CancellationToken cancellationToken)
    {
        var slice = Hold(VanishedVariances.Enliven(start, diagonal, 1), value);
        var objective = new SecantCorrected(slice);
        var begin = objective.Evaluate(slice.Start);
        var converged = double.IsFinite(begin.Value);
        if (converged && slice.Dimension > 0)
        {
            var result = TrustRegion.Minimize(objective, begin, TrustRegion.FirstRadius(begin.Theta), Tolerance, cancellationToken);
            (begin, converged) = (result.Point, result.Converged);
        }

        var state = slice.Phi(begin.Theta);
        return new(value, begin.Value, state, problem.Values(list, deviance.Layout, state), converged);
    }

    private IDevianceSlice Hold(double[] phi, double value)
    {
        switch (parameter.Kind)
        {
            case ParameterKind.Deviation:
                return effects!.HoldDeviation(deviance, phi, value * effects.ColumnSize);
            case ParameterKind.Correlation:
                return effects!.HoldCorrelation(deviance, phi, value);
            case ParameterKind.Coefficient:
                return new ImplicitSlice(deviance, phi, Coefficient, value);
            default:
                var place = deviance.Layout.Count + problem.Data.Data.p + parameter.First;
                phi[place] = Math.Log(value);
                return new DevianceSlice(deviance, phi, [.. Enumerable.Range(0, phi.Length).Where(k => k != place).Select(FreeDirection.Coordinate)]);
        }
    }

    /// <summary>The fixed effect as a function of phi: linear in beta*.</summary>
    private Jet Coefficient(double[] phi)
    {
        var slopes = new double[phi.Length];
        weights.CopyTo(slopes, deviance.Layout.Count);
        return Jet.Of(Vectors.Dot(slopes, phi), slopes, []);
    }
}

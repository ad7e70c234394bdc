using MixedModels.Inference.Generalized;
using MixedModels.Numerics;

namespace MixedModels.Inference.Profile;

/// <summary>A parameter of structured random effects, <c>cs</c>, <c>ar1</c>, <c>toep</c>, <c>rr</c> and so on: one coordinate of the state, or a function of several.</summary>
internal sealed class GeneralizedStructureParameter : GeneralizedHeldParameter
{
    private readonly StructureCoordinate? coordinate;
    private readonly Func<double[], Jet>? function;

    /// <summary>Puts a fit's optimum into the parameter's coordinates.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="list">All parameters.</param>
    /// <param name="parameter">This one.</param>
    /// <param name="phi">The optimum.</param>
    /// <param name="values">All parameters there.</param>
    public GeneralizedStructureParameter(GeneralizedProblem problem, ParameterList list, ListedParameter parameter, double[] phi, double[] values)
        : base(problem, list, parameter, problem.Deviance.Layout, phi, values)
    {
        var coordinates = new TermCoordinates(problem.Data, Deviance.Layout, OptimalState.Length, Scale: 1);
        if (StructureCoordinate.IsOne(Deviance.Layout.Structure(parameter.Term), parameter, Estimate))
        {
            coordinate = new(coordinates, parameter, Estimate);
            (LowerBound, UpperBound, Limits) = (coordinate.LowerBound, coordinate.UpperBound, coordinate.Limits);
            FirstStep = parameter.Kind == ParameterKind.Deviation
                ? 0.5 * Math.Max(Estimate, coordinate.Unit * LeastDeviation) / Math.Sqrt(2.0 * Levels)
                : ProfileSteps.First(Deviance.Evaluate(OptimalState).Hessian, coordinate.Slopes(OptimalState.Length, Estimate), Estimate, Limits);
            return;
        }

        (function, Limits) = ParameterFunctions.OfTerm(coordinates, parameter);
        (LowerBound, UpperBound) = ProfileSteps.Ends(Limits, Estimate);
        FirstStep = ProfileSteps.First(Deviance.Evaluate(OptimalState).Hessian, function(OptimalState).First, Estimate, Limits);
    }

    /// <inheritdoc/>
    public override double LowerBound { get; }

    /// <inheritdoc/>
    public override double UpperBound { get; }

    /// <inheritdoc/>
    public override ParameterRange Limits { get; }

    /// <inheritdoc/>
    public override double FirstStep { get; }

    /// <inheritdoc/>
    protected override IDevianceSlice? Hold(double[] phi, double value)
    {
        if (coordinate is not null)
        {
            phi[coordinate.Place] = coordinate.At(value);
            return DevianceSlice.Without(Deviance, phi, coordinate.Place);
        }

        var slice = new ImplicitSlice(Deviance, phi, at => Limits.Free(function!(at)), Limits.Free(value).Value);
        return slice.IsFeasible ? slice : null;
    }
}

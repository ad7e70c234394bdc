namespace MixedModels.Inference.Profile;

/// <summary>A parameter of a structure of random effects that is one coordinate of Phi by itself. Bounds are reached where the coordinate reaches them.</summary>
internal sealed class ProfiledCoordinate : HeldParameter
{
    /// <summary>From an estimate of 0 the first step goes to this share of sigma.</summary>
    private const double LeastShare = 0.1;

    private readonly StructureCoordinate coordinate;

    /// <summary>Puts a model's optimum into coordinates.</summary>
    /// <param name="problem">The problem, by the criterion of the profile.</param>
    /// <param name="list">All parameters.</param>
    /// <param name="parameter">This one.</param>
    /// <param name="psi">The optimum.</param>
    /// <param name="values">All parameters there.</param>
    public ProfiledCoordinate(CriterionProblem problem, ParameterList list, ListedParameter parameter, double[] psi, double[] values)
        : base(problem, list, problem.Criterion.Layout, psi, values[list.All.ToList().IndexOf(parameter)])
    {
        coordinate = new(TermCoordinates.Of(problem), parameter, Estimate);
        FirstStep = parameter.Kind == ParameterKind.Deviation
            ? 0.5 * Math.Max(Estimate, coordinate.Unit * OptimalState[^1] * LeastShare) / Math.Sqrt(2.0 * problem.Data.Data.Terms[parameter.Term].LevelCount)
            : ProfileSteps.First(Deviance.Evaluate(OptimalState).Hessian, coordinate.Slopes(OptimalState.Length, Estimate), Estimate, Limits);
    }

    /// <inheritdoc/>
    public override double LowerBound => coordinate.LowerBound;

    /// <inheritdoc/>
    public override double UpperBound => coordinate.UpperBound;

    /// <inheritdoc/>
    public override double FirstStep { get; }

    /// <inheritdoc/>
    public override ParameterRange Limits => coordinate.Limits;

    /// <inheritdoc/>
    protected override IDevianceSlice Hold(double[] Phi, double value)
    {
        Phi[coordinate.Place] = coordinate.At(value);
        return DevianceSlice.Without(Deviance, Phi, coordinate.Place);
    }
}

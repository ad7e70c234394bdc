namespace MixedModels.Inference.Profile;

/// <summary>A standard deviation or a correlation of an unstructured or diagonal term, or sigma, held at a value. A state is Phi of <see cref="UnprofiledDeviance"/> in the coordinates of <see cref="LeadingEffects"/>.</summary>
internal sealed class ProfiledVariance : HeldParameter
{
    /// <summary>From an estimate of 0 the first step goes to this share of sigma, in the effect's own unit.</summary>
    private const double LeastShare = 0.1;

    private readonly LeadingEffects? effects;
    private readonly ListedParameter parameter;
    private readonly double unit;

    /// <summary>Puts a model's optimum into the coordinates of one of its parameters.</summary>
    /// <param name="problem">The problem, by the criterion of the profile.</param>
    /// <param name="list">All parameters.</param>
    /// <param name="parameter">This one: a standard deviation or correlation of <c>us</c> or <c>diag</c>, or sigma.</param>
    /// <param name="psi">The optimum.</param>
    /// <param name="values">All parameters there.</param>
    public ProfiledVariance(CriterionProblem problem, ParameterList list, ListedParameter parameter, double[] psi, double[] values)
        : this(problem, list, parameter, psi, values, parameter.Kind == ParameterKind.Sigma ? null : new(problem.Data, parameter))
    {
    }

    private ProfiledVariance(CriterionProblem problem, ParameterList list, ListedParameter parameter, double[] psi, double[] values, LeadingEffects? effects)
        : base(problem, list, effects?.Layout ?? problem.Criterion.Layout, psi, values[list.All.ToList().IndexOf(parameter)])
    {
        (this.parameter, this.effects) = (parameter, effects);
        unit = problem.Data.Scale / (parameter.Kind == ParameterKind.Deviation ? effects!.ColumnSize : 1);
        var levels = parameter.Kind == ParameterKind.Sigma ? problem.Criterion.nu : problem.Data.Data.Terms[parameter.Term].LevelCount;
        FirstStep = parameter.Kind == ParameterKind.Correlation
            ? Math.Max(Math.Min(0.5 * (1 - (Estimate * Estimate)) / Math.Sqrt(levels), 0.25), 0.02)
            : 0.5 * Math.Max(Estimate, unit * OptimalState[^1] * LeastShare) / Math.Sqrt(2.0 * levels);
    }

    /// <inheritdoc/>
    public override double LowerBound => parameter.Kind switch { ParameterKind.Correlation => -1, ParameterKind.Sigma => LeastSigma * Estimate, _ => 0 };

    /// <inheritdoc/>
    public override double UpperBound => parameter.Kind == ParameterKind.Correlation ? 1 : double.PositiveInfinity;

    /// <inheritdoc/>
    public override ParameterRange Limits => parameter.Kind == ParameterKind.Sigma ? ParameterRange.Positive : base.Limits;

    /// <inheritdoc/>
    public override double FirstStep { get; }

    /// <inheritdoc/>
    protected override IDevianceSlice Hold(double[] Phi, double value) => parameter.Kind switch
    {
        ParameterKind.Sigma => HoldSigma(Phi, value),
        ParameterKind.Deviation => effects!.HoldDeviation(Deviance, Phi, value / unit),
        _ => effects!.HoldCorrelation(Deviance, Phi, value),
    };

    private DevianceSlice HoldSigma(double[] Phi, double value)
    {
        Phi[^1] = value / unit;
        return new(Deviance, Phi, [.. Enumerable.Range(0, Phi.Length - 1).Select(k => FreeDirection.Coordinate(k))]);
    }
}

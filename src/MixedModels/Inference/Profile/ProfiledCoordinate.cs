using MixedModels.Covariance;

namespace MixedModels.Inference.Profile;

/// <summary>
/// A parameter of a structure of random effects that is one coordinate of Phi by itself: the standard deviation of effects that share one, that of an
/// effect with its own (the square of a coordinate), a correlation, a range. Bounds are reached where the coordinate reaches them.
/// </summary>
internal sealed class ProfiledCoordinate : HeldParameter
{
    /// <summary>From an estimate of 0 the first step goes to this share of sigma.</summary>
    private const double LeastShare = 0.1;

    private readonly int place;
    private readonly Func<double, double> coordinate;

    /// <summary>Puts a model's optimum into coordinates.</summary>
    /// <param name="problem">The problem, by the criterion of the profile.</param>
    /// <param name="list">All parameters.</param>
    /// <param name="parameter">This one.</param>
    /// <param name="psi">The optimum.</param>
    /// <param name="values">All parameters there.</param>
    public ProfiledCoordinate(CriterionProblem problem, ParameterList list, ListedParameter parameter, double[] psi, double[] values)
        : base(problem, list, problem.Criterion.Layout, psi, values[list.All.ToList().IndexOf(parameter)])
    {
        var (layout, t) = (problem.Criterion.Layout, parameter.Term);
        var structure = layout.Structure(t);
        if (parameter.Kind == ParameterKind.Deviation)
        {
            var (p, i) = (structure.Dimension, parameter.First);
            var unit = problem.Data.Scale / Math.Abs(problem.Data.K[t][i * (p + 1)]);
            var isSquare = structure.ScaleDegree(i) < 1;
            place = layout.Start(t) + i;
            coordinate = value => isSquare ? Math.Sqrt(value / unit) : value / unit;
            Limits = ParameterRange.Positive;
            (LowerBound, UpperBound) = (0, double.PositiveInfinity);
            FirstStep = 0.5 * Math.Max(Estimate, unit * OptimalState[^1] * LeastShare) / Math.Sqrt(2.0 * problem.Data.Data.Terms[t].LevelCount);
            return;
        }

        var natural = parameter.First;
        place = layout.Start(t) + structure.Free(natural, Estimate)!.Value.Parameter;
        coordinate = value => structure.Free(natural, value)!.Value.Value;
        (LowerBound, UpperBound) = structure.NaturalReach(natural);
        Limits = new(structure.NaturalBounds(natural).Lower, structure.NaturalBounds(natural).Upper);
        FirstStep = ProfileSteps.First(Deviance, OptimalState, Slope(coordinate), Estimate, Limits);
    }

    /// <inheritdoc/>
    public override double LowerBound { get; }

    /// <inheritdoc/>
    public override double UpperBound { get; }

    /// <inheritdoc/>
    public override double FirstStep { get; }

    /// <inheritdoc/>
    public override ParameterRange Limits { get; }

    /// <inheritdoc/>
    protected override IDevianceSlice Hold(double[] Phi, double value)
    {
        Phi[place] = coordinate(value);
        return new DevianceSlice(Deviance, Phi, [.. Enumerable.Range(0, Phi.Length).Where(k => k != place).Select(FreeDirection.Coordinate)]);
    }

    /// <summary>How fast the parameter moves with its coordinate, by a difference: it only chooses a step.</summary>
    private double[] Slope(Func<double, double> coordinate)
    {
        var slopes = new double[OptimalState.Length];
        var inner = double.IsFinite(Limits.Upper) ? 0.5 * (Limits.Lower + Limits.Upper) : 2 * Estimate;
        var other = Estimate + (1e-4 * (inner - Estimate));
        slopes[place] = (other - Estimate) / (coordinate(other) - coordinate(Estimate));
        return slopes;
    }
}

using MixedModels.Covariance;

namespace MixedModels.Inference.Profile;

/// <summary>
/// A parameter of a structure of random effects that is one coordinate of a state by itself: the standard deviation of effects that share one, that of an
/// effect with its own (the square of a coordinate), a correlation, a range. Immutable.
/// </summary>
internal sealed class StructureCoordinate
{
    private readonly Func<double, double> coordinate;

    /// <summary>Finds the coordinate.</summary>
    /// <param name="coordinates">The coordinates of a state.</param>
    /// <param name="parameter">The parameter, for which <see cref="IsOne"/> holds.</param>
    /// <param name="estimate">Its estimate.</param>
    public StructureCoordinate(TermCoordinates coordinates, ListedParameter parameter, double estimate)
    {
        var (layout, t) = (coordinates.Layout, parameter.Term);
        var structure = layout.Structure(t);
        if (parameter.Kind == ParameterKind.Deviation)
        {
            var (p, i) = (structure.Dimension, parameter.First);
            Unit = coordinates.Scale / Math.Abs(coordinates.Data.K[t][i * (p + 1)]);
            var isSquare = structure.ScaleDegree(i) < 1;
            Place = layout.Start(t) + i;
            coordinate = value => isSquare ? Math.Sqrt(value / Unit) : value / Unit;
            (Limits, LowerBound, UpperBound) = (ParameterRange.Positive, 0, double.PositiveInfinity);
            return;
        }

        var natural = parameter.First;
        Place = layout.Start(t) + structure.Free(natural, estimate)!.Value.Parameter;
        coordinate = value => structure.Free(natural, value)!.Value.Value;
        (LowerBound, UpperBound) = structure.NaturalReach(natural);
        Limits = new(structure.NaturalBounds(natural).Lower, structure.NaturalBounds(natural).Upper);
    }

    /// <summary>Its place in a state.</summary>
    public int Place { get; }

    /// <summary>The standard deviation in the user's units that a coordinate of 1 is; of no meaning for other parameters.</summary>
    public double Unit { get; } = 1;

    /// <summary>The least value the coordinate reaches.</summary>
    public double LowerBound { get; }

    /// <summary>The largest value the coordinate reaches.</summary>
    public double UpperBound { get; }

    /// <summary>The parameter's bounds.</summary>
    public ParameterRange Limits { get; }

    /// <summary>Whether a parameter of a structured term is one coordinate.</summary>
    public static bool IsOne(CovarianceStructure structure, ListedParameter parameter, double estimate) =>
        structure is not ReducedRank && (parameter.Kind == ParameterKind.Deviation || structure.Free(parameter.First, estimate) is not null);

    /// <summary>The coordinate of a value.</summary>
    public double At(double value) => coordinate(value);

    /// <summary>How fast the parameter moves with the coordinates of a state, by a difference: it only chooses a step.</summary>
    public double[] Slopes(int count, double estimate)
    {
        var slopes = new double[count];
        var inner = double.IsFinite(Limits.Upper) ? 0.5 * (Limits.Lower + Limits.Upper) : 2 * estimate;
        var other = estimate + (1e-4 * (inner - estimate));
        slopes[Place] = (other - estimate) / (coordinate(other) - coordinate(estimate));
        return slopes;
    }
}

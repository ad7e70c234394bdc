using MixedModels.Numerics;

namespace MixedModels;

/// <summary>The profile of one parameter: points of zeta, and curves through them. Immutable and safe for concurrent use.</summary>
public sealed class ParameterProfile
{
    // An asked level and the traced one may come from different arithmetic.
    private const double LevelTolerance = 1e-6;

    private readonly double cutOff;
    private readonly double lowerBound;
    private readonly double upperBound;
    private readonly Lazy<MonotoneCubic> valueOfZeta;
    private readonly Lazy<MonotoneCubic> zetaOfValue;

    internal ParameterProfile(string name, double estimate, double cutOff, double lowerBound, double upperBound, IReadOnlyList<ProfilePoint> points)
    {
        (Name, Estimate, Points) = (name, estimate, points);
        (this.cutOff, this.lowerBound, this.upperBound) = (cutOff, lowerBound, upperBound);
        (LowerLimit, UpperLimit) = (lowerBound, upperBound);
        valueOfZeta = new(() => Curve(point => point.Zeta, point => point.Value));
        zetaOfValue = new(() => Curve(point => point.Value, point => point.Zeta));
    }

    /// <summary>The parameter's name.</summary>
    public string Name { get; }

    /// <summary>The estimate by the profile's criterion; NaN for a correlation with an effect that has no variance.</summary>
    public double Estimate { get; }

    /// <summary>The points by value, ascending, the estimate with zeta 0 among them.</summary>
    public IReadOnlyList<ProfilePoint> Points { get; }

    /// <summary>Whether a point had a lower criterion than the fit, so that the fit's optimum is not the global one.</summary>
    internal bool IsBetterThanTheFit { get; init; }

    /// <summary>The least value there is, for which the lower end of the search stands.</summary>
    internal double LowerLimit { get; init; }

    /// <summary>The largest value there is, for which the upper end of the search stands.</summary>
    internal double UpperLimit { get; init; }

    /// <summary>Whether every search ended at an optimum.</summary>
    internal bool Converged { get; init; } = true;

    /// <summary>
    /// The values whose likelihood ratio against the estimate is not significant at 1 − level: where zeta is within ± the normal quantile. An interval that
    /// reaches a bound (a standard deviation of 0, a correlation of ±1) ends there.
    /// </summary>
    /// <param name="level">In (0, 1), at most the level the profile was made for.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1), or the profile was not followed so far.</exception>
    public ConfidenceInterval Interval(double level = 0.95)
    {
        if (!(level > 0 && level < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "A level between 0 and 1 is wanted, such as 0.95.");
        var z = CutOff(level);
        if (z > cutOff * (1 + LevelTolerance))
            throw new ArgumentOutOfRangeException(nameof(level), level, "The profile was followed to a lower level; make it with ProfileOptions.Level as large as this.");
        if (Points.Count == 0) return new(Name, Estimate, lowerBound, upperBound);
        var lower = Points[0].Zeta <= -z * (1 - LevelTolerance) ? valueOfZeta.Value.At(-z) : Points[0].Value <= lowerBound ? LowerLimit : Points[0].Value;
        var upper = Points[^1].Zeta >= z * (1 - LevelTolerance) ? valueOfZeta.Value.At(z) : Points[^1].Value >= upperBound ? UpperLimit : Points[^1].Value;
        return new(Name, Estimate, lower, upper);
    }

    /// <summary>Zeta at a value between the first and the last point, by monotone cubic interpolation; that of the nearest point beyond them.</summary>
    public double Zeta(double value) => zetaOfValue.Value.At(value);

    /// <summary>The value at a zeta between those of the first and the last point, by monotone cubic interpolation; that of the nearest point beyond them.</summary>
    public double ValueAt(double zeta) => valueOfZeta.Value.At(zeta);

    /// <summary>The two-sided normal quantile of a level.</summary>
    internal static double CutOff(double level) => TailProbability.StudentQuantile(1 - level, double.PositiveInfinity);

    private MonotoneCubic Curve(Func<ProfilePoint, double> abscissa, Func<ProfilePoint, double> ordinate)
    {
        // Where the criterion is flat (a variance that does not matter), neighbours may share a zeta.
        var ascending = new List<ProfilePoint>();
        foreach (var point in Points)
        {
            if (ascending.Count == 0 || abscissa(point) > abscissa(ascending[^1])) ascending.Add(point);
        }

        return new([.. ascending.Select(abscissa)], [.. ascending.Select(ordinate)]);
    }
}

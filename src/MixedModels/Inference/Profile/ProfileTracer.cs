namespace MixedModels.Inference.Profile;

/// <summary>
/// Follows the signed root of the deviance, zeta(v) = ±√(D(v) − D_min), from the estimate outwards until it reaches a cut-off or the
/// parameter its bound. Each optimum starts the next; the states are carried on linearly.
/// </summary>
internal sealed class ProfileTracer
{
    /// <summary>Zeta at the cut-off is exact to this; the searches leave far less.</summary>
    private const double CutOffTolerance = 1e-8;

    /// <summary>A deviance below the minimum by more than this is a better optimum than the fit's.</summary>
    private const double BetterBy = 1e-6;

    private const int MostPoints = 100;

    /// <summary>Steps aim at this share of the cut-off: enough points to draw the curve through.</summary>
    private const double StepShare = 1.0 / 3;

    /// <summary>A point that is nearer to the cut-off than this share of it says nothing that the cut-off does not.</summary>
    private const double Nearby = 0.03;

    /// <summary>A point beyond the cut-off by so many times it tells false position nothing: the deviance is then far from a parabola.</summary>
    private const double FarBeyond = 10;

    private readonly CancellationToken cancellationToken;
    private readonly double cutOff;
    private readonly IProfiledParameter parameter;
    private readonly ConstrainedOptimum peak;

    private ProfileTracer(IProfiledParameter parameter, double minimum, double[] values, double cutOff, CancellationToken cancellationToken)
    {
        (this.parameter, this.cutOff, this.cancellationToken) = (parameter, cutOff, cancellationToken);
        peak = new(parameter.Estimate, minimum, parameter.OptimalState, values, Converged: true);
    }

    /// <summary>The whole profile of a parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="minimum">The deviance at the optimum.</param>
    /// <param name="values">All parameters there.</param>
    /// <param name="cutOff">How far zeta is followed, positive.</param>
    /// <param name="cancellationToken">Checked once an evaluation.</param>
    public static ParameterProfile Trace(
        string name, IProfiledParameter parameter, double minimum, double[] values, double cutOff, CancellationToken cancellationToken)
    {
        var tracer = new ProfileTracer(parameter, minimum, values, cutOff, cancellationToken);
        var below = parameter.Estimate > parameter.LowerBound ? tracer.Side(-1) : [];
        var above = parameter.Estimate < parameter.UpperBound ? tracer.Side(1) : [];
        below.Reverse();
        ConstrainedOptimum[] all = [.. below, tracer.peak, .. above];
        ProfilePoint[] points = [.. all.Select((optimum, i) => new ProfilePoint(optimum.Value, tracer.Zeta(optimum, i < below.Count ? -1 : 1), optimum.Parameters))];
        return new(name, parameter.Estimate, cutOff, parameter.LowerBound, parameter.UpperBound, points)
        {
            LowerLimit = parameter.Limits.Lower,
            UpperLimit = parameter.Limits.Upper,
            IsBetterThanTheFit = all.Any(optimum => optimum.Deviance < minimum - BetterBy),
            Converged = all.All(optimum => optimum.Converged),
        };
    }

    private double Zeta(ConstrainedOptimum optimum, int side) => side * Math.Sqrt(Math.Max(0, optimum.Deviance - peak.Deviance));

    /// <summary>How far beyond the cut-off a point is; negative within.</summary>
    private double Excess(ConstrainedOptimum optimum) =>
        double.IsNaN(optimum.Deviance) ? double.PositiveInfinity : Math.Sqrt(Math.Max(0, optimum.Deviance - peak.Deviance)) - cutOff;

    /// <summary>The points of one side, outwards, the last at the cut-off or at the bound.</summary>
    private List<ConstrainedOptimum> Side(int side)
    {
        var points = new List<ConstrainedOptimum>();
        var bound = side < 0 ? parameter.LowerBound : parameter.UpperBound;
        var step = parameter.FirstStep;
        for (var previous = peak; points.Count < MostPoints;)
        {
            var next = Next(points, Target(previous.Value, side * step, bound));
            if (Excess(next) >= 0)
            {
                AddCutOff(points, previous, next);
                break;
            }

            points.Add(next);
            if (next.Value == bound) break;
            step = StepAfter(previous, next);
            previous = next;
        }

        return points;
    }

    /// <summary>Beyond the bound there is nothing: half way to it first, and from nearby it itself.</summary>
    private double Target(double from, double step, double bound)
    {
        var target = from + step;
        if (!double.IsFinite(bound) || Math.Abs(step) < Math.Abs(bound - from)) return target;
        return Math.Abs(bound - from) > 0.5 * Math.Abs(bound - parameter.Estimate) ? 0.5 * (from + bound) : bound;
    }

    private double StepAfter(ConstrainedOptimum previous, ConstrainedOptimum last)
    {
        var (before, now) = (Excess(previous) + cutOff, Excess(last) + cutOff);
        var taken = Math.Abs(last.Value - previous.Value);

        // The last step aims a little too far, because a cut-off between two points is found faster than one ahead.
        var wanted = Math.Min(StepShare * cutOff, (cutOff - now) + (Nearby * cutOff));

        // Where zeta hardly rises (near a bound, or after a first step that was far too short) the step grows by a factor only.
        return now > before ? Math.Min(taken * wanted / (now - before), 8 * taken) : 4 * taken;
    }

    private ConstrainedOptimum Next(List<ConstrainedOptimum> points, double value) => parameter.At(value, Predicted(points, value), cancellationToken);

    /// <summary>The state at a value by a straight line through the last two.</summary>
    private double[] Predicted(List<ConstrainedOptimum> points, double value)
    {
        var last = points.Count > 0 ? points[^1] : peak;
        if (points.Count == 0) return last.State;
        return Between(points.Count > 1 ? points[^2] : peak, last, value);
    }

    private static double[] Between(ConstrainedOptimum first, ConstrainedOptimum last, double value)
    {
        var share = Math.Min((value - first.Value) / (last.Value - first.Value), 3);
        var state = new double[last.State.Length];
        for (var k = 0; k < state.Length; k++) state[k] = first.State[k] + (share * (last.State[k] - first.State[k]));
        return state;
    }

    /// <summary>Finds the cut-off between two points by false position with Illinois' weights, bisecting where the deviance is infinite or far too large.</summary>
    /// <remarks>Source: Dowell and Jarratt 1971, A modified regula falsi method, BIT 11, 168–174.</remarks>
    private void AddCutOff(List<ConstrainedOptimum> points, ConstrainedOptimum inside, ConstrainedOptimum outside)
    {
        var (low, high) = (Excess(inside), Excess(outside));
        var kept = 0;
        for (var i = 0; i < MostPoints && Excess(outside) > CutOffTolerance; i++)
        {
            var share = high < FarBeyond * cutOff ? low / (low - high) : 0.5;
            var value = inside.Value + (share * (outside.Value - inside.Value));
            if (value == inside.Value || value == outside.Value) break;
            var next = parameter.At(value, double.IsFinite(high) ? Between(inside, outside, value) : inside.State, cancellationToken);
            var excess = Excess(next);
            if (excess < -CutOffTolerance)
            {
                points.Add(next);
                (inside, low) = (next, excess);
                if (kept == 1) high *= 0.5;
                kept = 1;
            }
            else
            {
                (outside, high) = (next, excess);
                if (kept == -1) low *= 0.5;
                kept = -1;
            }
        }

        points.RemoveAll(point => Excess(point) > -Nearby * cutOff);
        if (double.IsFinite(Excess(outside))) points.Add(outside);
        else if (points.Count > 0) points[^1] = points[^1] with { Converged = false };
    }
}

namespace MixedModels.Reporting.Plots;

/// <summary>The profiles that figures show.</summary>
internal static class ProfileCurves
{
    private const int MostParameters = 12;

    /// <summary>The profiles of the parameters that have one, at most twelve, each with its interval. Curves go a little beyond the level asked for.</summary>
    public static IReadOnlyList<(ParameterProfile Curve, ConfidenceInterval Interval)> Of(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        // Ends are solved for at the level a profile is traced to, and interpolated below it: so the interval has a profile of its own.
        var beyond = Math.Max(1 - (0.2 * (1 - options.Level)), Math.Min(0.999, options.Level));
        var curves = Profile(fit, beyond, cancellationToken).Parameters;
        var intervals = Profile(fit, options.Level, cancellationToken).Intervals(options.Level);
        var drawn = curves.Zip(intervals).Where(pair => pair.First.Points.Count > 2 && double.IsFinite(pair.First.Estimate)).Take(MostParameters).ToArray();
        return drawn.Length > 0 ? drawn : throw new PlotException("No parameter of this fit has a profile that can be drawn.");
    }

    /// <summary>The profile of a fit, whichever class of model it is of.</summary>
    public static LikelihoodProfile Profile(IInspectedFit fit, double level, CancellationToken cancellationToken) => fit.Linear is { } linear
        ? LikelihoodProfile.Of(linear, new() { Level = level }, cancellationToken)
        : LikelihoodProfile.Of(fit.Generalized!, new() { Level = level }, cancellationToken);

    /// <summary>The parameters with their intervals in words.</summary>
    public static string Describe(IReadOnlyList<(ParameterProfile Curve, ConfidenceInterval Interval)> profiles) => "Estimates and intervals: " + string.Join("; ", profiles.Select(profile =>
        $"{profile.Curve.Name} {PlotWords.Number(profile.Curve.Estimate)} ({PlotWords.Number(profile.Interval.Lower)} to {PlotWords.Number(profile.Interval.Upper)})")) + ".";
}

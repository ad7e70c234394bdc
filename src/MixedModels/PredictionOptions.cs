using System.Globalization;

namespace MixedModels;

/// <summary>What is predicted; by default the mean of each row's own groups, with every random term.</summary>
public sealed record PredictionOptions
{
    /// <summary>Whose mean is predicted.</summary>
    public PredictionTarget Target { get; init; } = PredictionTarget.Conditional;

    /// <summary>What happens to levels of grouping factors that the fit has not seen.</summary>
    public NewLevels NewLevels { get; init; } = NewLevels.Error;

    /// <summary>
    /// The random terms that take part, by group (<c>Subject</c>, <c>a:b</c>) or, where a group has several terms, by the whole term
    /// (<c>(0 + Days | Subject)</c>). Null: all; empty: none, which is <see cref="PredictionTarget.Population"/>.
    /// </summary>
    public IReadOnlyList<string>? RandomTerms { get; init; }

    /// <summary>Whether standard errors are wanted; an interval brings them anyway.</summary>
    public bool StandardErrors { get; init; }

    /// <summary>The level of intervals, between 0 and 1, such as 0.95; null for none.</summary>
    public double? Interval { get; init; }

    /// <summary>On which scale; of no use where the link is the identity.</summary>
    public PredictionScale Scale { get; init; } = PredictionScale.Response;

    /// <summary>
    /// Whether the prediction holds the row's own residual as far as the known residuals of its subject tell it: by correlation along a series, between visits or in space (kriging). The residual of a
    /// subject not seen, and independent ones, have mean zero. The prediction is then of the response itself, and standard errors are those of an observation whatever <see cref="Uncertainty"/> says.
    /// </summary>
    public bool IncludeResidual { get; init; }

    /// <summary>What standard errors and intervals are about; by default the predicted mean.</summary>
    public PredictionUncertainty Uncertainty { get; init; } = PredictionUncertainty.Mean;

    /// <summary>
    /// How degrees of freedom of intervals are found; null for the fit's own method where only fixed effects take part. Where random effects
    /// do, null is <see cref="DegreesOfFreedom.Residual"/>, or <see cref="DegreesOfFreedom.None"/> where that is the fit's own, and other
    /// methods are refused: they are about functions of the fixed effects.
    /// </summary>
    public DegreesOfFreedom? DegreesOfFreedom { get; init; }

    /// <summary>
    /// Whether standard errors and intervals of conditional and averaged predictions hold the uncertainty of the random effects' covariances too, by the delta method; that of sigma is in none, those of
    /// a family's parameters in conditional ones. Covariances without variance, on the boundary, count as known.
    /// </summary>
    public bool VarianceUncertainty { get; init; }

    /// <summary>Whether the residual's variance is wanted.</summary>
    internal bool IsOfObservation => IncludeResidual || (NeedsVariance && Uncertainty == PredictionUncertainty.Observation);

    /// <summary>Whether anything beside the prediction itself is asked for.</summary>
    internal bool NeedsVariance => StandardErrors || Interval is not null;

    /// <summary>Refuses a choice of terms where none is to take part, and a level that is none.</summary>
    internal static void RequireConsistent(PredictionOptions options)
    {
        if (options is { Target: PredictionTarget.Averaged, RandomTerms: not null })
            throw new ArgumentException("A prediction averaged over the random effects averages over all of them; leave RandomTerms out.", nameof(options));
        if (options is { Target: PredictionTarget.Population, RandomTerms.Count: > 0 })
            throw new ArgumentException("A prediction for the population has no random terms; leave RandomTerms out, or predict conditionally.", nameof(options));
        if (options.Interval is { } level && !(level > 0 && level < 1))
            throw new ArgumentException($"The level of an interval lies between 0 and 1, such as 0.95; found {level.ToString(CultureInfo.InvariantCulture)}.", nameof(options));
    }
}

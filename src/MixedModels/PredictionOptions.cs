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

    /// <summary>Refuses a choice of terms where none is to take part.</summary>
    internal static void RequireConsistent(PredictionOptions options)
    {
        if (options is { Target: PredictionTarget.Population, RandomTerms.Count: > 0 })
            throw new ArgumentException("A prediction for the population has no random terms; leave RandomTerms out, or predict conditionally.", nameof(options));
    }
}

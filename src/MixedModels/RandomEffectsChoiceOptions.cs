namespace MixedModels;

/// <summary>What decides whether a step of a search is taken.</summary>
public enum ChoiceCriterion
{
    /// <summary>A likelihood-ratio test at <see cref="RandomEffectsChoiceOptions.Alpha"/>.</summary>
    LikelihoodRatio,

    /// <summary>Akaike's criterion.</summary>
    Aic,

    /// <summary>The Bayesian criterion, with the number of rows.</summary>
    Bic,
}

/// <summary>Where a search begins.</summary>
public enum ChoiceStart
{
    /// <summary>At the maximal structure the design justifies.</summary>
    Design,

    /// <summary>At the random part that the formula writes.</summary>
    Formula,
}

/// <summary>How random effects are chosen; the defaults work.</summary>
public sealed record RandomEffectsChoiceOptions
{
    /// <summary>The criterion of a step.</summary>
    public ChoiceCriterion Criterion { get; init; } = ChoiceCriterion.LikelihoodRatio;

    /// <summary>
    /// The level of the tests, in (0, 1): an effect goes where its test has a larger p. 0.2 by default, which keeps the tests of the fixed effects near their
    /// level without losing their power (Matuschek et al. 2017).
    /// </summary>
    public double Alpha { get; init; } = 0.2;

    /// <summary>Where the search begins.</summary>
    public ChoiceStart Start { get; init; } = ChoiceStart.Design;

    /// <summary>The most threads to use, at least 1; null for one a processor. The results are the same bits for any number.</summary>
    public int? Threads { get; init; }
}

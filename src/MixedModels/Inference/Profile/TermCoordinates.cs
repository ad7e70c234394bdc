using MixedModels.Estimation.Linear;

namespace MixedModels.Inference.Profile;

/// <summary>Where the parameters of random terms stand among the coordinates of a state, and in which units. Immutable.</summary>
/// <param name="Data">The standardised numbers.</param>
/// <param name="Layout">The terms' parameters, which a state begins with.</param>
/// <param name="Count">The coordinates of a state.</param>
/// <param name="Scale">The unit of a standardised predictor: that of the residuals in a linear model, 1 in a generalized one.</param>
internal sealed record TermCoordinates(StandardizedData Data, ThetaLayout Layout, int Count, double Scale)
{
    /// <summary>Those of a linear model, whose states are theta and the residuals' parameters with sigma.</summary>
    public static TermCoordinates Of(CriterionProblem problem) => new(problem.Data, problem.Criterion.Layout, problem.Criterion.Dimension + 1, problem.Data.Scale);
}

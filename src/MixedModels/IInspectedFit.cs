using MixedModels.Design;
using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>What figures and diagnostic rules read off a fit, the same for every class of model. Immutable and safe for concurrent reading.</summary>
/// <remarks>
/// A model class writes one adapter; figures and rules that need more than this ask for <see cref="Linear"/> or <see cref="Generalized"/> and say
/// so where it is null.
/// </remarks>
public interface IInspectedFit
{
    /// <summary>The fit itself.</summary>
    IMixedModelFit Fit { get; }

    /// <summary>The generalized model behind it, for what only these have; null for another class.</summary>
    GeneralizedMixedModelFit? Generalized { get; }

    /// <summary>The formula in canonical form.</summary>
    string Formula { get; }

    /// <summary>The design: columns, levels and the rows used.</summary>
    ModelDesign Design { get; }

    /// <summary>The random terms in the formula's order.</summary>
    IReadOnlyList<RandomTermEstimate> RandomTerms { get; }

    /// <summary>The verdict on the optimum.</summary>
    ConvergenceReport Convergence { get; }

    /// <summary>What the fit found out about itself.</summary>
    IReadOnlyList<Finding> Findings { get; }

    /// <summary>The responses on the scale of <see cref="FittedMeans"/>, n: of binomial counts the share of successes.</summary>
    ReadOnlyMemory<double> Responses { get; }

    /// <summary>X beta + Z b + offset at the conditional modes, n, on the link's scale.</summary>
    ReadOnlyMemory<double> LinearPredictors { get; }

    /// <summary>The expected responses given the random effects, n, on the response's scale; of one trial for a binomial response.</summary>
    ReadOnlyMemory<double> FittedMeans { get; }

    /// <summary>The expected responses with every random effect at zero, n, on the response's scale.</summary>
    ReadOnlyMemory<double> PopulationMeans { get; }

    /// <summary>
    /// Residuals over their standard deviation under the model given the random effects, n; of families that are not normal randomised quantile
    /// residuals. About standard normal where the model is right.
    /// </summary>
    ReadOnlyMemory<double> StandardizedResiduals { get; }

    /// <summary>
    /// The linear model behind it, for what only linear models have; null for another class. Leverages, influence and innovations it has
    /// where its residuals are independent and of one variance and each row is in one level of a group.
    /// </summary>
    LinearMixedModelFit? Linear { get; }

    /// <summary>The mean of a linear predictor: the inverse of the link.</summary>
    /// <param name="eta">The predictor.</param>
    double MeanOf(double eta);

    /// <summary>A row's step in Fisher scoring of its predictor: how steep its log-density is there, and how much the row weighs.</summary>
    /// <param name="row">The row, from 0, among those used.</param>
    /// <param name="eta">The predictor.</param>
    RowScore ScoreOf(int row, double eta);

    /// <summary>
    /// n shares of each row in its own fitted value, between 0 and 1: of a linear model exact, of others expected weight × variance of the predictor.
    /// Empty where they are not at hand.
    /// </summary>
    ReadOnlyMemory<double> Leverages();

    /// <summary>The conditional modes with their standard deviations, a term each.</summary>
    IReadOnlyList<ConditionalModes> ConditionalModes();

    /// <summary>Draws responses, n×replicates.</summary>
    /// <param name="replicates">How many, at least 1.</param>
    /// <param name="seed">Same seed, same numbers.</param>
    /// <param name="options">Whether random effects are drawn anew; null for that they are.</param>
    Matrix Simulate(int replicates, ulong seed, SimulationOptions? options = null);
}

using MixedModels.Design;
using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>What figures and diagnostic rules read off a fit, the same for every class of model. Immutable and safe for concurrent reading.</summary>
/// <remarks>A model class writes one adapter; figures and rules that need more than this ask for <see cref="Linear"/> and say so where it is null.</remarks>
public interface IInspectedFit
{
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

    /// <summary>The expected responses given the random effects, n, on the response's scale.</summary>
    ReadOnlyMemory<double> FittedMeans { get; }

    /// <summary>The expected responses with every random effect at zero, n, on the response's scale.</summary>
    ReadOnlyMemory<double> PopulationMeans { get; }

    /// <summary>Residuals over their standard deviation under the model given the random effects, n; about standard normal where the family is.</summary>
    ReadOnlyMemory<double> StandardizedResiduals { get; }

    /// <summary>
    /// The linear model behind it, for what only linear models have; null for another class. Leverages, influence and innovations it has
    /// where its residuals are independent and of one variance and each row is in one level of a group.
    /// </summary>
    LinearMixedModelFit? Linear { get; }

    /// <summary>The conditional modes with their standard deviations, a term each.</summary>
    IReadOnlyList<ConditionalModes> ConditionalModes();

    /// <summary>Draws responses, n×replicates.</summary>
    /// <param name="replicates">How many, at least 1.</param>
    /// <param name="seed">Same seed, same numbers.</param>
    /// <param name="options">Whether random effects are drawn anew; null for that they are.</param>
    Matrix Simulate(int replicates, ulong seed, SimulationOptions? options = null);
}

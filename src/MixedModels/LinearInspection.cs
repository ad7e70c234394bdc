using MixedModels.Design;
using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>A linear mixed model as figures and rules see it.</summary>
internal sealed class LinearInspection(LinearMixedModelFit fit) : IInspectedFit
{
    /// <inheritdoc/>
    public string Formula => fit.Model.Formula;

    /// <inheritdoc/>
    public ModelDesign Design => fit.Design;

    /// <inheritdoc/>
    public IReadOnlyList<RandomTermEstimate> RandomTerms => fit.RandomTerms;

    /// <inheritdoc/>
    public ConvergenceReport Convergence => fit.Convergence;

    /// <inheritdoc/>
    public IReadOnlyList<Finding> Findings => fit.Findings;

    /// <inheritdoc/>
    public ReadOnlyMemory<double> FittedMeans => fit.FittedValues;

    /// <inheritdoc/>
    public ReadOnlyMemory<double> PopulationMeans { get; } = fit.Predict(new PredictionOptions { Target = PredictionTarget.Population }).Select(value => value.Fit).ToArray();

    /// <inheritdoc/>
    public ReadOnlyMemory<double> StandardizedResiduals { get; } = fit.Residuals(ResidualKind.Normalized);

    /// <inheritdoc/>
    public LinearMixedModelFit? Linear => fit;

    /// <inheritdoc/>
    public IReadOnlyList<ConditionalModes> ConditionalModes() => fit.ConditionalModes();

    /// <inheritdoc/>
    public Matrix Simulate(int replicates, ulong seed, SimulationOptions? options = null) => fit.Simulate(replicates, seed, options);
}

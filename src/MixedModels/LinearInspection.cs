using MixedModels.Design;
using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>A linear mixed model as figures and rules see it.</summary>
internal sealed class LinearInspection(LinearMixedModelFit fit) : IInspectedFit
{
    private readonly Lazy<ReadOnlyMemory<double>> leverages = new(() => fit.Marginal is null && fit.HasLeverages() ? fit.Leverages() : default);

    /// <inheritdoc/>
    public IMixedModelFit Fit => fit;

    /// <inheritdoc/>
    public GeneralizedMixedModelFit? Generalized => null;

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
    public ReadOnlyMemory<double> Responses => fit.Design.Response;

    /// <inheritdoc/>
    public ReadOnlyMemory<double> LinearPredictors => fit.FittedValues;

    /// <inheritdoc/>
    public ReadOnlyMemory<double> FittedMeans => fit.FittedValues;

    /// <inheritdoc/>
    public ReadOnlyMemory<double> PopulationMeans { get; } = fit.Predict(new PredictionOptions { Target = PredictionTarget.Population }).Select(value => value.Fit).ToArray();

    /// <inheritdoc/>
    public ReadOnlyMemory<double> StandardizedResiduals { get; } = fit.Residuals(ResidualKind.Normalized);

    /// <inheritdoc/>
    public LinearMixedModelFit? Linear => fit;

    /// <inheritdoc/>
    public double MeanOf(double eta) => eta;

    /// <inheritdoc/>
    public RowScore ScoreOf(int row, double eta)
    {
        // Without a residual variance any common scale serves: steps are ratios of slopes to weights.
        var precision = (fit.Design.Weights.IsEmpty ? 1 : fit.Design.Weights.Span[row]) / (fit.Sigma > 0 ? fit.Sigma * fit.Sigma : 1);
        return new((fit.Design.Response.Span[row] - eta) * precision, precision);
    }

    /// <summary>Standardised residuals that are whitened by R have no variance of 1 − leverage, so that dependent residuals have none to divide by.</summary>
    public ReadOnlyMemory<double> Leverages() => leverages.Value;

    /// <inheritdoc/>
    public IReadOnlyList<ConditionalModes> ConditionalModes() => fit.ConditionalModes();

    /// <inheritdoc/>
    public Matrix Simulate(int replicates, ulong seed, SimulationOptions? options = null) => fit.Simulate(replicates, seed, options);
}

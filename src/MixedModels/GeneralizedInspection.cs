using MixedModels.Design;
using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>A generalized mixed model as figures and rules see it.</summary>
internal sealed class GeneralizedInspection : IInspectedFit
{
    /// <summary>Expected weights and the normal approximation at the mode are not exact: a row never fits itself altogether.</summary>
    private const double MostLeverage = 0.99;

    private readonly GeneralizedMixedModelFit fit;
    private readonly Lazy<double[]> leverages;

    public GeneralizedInspection(GeneralizedMixedModelFit fit)
    {
        this.fit = fit;
        var (y, trials) = (fit.Design.Response, fit.Design.Trials);
        Responses = trials.IsEmpty ? y : y.ToArray().Select((value, row) => value / trials.Span[row]).ToArray();
        PopulationMeans = fit.Predict(new PredictionOptions { Target = PredictionTarget.Population }).Select(value => value.Fit).ToArray();
        StandardizedResiduals = fit.Residuals(GeneralizedResidualKind.RandomizedQuantile);
        leverages = new(Leverage);
    }

    /// <inheritdoc/>
    public IMixedModelFit Fit => fit;

    /// <inheritdoc/>
    public GeneralizedMixedModelFit? Generalized => fit;

    /// <inheritdoc/>
    public LinearMixedModelFit? Linear => null;

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
    public ReadOnlyMemory<double> Responses { get; }

    /// <inheritdoc/>
    public ReadOnlyMemory<double> LinearPredictors => fit.LinearPredictors;

    /// <inheritdoc/>
    public ReadOnlyMemory<double> FittedMeans => fit.FittedValues;

    /// <inheritdoc/>
    public ReadOnlyMemory<double> PopulationMeans { get; }

    /// <inheritdoc/>
    public ReadOnlyMemory<double> StandardizedResiduals { get; }

    /// <inheritdoc/>
    public double MeanOf(double eta) => fit.Family.Link.Mean(eta).Value;

    /// <inheritdoc/>
    public RowScore ScoreOf(int row, double eta) => fit.ScoreOf(row, eta);

    /// <inheritdoc/>
    public ReadOnlyMemory<double> Leverages() => leverages.Value;

    /// <inheritdoc/>
    public IReadOnlyList<ConditionalModes> ConditionalModes() => fit.ConditionalModes();

    /// <inheritdoc/>
    public Matrix Simulate(int replicates, ulong seed, SimulationOptions? options = null) => fit.Simulate(replicates, seed, options);

    // Var(eta-hat) × W: of a linear model the diagonal of the hat matrix.
    private double[] Leverage()
    {
        var errors = fit.Predict(new PredictionOptions { StandardErrors = true, Scale = PredictionScale.Link });
        return [.. errors.Select((value, row) => Math.Clamp(fit.ScoreOf(row, value.Fit).Weight * value.StandardError!.Value * value.StandardError.Value, 0, MostLeverage))];
    }
}

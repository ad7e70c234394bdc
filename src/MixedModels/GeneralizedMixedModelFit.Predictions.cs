using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Estimation.Linear;
using MixedModels.Execution;
using MixedModels.Families;
using MixedModels.Inference.Generalized;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;
using MixedModels.Prediction;
using MixedModels.Simulation;

namespace MixedModels;

/// <content>Residuals, predictions and simulation.</content>
public sealed partial class GeneralizedMixedModelFit
{
    /// <summary>Residuals given the random effects at their conditional modes, one a used row.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="seed">Of the randomised ones: same seed, same numbers.</param>
    public ReadOnlyMemory<double> Residuals(GeneralizedResidualKind kind = GeneralizedResidualKind.Deviance, ulong seed = 1)
    {
        if (kind == GeneralizedResidualKind.Pearson && double.IsNaN(Family.Variance(1, 1, estimate.FamilyParameters)))
            throw new InferenceException($"The family {Family.Name} has no Pearson residuals: override {nameof(Family.Variance)} of {Family.GetType().Name} to give its variance.");
        var random = new RandomStream(seed, 0);
        var residuals = new double[Observations];
        for (var i = 0; i < residuals.Length; i++)
        {
            var (row, mu) = (RowOf(i), FittedValues.Span[i]);
            var raw = (row.Response / row.Trials) - mu;
            residuals[i] = kind switch
            {
                GeneralizedResidualKind.Response => raw,
                GeneralizedResidualKind.Pearson => raw * Math.Sqrt(row.Trials * (Family.WeightsDivideDispersion ? 1 : row.Weight) / Family.Variance(mu, row.Weight, estimate.FamilyParameters)),
                GeneralizedResidualKind.Deviance => Math.Sign(raw) * Math.Sqrt(Math.Max(0, Family.UnitDeviance(row, mu, estimate.FamilyParameters))),
                GeneralizedResidualKind.RandomizedQuantile => Quantile(Family.Cumulative(row, mu, estimate.FamilyParameters), random.NextUniform()),
                _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such residuals."),
            };
        }

        return residuals;
    }

    /// <summary>Predictions for the rows the model was fitted to.</summary>
    /// <param name="options">Whose mean, on which scale, which random terms, and whether with standard errors or intervals.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="Formula.FormulaException">A random term is named that the model does not have.</exception>
    /// <exception cref="InferenceException">Degrees of freedom are asked for, or an observation that leaves some of its variance out, on the link's scale or without its trials.</exception>
    public IReadOnlyList<PredictedValue> Predict(PredictionOptions? options = null)
    {
        options ??= new();
        var terms = TermsOf(options);
        return Predicted(Design.OwnRows(terms), terms, options, new(Family, estimate, Design.Trials, Design.Weights));
    }

    /// <summary>Predictions for the rows of another table. O(rows × effects).</summary>
    /// <param name="newData">The table; the response, its trials and the weights need not be there.</param>
    /// <param name="options">Whose mean, on which scale, which random terms, what happens to new levels, and whether with standard errors or intervals.</param>
    /// <returns>One a row of the table, in its order; NaN in rows with a missing value.</returns>
    /// <exception cref="DataException">A column is absent, or a factor has a level the fit has not seen and it is refused.</exception>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="Formula.FormulaException">A random term is named that the model does not have.</exception>
    /// <exception cref="InferenceException">Degrees of freedom are asked for, or an observation that leaves some of its variance out, on the link's scale or without its trials.</exception>
    public IReadOnlyList<PredictedValue> Predict(DataTable newData, PredictionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(newData);
        options ??= new();
        var terms = TermsOf(options);
        var isAveraged = options.Target == PredictionTarget.Averaged;
        var rows = isAveraged ? Design.ReplayWithoutLevels(newData) : Design.Replay(newData, terms);
        if (options.NewLevels == NewLevels.Error && !isAveraged) RandomTermNames.RequireKnownLevels(Design, rows, terms);
        var trials = options is { NeedsVariance: true, Uncertainty: PredictionUncertainty.Observation } ? NewTrials.Of(this, newData) : [];
        var complete = Predicted(rows, terms, options, new(Family, estimate, trials.Length == 0 ? default : StandardizedColumns.Taken(trials, trials.Length, rows.Rows.Span), default));
        if (rows.MissingRows == 0) return complete;
        var predicted = new PredictedValue[newData.RowCount];
        for (var row = 0; row < predicted.Length; row++) predicted[row] = PredictedValue.Missing(row, options);
        foreach (var value in complete) predicted[value.Row] = value;
        return predicted;
    }

    /// <summary>Draws responses from the fitted model: new random effects, then responses of the family. O(replicates × rows × effects).</summary>
    /// <param name="replicates">How many, at least 1.</param>
    /// <param name="seed">Same seed, same numbers; replicate k does not depend on how many there are.</param>
    /// <param name="options">Whether the random effects stay at their modes; by default they are drawn.</param>
    /// <returns>n×replicates, a row a used row; successes for a binomial response.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no replicates, or more than a matrix holds.</exception>
    public Matrix Simulate(int replicates, ulong seed, SimulationOptions? options = null)
    {
        return Simulator(options is { Conditional: true }).DrawAll(replicates, seed);
    }

    /// <summary>What draws responses from the fit.</summary>
    /// <param name="isConditional">Whether the random effects stay at their modes.</param>
    internal GeneralizedSimulator Simulator(bool isConditional)
    {
        var eta = isConditional
            ? LinearPredictors.ToArray()
            : LinearPredictor.Evaluate(Design.OwnRows([]), estimate.Coefficients, []);
        var factors = RandomTerms.Select(term => LowerRoot(term.Covariance)).ToArray();
        return new(
            Family, estimate.FamilyParameters, eta, isConditional ? [] : Design.RandomTerms, isConditional ? [] : factors, Design.Trials, Design.Weights);
    }

    /// <summary>The derivative of a row's log-density in its predictor, and the expected weight there.</summary>
    internal RowScore ScoreOf(int row, double eta)
    {
        var observation = RowOf(row);
        return new(Family.Kernel(observation, eta, estimate.FamilyParameters).First, Family.ExpectedWeight(observation, eta, estimate.FamilyParameters));
    }

    private static double[] LowerRoot(Matrix covariance)
    {
        var T = new double[covariance.Rows * covariance.Rows];
        SemidefiniteCholesky.Factor(covariance.Values.ToArray(), covariance.Rows, T);
        return T;
    }

    private static double Quantile((double Below, double UpTo) probability, double uniform)
    {
        // Kept inside (0, 1): a response further out than double can say is 8 standard deviations away.
        var p = probability.Below + (uniform * (probability.UpTo - probability.Below));
        return NormalDistribution.Quantile(Math.Clamp(p, 1e-15, 1 - 1e-15));
    }

    private Observation RowOf(int row) => new(
        Design.Response.Span[row], Design.Trials.IsEmpty ? 1 : Design.Trials.Span[row], Design.Weights.IsEmpty ? 1 : Design.Weights.Span[row]);

    private IReadOnlyList<int> TermsOf(PredictionOptions options)
    {
        PredictionOptions.RequireConsistent(options);
        if (options.IncludeResidual) throw new InferenceException("Generalized models have no residuals that say anything about each other. Leave the residual out (--with-residual).");
        if (options.DegreesOfFreedom is { } method and not DegreesOfFreedom.None) throw GeneralizedFittedEffects.Refusal($"'{method.Name()}'");
        if (options is { NeedsVariance: true, VarianceUncertainty: true, Target: PredictionTarget.Conditional }) RequireOuterEffects("The uncertainty of the random effects' variances (--theta)");
        if (options.Target == PredictionTarget.Averaged) RequireAverage(options);
        var terms = options.Target == PredictionTarget.Population ? RequireKnownVariances(options) : RandomTermNames.Find(Design, options.RandomTerms);
        if (options is { NeedsVariance: true, Uncertainty: PredictionUncertainty.Observation }) RequireObservation(options, terms);
        return terms;
    }

    private static IReadOnlyList<int> RequireKnownVariances(PredictionOptions options) => options is { NeedsVariance: true, VarianceUncertainty: true }
        ? throw new InferenceException(
            "A prediction at random effects of zero does not depend on their variances, so their uncertainty is in its fixed effects alone already. Leave it out (--theta), or predict conditionally or averaged.")
        : [];

    private void RequireObservation(PredictionOptions options, IReadOnlyList<int> terms)
    {
        PredictionIntervals.RequireAllTerms(Design, terms);
        if (options.Target == PredictionTarget.Averaged)
            throw new InferenceException("A new observation is one of some group. For a group not seen before, give it a new level and predict new levels at the population (--new-levels population) in the place of the average (--averaged).");
        if (options.Scale == PredictionScale.Link && Family.Link is not { Name: "identity" })
            throw new InferenceException("A new observation is on the response's scale. Leave the link's scale out (--link).");
    }

    private void RequireAverage(PredictionOptions options)
    {
        GeneralizedAverages.Require(Family.Link);
        if (options.Scale == PredictionScale.Link && Family.Link is not { Name: "identity" })
            throw new InferenceException("What is averaged over the random effects is the response, and its average is on the response's scale. Leave the link's scale out (--link).");
        if (Design.RandomTerms.FirstOrDefault(term => term.Memberships is not null) is { } several)
            throw new InferenceException($"Predictions averaged over the random effects are not in this version for rows that belong to several levels, here of '{several.Group}'. Predict at random effects of zero (--population).");
    }

    private PredictedValue[] Averaged(NewDataDesign rows, PredictionOptions options)
    {
        var (means, variances) = AveragedPrediction.Of(estimate, Family.Link, rows, options.VarianceUncertainty, options.NeedsVariance);
        var quantile = options.Interval is { } level ? TailQuantileOf(level) : double.NaN;
        var predicted = new PredictedValue[means.Length];
        for (var r = 0; r < predicted.Length; r++)
        {
            predicted[r] = new(rows.Rows.Span[r], means[r]);
            if (!options.NeedsVariance) continue;
            var error = Math.Sqrt(variances[r]);
            predicted[r] = predicted[r] with { StandardError = error };
            if (options.Interval is null) continue;
            var centre = Family.Link.Predictor(means[r]);
            var half = quantile * error / Math.Abs(Family.Link.Mean(centre).First);
            var (lower, upper) = Family.Link.MeanInterval(centre - half, centre + half);
            predicted[r] = predicted[r] with { Lower = lower, Upper = upper };
        }

        return predicted;
    }

    private PredictedValue[] Predicted(NewDataDesign rows, IReadOnlyList<int> terms, PredictionOptions options, ObservationPrediction observations)
    {
        if (options.Target == PredictionTarget.Averaged) return Averaged(rows, options);
        if (options.NeedsVariance && terms.FirstOrDefault(t => Design.RandomTerms[t].Memberships is not null, -1) is >= 0 and var several)
        {
            throw new InferenceException(
                $"Standard errors of predictions are not in this version for rows that belong to several levels, here of '{Design.RandomTerms[several].Group}'. Predict without them, or at random effects of zero (--population).");
        }

        var eta = LinearPredictor.Evaluate(rows, estimate.Coefficients, [.. terms.Select(t => estimate.Modes[t])]);
        if (options is { NeedsVariance: true, Uncertainty: PredictionUncertainty.Observation }) return observations.Of(rows, terms, eta, options.VarianceUncertainty, options.Interval);
        var isResponse = options.Scale == PredictionScale.Response;
        var variances = options.NeedsVariance ? GeneralizedPredictionVariance.Of(estimate, rows, terms, options.VarianceUncertainty).Variances : [];
        var quantile = options.Interval is { } level ? TailQuantileOf(level) : double.NaN;
        var predicted = new PredictedValue[eta.Length];
        for (var r = 0; r < predicted.Length; r++)
        {
            var mean = Family.Link.Mean(eta[r]);
            predicted[r] = new(rows.Rows.Span[r], isResponse ? mean.Value : eta[r]);
            if (!options.NeedsVariance) continue;
            var error = Math.Sqrt(variances[r]);
            predicted[r] = predicted[r] with { StandardError = isResponse ? Math.Abs(mean.First) * error : error };
            if (options.Interval is null) continue;
            var (low, high) = (eta[r] - (quantile * error), eta[r] + (quantile * error));
            if (isResponse) (low, high) = Family.Link.MeanInterval(low, high);
            predicted[r] = predicted[r] with { Lower = low, Upper = high };
        }

        return predicted;
    }

    private static double TailQuantileOf(double level) => TailProbability.StudentQuantile(1 - level, double.PositiveInfinity);
}

using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Marginal;
using MixedModels.Inference.Linear;
using MixedModels.Inference.Marginal;
using MixedModels.LinearAlgebra;
using MixedModels.Prediction;
using MixedModels.Simulation;

namespace MixedModels;

/// <content>Predictions, simulation and the covariance of the responses.</content>
public sealed partial class LinearMixedModelFit
{
    /// <summary>Predictions for the rows the model was fitted to; by default the fitted values.</summary>
    /// <param name="options">Whose mean, which random terms, and whether with standard errors or intervals.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="Formula.FormulaException">A random term is named that the model does not have.</exception>
    /// <exception cref="InferenceException">The method for degrees of freedom does not apply, or an observation is to leave some of its variance out.</exception>
    public IReadOnlyList<PredictedValue> Predict(PredictionOptions? options = null)
    {
        options ??= new();
        var terms = TermsOf(options);
        return Predicted(Design.OwnRows(terms, PartsOf(options)), terms, options, Design.Weights);
    }

    /// <summary>Predictions for the rows of another table. O(rows × effects).</summary>
    /// <param name="newData">The table; the response and the weights need not be there, nor the columns of random terms that take no part.</param>
    /// <param name="options">Whose mean, which random terms, what happens to new levels, and whether with standard errors or intervals; a new observation has weight 1.</param>
    /// <returns>One a row of the table, in its order; NaN in rows with a missing value.</returns>
    /// <exception cref="DataException">A column is absent, a factor of the effects has a level the fit has not seen, or a group has one and <see cref="PredictionOptions.NewLevels"/> refuses it.</exception>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="Formula.FormulaException">A random term is named that the model does not have.</exception>
    /// <exception cref="InferenceException">The method for degrees of freedom does not apply, or an observation is to leave some of its variance out.</exception>
    public IReadOnlyList<PredictedValue> Predict(DataTable newData, PredictionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(newData);
        options ??= new();
        var terms = TermsOf(options);
        var rows = Design.Replay(newData, terms, PartsOf(options));
        if (options.NewLevels == NewLevels.Error) RandomTermNames.RequireKnownLevels(Design, rows, terms);
        var complete = Predicted(rows, terms, options, weights: default);
        if (rows.MissingRows == 0) return complete;
        var predicted = new PredictedValue[newData.RowCount];
        for (var row = 0; row < predicted.Length; row++) predicted[row] = PredictedValue.Missing(row, options);
        foreach (var value in complete) predicted[value.Row] = value;
        return predicted;
    }

    /// <summary>Draws responses from the fitted model: new random effects and residuals at the estimates. O(replicates × rows × effects).</summary>
    /// <param name="replicates">How many, at least 1.</param>
    /// <param name="seed">Same seed, same numbers; replicate k does not depend on how many there are.</param>
    /// <param name="options">What is drawn; by default random effects and residuals.</param>
    /// <returns>n×replicates, a row a used row.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no replicates, or more than a matrix holds.</exception>
    public Matrix Simulate(int replicates, ulong seed, SimulationOptions? options = null) => Simulator(options ?? new()).DrawAll(replicates, seed);

    /// <summary>The covariance V of all used rows' responses with the random effects integrated out. O(n²).</summary>
    /// <exception cref="DataException">There are more than 5,000 rows.</exception>
    public MarginalCovariance MarginalCovariance() => MarginalBlockOf([.. Enumerable.Range(0, Observations)], "The data");

    /// <summary>The block of V for the rows of one level of a group; terms of other groups are in it where those rows share their levels.</summary>
    /// <param name="group">The grouping factor, <c>a:b</c> for an interaction.</param>
    /// <param name="level">One of its levels.</param>
    /// <exception cref="Formula.FormulaException">The model has no such group.</exception>
    /// <exception cref="DataException">The group has no such level, or the level more than 5,000 rows.</exception>
    public MarginalCovariance MarginalCovariance(string group, string level)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(level);
        return MarginalBlockOf(ResidualKinds.RowsOf(Design, group, level), $"Level '{level}' of '{group}'");
    }

    /// <summary>The covariance R of the residuals of one level of a group or of one subject of the residual structure, random effects not in it.</summary>
    /// <param name="group">The grouping factor, or the structure's subjects.</param>
    /// <param name="level">One of its levels.</param>
    /// <exception cref="Formula.FormulaException">The model has no such group.</exception>
    /// <exception cref="DataException">The group has no such level, or the level more than 5,000 rows.</exception>
    public MarginalCovariance ResidualCovariance(string group, string level)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(level);
        return MarginalBlockOf(ResidualKinds.RowsOf(Design, group, level), $"Level '{level}' of '{group}'", onlyResidual: true);
    }

    /// <summary>The semivariogram of the residuals within subjects, beside what the residual structure says it is. O(Σ n_i²).</summary>
    /// <param name="options">Residuals, distance, group and bins; null for scaled residuals over the structure's own coordinates.</param>
    /// <exception cref="InferenceException">There is no such column or group, none to take by default, no two rows in one group, or over five million pairs.</exception>
    /// <exception cref="ArgumentException">The residuals are of another kind, or bins or distance are not positive.</exception>
    public Semivariogram Semivariogram(SemivariogramOptions? options = null) => MixedModels.Semivariogram.Of(this, options);

    /// <summary>What draws replicates of the response, for work that keeps only a statistic of each.</summary>
    internal LinearSimulator Simulator(SimulationOptions options) => options.Conditional
        ? new(fitted.Value, [], [], estimate.Sigma, Design.Weights.Span, Correlate)
        : new(Predictor(Design.OwnRows([]), []), Design.RandomTerms, LinearParameters.Factors(Design, Parameters.Covariances), estimate.Sigma, Design.Weights.Span, Correlate);

    private Func<double[], double[]>? Correlate => Marginal is null ? null : e => Marginal.Whitening.Colour(e, e.Length);

    private IReadOnlyList<int> TermsOf(PredictionOptions options)
    {
        PredictionOptions.RequireConsistent(options);
        return options.Target != PredictionTarget.Conditional ? [] : RandomTermNames.Find(Design, options.RandomTerms);
    }

    /// <summary>What of the residuals' clauses is to be known of the rows.</summary>
    private ResidualParts PartsOf(PredictionOptions options)
    {
        if (Marginal is null || !options.IsOfObservation) return ResidualParts.None;
        if (options.IncludeResidual) ResidualLimits.RequirePlaces(Design);
        return NewResiduals.Parts(Marginal.Residual, options.IncludeResidual);
    }

    private PredictedValue[] Predicted(NewDataDesign rows, IReadOnlyList<int> terms, PredictionOptions options, ReadOnlyMemory<double> weights)
    {
        if (options.IsOfObservation) PredictionIntervals.RequireAllTerms(Design, terms);
        var (means, residuals) = Means(rows, terms, options, weights);
        if (!options.NeedsVariance) return [.. means.Select((mean, r) => new PredictedValue(rows.Rows.Span[r], mean))];
        var residual = new double[options.IsOfObservation ? means.Length : 0];
        for (var r = 0; r < residual.Length; r++) residual[r] = estimate.Sigma * estimate.Sigma * (residuals?.Variances[r] ?? 1 / (weights.IsEmpty ? 1 : weights.Span[r]));
        var (variances, df) = PredictionErrors(rows, terms, options, residuals);
        if (options.VarianceUncertainty) Vectors.AddScaled(1, CovarianceErrors(rows, terms, options, weights), variances);
        return PredictionIntervals.Of(means, rows.Rows.Span, (variances, df), residual, options.Interval);
    }

    /// <summary>The predictions, and the residuals in them or beside them; null where there are none, or independent ones of one variance.</summary>
    private (double[] Means, NewResiduals? Residuals) Means(NewDataDesign rows, IReadOnlyList<int> terms, PredictionOptions options, ReadOnlyMemory<double> weights)
    {
        var means = Predictor(rows, terms);
        if (Marginal is null || !options.IsOfObservation) return (means, null);
        var residuals = NewResiduals.Of(Marginal, rows, means, weights, options.IncludeResidual);
        if (options.IncludeResidual)
            Vectors.AddScaled(1, residuals.Means(ResidualKinds.Of(this, Marginal, fitted.Value, sigma: 1, ResidualKind.Normalized)), means);
        return (means, residuals);
    }

    private (double[] Variances, double[] Df) PredictionErrors(NewDataDesign rows, IReadOnlyList<int> terms, PredictionOptions options, NewResiduals? residuals)
    {
        var own = Model.Options.DegreesOfFreedom;
        if (terms.Count == 0)
            return PredictionIntervals.OfFixedEffects(Method(options.DegreesOfFreedom ?? own), residuals is null ? rows : PredictionVariance.WithoutKnown(estimate, rows, residuals), needsDf: options.Interval is not null);
        var method = PredictionIntervals.ConditionalMethod(options.DegreesOfFreedom, own);
        var residualDf = Observations - Design.Fixed.ColumnNames.Count;
        return (PredictionVariance.Of(estimate, Optimum.Theta, rows, terms, residuals), PredictionIntervals.Constant(method, residualDf, rows.Rows.Length));
    }

    /// <summary>What the uncertainty of the covariances adds to the variances of predictions.</summary>
    private double[] CovarianceErrors(NewDataDesign rows, IReadOnlyList<int> terms, PredictionOptions options, ReadOnlyMemory<double> weights)
    {
        PredictionIntervals.RequireMoved(terms, options, options.DegreesOfFreedom ?? Model.Options.DegreesOfFreedom);
        if (Marginal is null)
        {
            PredictionIntervals.RequireDerivatives(Design);
            return PredictionDerivatives.Variances(estimate, Optimum.Theta, PredictionIntervals.RequireDefinite(effects.Value.Variances()), rows, terms);
        }

        var (own, information) = ((MarginalFittedEffects)effects.Value, PredictionIntervals.RequireDefinite(effects.Value.Variances()));
        return PredictionSlopes.Variances([.. Optimum.Theta, .. Optimum.Phi], own.Active, information.Covariance, psi =>
        {
            var moved = Optimum with { Theta = psi[..Optimum.Theta.Length], Phi = psi[Optimum.Theta.Length..] };
            return ResidualFits.At(Model, Design, Marginal.Data, Marginal.Residual, moved).Means(rows, terms, options, weights).Means;
        });
    }

    private MarginalCovariance MarginalBlockOf(int[] rows, string what, bool onlyResidual = false)
    {
        if (rows.Length > MarginalBlock.RowLimit)
        {
            throw new DataException(
                $"{what} has {rows.Length} rows; a block of the marginal covariance is written out densely and goes to {MarginalBlock.RowLimit}. Ask for one level of a group.");
        }

        double[][] G = [.. RandomTerms.Select(term => onlyResidual ? new double[term.Covariance.Values.Length] : term.Covariance.Values.ToArray())];
        var block = MarginalBlock.Of(numbers, G, Marginal is null ? Sigma : 0, rows);
        if (Marginal is not null) ResidualKinds.AddCovariance(Marginal, estimate.Sigma, rows, block);
        return new([.. rows.Select(r => Design.Rows.Span[r])], new(rows.Length, rows.Length, block));
    }
}

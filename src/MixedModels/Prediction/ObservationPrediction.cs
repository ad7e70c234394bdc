using MixedModels.Design;
using MixedModels.Estimation.Generalized;
using MixedModels.Families;

namespace MixedModels.Prediction;

/// <summary>Predictions of new observations of a generalized model: the quantiles and the standard deviation of their distribution.</summary>
/// <param name="Family">The family.</param>
/// <param name="Estimate">The fit.</param>
/// <param name="Trials">The trials of each row.</param>
/// <param name="Weights">The prior weights of each row; empty where all are 1.</param>
internal sealed record ObservationPrediction(Family Family, GeneralizedEstimate Estimate, ReadOnlyMemory<double> Trials, ReadOnlyMemory<double> Weights)
{
    /// <summary>The predictions, one a complete row. O(rows × nodes × steps of the quantiles).</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="terms">Their random terms, all of the model's.</param>
    /// <param name="eta">Their predictors.</param>
    /// <param name="withParameters">Whether the parameters of covariances and of the family are uncertain too.</param>
    /// <param name="level">The level of intervals; null for none.</param>
    public PredictedValue[] Of(NewDataDesign rows, IReadOnlyList<int> terms, double[] eta, bool withParameters, double? level)
    {
        var errors = GeneralizedPredictionVariance.Of(Estimate, rows, terms, withParameters);
        var psi = Estimate.FamilyParameters;
        var parameters = withParameters ? FamilyNodes.Of(psi, Estimate.Covariance.OfFamily(psi.Length)) : FamilyNodes.Known(psi);
        var predicted = new PredictedValue[eta.Length];
        for (var r = 0; r < predicted.Length; r++)
        {
            var (table, mean) = (rows.Rows.Span[r], Family.Link.Mean(eta[r]).Value);
            var trials = Trials.IsEmpty ? 1 : Trials.Span[r];
            var distribution = new PredictiveDistribution(
                Family, trials, Weights.IsEmpty ? 1 : Weights.Span[r], eta[r], errors.Variances[r], withParameters ? errors.WithFamily.AsSpan(r * psi.Length, psi.Length) : [], parameters);
            predicted[r] = new(table, mean, distribution.Deviation / trials);
            if (level is not { } wanted) continue;
            var tail = 0.5 * (1 - wanted);
            predicted[r] = predicted[r] with { Lower = distribution.Quantile(tail) / trials, Upper = distribution.Quantile(1 - tail) / trials };
        }

        return predicted;
    }
}

using MixedModels.LinearAlgebra;

namespace MixedModels.Diagnostics.Rules;

/// <summary>How much more neighbours in a group resemble each other than those of responses simulated from the fit.</summary>
/// <remarks>
/// Responses less their mean over simulations, over their SD there, centred in each group, so that a level of the group's own cancels. The same is done to
/// every replicate; the score is the distance from their mean in their standard deviations.
/// </remarks>
internal static class SimulatedLag
{
    /// <summary>Replicates; their standard deviation is known to 7 %.</summary>
    private const int Replicates = 100;

    /// <summary>Above this many numbers the rule does not speak: it is not worth the memory.</summary>
    private const long MostNumbers = 20_000_000;

    /// <summary>The excess correlation, its score and the number of pairs; no pairs where it cannot be had.</summary>
    public static (double Excess, double Score, int Pairs) Of(DiagnosticEvidence evidence)
    {
        var n = evidence.Fit.Design.Observations;
        int[][] sets = [.. evidence.OrderedRows.Where(set => set.Length > 2)];
        if (sets.Length == 0 || (long)n * Replicates > MostNumbers) return (0, 0, 0);
        var draws = evidence.Fit.Simulate(Replicates, evidence.Options.Seed);
        var (means, deviations) = Moments(draws, n);
        var y = evidence.Fit.Design.Response.Span;
        var own = new double[n];
        for (var r = 0; r < n; r++) own[r] = deviations[r] > 0 ? (y[r] - means[r]) / deviations[r] : 0;
        var correlations = new double[Replicates];
        var standardized = new double[n];
        for (var k = 0; k < Replicates; k++)
        {
            evidence.CancellationToken.ThrowIfCancellationRequested();
            for (var r = 0; r < n; r++) standardized[r] = deviations[r] > 0 ? (draws[r, k] - means[r]) / deviations[r] : 0;
            correlations[k] = AutocorrelationRule.LagOne(Centred(standardized, sets)).Correlation;
        }

        var (correlation, pairs) = AutocorrelationRule.LagOne(Centred(own, sets));
        var mean = correlations.Average();
        var spread = Math.Sqrt(correlations.Sum(value => (value - mean) * (value - mean)) / (Replicates - 1));
        return spread > 0 ? (correlation - mean, (correlation - mean) / spread, pairs) : (0, 0, 0);
    }

    private static (double[] Means, double[] Deviations) Moments(Matrix draws, int n)
    {
        var (means, deviations) = (new double[n], new double[n]);
        for (var k = 0; k < Replicates; k++)
        {
            for (var r = 0; r < n; r++) means[r] += draws[r, k] / Replicates;
        }

        for (var k = 0; k < Replicates; k++)
        {
            for (var r = 0; r < n; r++) deviations[r] += (draws[r, k] - means[r]) * (draws[r, k] - means[r]) / (Replicates - 1);
        }

        for (var r = 0; r < n; r++) deviations[r] = Math.Sqrt(deviations[r]);
        return (means, deviations);
    }

    private static double[]?[] Centred(double[] values, int[][] sets) => [.. sets.Select(set =>
    {
        var mean = set.Average(r => values[r]);
        return set.Select(r => values[r] - mean).ToArray();
    })];
}

using MixedModels.Numerics;

namespace MixedModels.Diagnostics.Rules;

/// <summary>Neighbours in time that resemble each other beyond what the random effects explain.</summary>
/// <remarks>
/// Residuals given random effects are correlated by the estimation itself, so raw ones cannot be judged. Here each row's residual is taken given the
/// rows before it in its group (a Cholesky factor of P0's block), which under the model leaves independent numbers; their lag-one
/// correlation times √pairs is then standard normal. Where there are no such residuals (another family, a residual structure) the lag-one correlation of
/// the responses about their population means, centred in each group, is held against that of simulated responses: what it has beyond their mean is the excess.
/// </remarks>
internal sealed class AutocorrelationRule : DiagnosticRule
{
    /// <summary>A smaller correlation changes standard errors by a few percent.</summary>
    private const double Large = 0.15;

    private const int LeastPairs = 30;

    /// <summary>Of counts, whose own chance hides a part of what neighbours share.</summary>
    private const double LargeExcess = 0.1;

    /// <inheritdoc/>
    public override string Name => "autocorrelation";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(DiagnosticEvidence evidence)
    {
        if (evidence.Order is not { } order) yield break;
        var isExact = evidence.Innovations.Count > 0;
        var (correlation, score, pairs) = isExact ? Exact(evidence) : SimulatedLag.Of(evidence);
        if (pairs < LeastPairs) yield break;
        var p = TailProbability.NormalTwoSided(score);
        if (!(p < ErrorRate) || Math.Abs(correlation) < (isExact ? Large : LargeExcess)) yield break;
        yield return Warning(
            $"Rows that follow each other in '{order.Name}' are {(correlation > 0 ? "alike" : "unlike")} beyond what the random effects explain: the correlation of neighbours is {correlation:0.00} over {pairs} pairs (p = {p:G2}).",
            correlation > 0 ? "Standard errors of effects that change slowly within a group are too small." : "The model explains too much by what changes slowly, or misses an alternation.",
            evidence.Fit.RandomTerms.Any(term => term.ColumnNames.Contains(order.Name, StringComparer.Ordinal))
                ? "Let the residual correlation fall with distance (such as ar1), or let the curve within a group bend."
                : $"Add a random slope of '{order.Name}', or a residual correlation that falls with distance such as ar1.");
    }

    private static (double Correlation, double Score, int Pairs) Exact(DiagnosticEvidence evidence)
    {
        var (correlation, pairs) = LagOne(evidence.Innovations);
        return (correlation, correlation * Math.Sqrt(pairs), pairs);
    }

    /// <summary>The lag-one correlation of the sets' numbers about zero, and the number of pairs.</summary>
    internal static (double Correlation, int Pairs) LagOne(IReadOnlyList<double[]?> sets)
    {
        var (product, square, pairs, count) = (0.0, 0.0, 0, 0);
        foreach (var set in sets)
        {
            if (set is null) continue;
            for (var i = 0; i < set.Length; i++)
            {
                square += set[i] * set[i];
                count++;
                if (i == 0) continue;
                product += set[i] * set[i - 1];
                pairs++;
            }
        }

        return pairs == 0 || square == 0 ? (0, 0) : (product / pairs / (square / count), pairs);
    }
}

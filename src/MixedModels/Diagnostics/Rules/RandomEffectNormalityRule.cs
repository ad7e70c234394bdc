namespace MixedModels.Diagnostics.Rules;

/// <summary>Conditional modes that are skewed or heavy-tailed, each over its own standard deviation under the model.</summary>
/// <remarks>Var(b̂) = Var(b) − Var(b − b̂). Shrinkage pulls modes towards the normal shape, so what is seen here is worse underneath.</remarks>
internal sealed class RandomEffectNormalityRule : DiagnosticRule
{
    private const double Skewness = 0.5;
    private const double Kurtosis = 1;

    /// <summary>Under this share of the variance, modes say little of the distribution they are from.</summary>
    private const double LeastReliability = 0.2;

    /// <inheritdoc/>
    public override string Name => "random-effects-not-normal";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(DiagnosticEvidence evidence)
    {
        var terms = evidence.Fit.ConditionalModes();
        for (var t = 0; t < terms.Count; t++)
        {
            for (var effect = 0; effect < terms[t].ColumnNames.Count; effect++)
            {
                if (Standardized(terms[t], effect, evidence.Fit.RandomTerms[t].StandardDeviations[effect]) is not { } modes) continue;
                if (NormalityTest.Of(modes) is not { } test || test.PValue >= ErrorRate) continue;
                if (Math.Abs(test.Skewness) < Skewness && Math.Abs(test.ExcessKurtosis) < Kurtosis) continue;
                yield return Warning(
                    $"The effects '{terms[t].ColumnNames[effect]}' of '{terms[t].Group}' are not normal: skewness {test.Skewness:0.00}, excess kurtosis {test.ExcessKurtosis:0.00}, p = {test.PValue:G2}.",
                    "Fixed effects bear it well; what is said of single levels, of extreme ones above all, does not.",
                    "Look whether a covariate of the levels is missing that splits them, or whether single levels stand apart (mixed plot ranef-qq).");
            }
        }
    }

    private static double[]? Standardized(ConditionalModes term, int effect, double deviation)
    {
        var modes = new List<double>();
        for (var level = 0; level < term.Levels.Count; level++)
        {
            var left = (deviation * deviation) - (term.StandardDeviations[level, effect] * term.StandardDeviations[level, effect]);
            if (!(left > LeastReliability * deviation * deviation)) continue;
            modes.Add(term.Modes[level, effect] / Math.Sqrt(left));
        }

        return modes.Count >= 20 ? [.. modes] : null;
    }
}

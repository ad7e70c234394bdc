using MixedModels.Design;
using MixedModels.Families;

namespace MixedModels.Estimation.Generalized;

/// <summary>Whether coefficients of a discrete response run to infinity, because they separate rows whose responses are all at an end of what they can be.</summary>
internal static class Separation
{
    /// <summary>A mean this near to an end of its range, with a response at that end, has run there.</summary>
    private const double EndOfRange = 1e-7;

    /// <summary>A coefficient that moves such rows' predictors by this much has taken them there.</summary>
    private const double SeparatedPredictor = 8;

    /// <summary>The fixed effects that carry rows to an end of their range; empty where none does.</summary>
    /// <param name="design">The design.</param>
    /// <param name="family">The family.</param>
    /// <param name="response">n responses.</param>
    /// <param name="predictors">n linear predictors at the estimates.</param>
    /// <param name="coefficients">p fixed effects.</param>
    public static IReadOnlyList<string> Columns(ModelDesign design, Family family, ReadOnlySpan<double> response, ReadOnlySpan<double> predictors, ReadOnlySpan<double> coefficients)
    {
        if (!family.IsDiscrete) return [];
        var (n, p) = (design.Observations, design.Fixed.ColumnNames.Count);
        var X = design.Fixed.X.Span;
        var reach = new double[p];
        for (var i = 0; i < n; i++)
        {
            var mu = family.Link.Mean(predictors[i]).Value;
            var isAtEnd = (mu < EndOfRange && response[i] == 0) || (family.HasTrials && 1 - mu < EndOfRange && response[i] == design.Trials.Span[i]);
            for (var j = 0; j < p && isAtEnd; j++) reach[j] = Math.Max(reach[j], Math.Abs(X[i + (j * n)] * coefficients[j]));
        }

        return [.. design.Fixed.ColumnNames.Where((_, j) => reach[j] > SeparatedPredictor)];
    }
}

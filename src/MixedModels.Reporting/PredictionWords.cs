using System.Globalization;

namespace MixedModels.Reporting;

/// <summary>What the standard errors and intervals of predictions hold, in a sentence or two.</summary>
internal static class PredictionWords
{
    /// <summary>The statement; null where neither was asked for.</summary>
    public static string? Statement(IMixedModelFit fit, PredictionOptions options)
    {
        if (!options.StandardErrors && options.Interval is null) return null;
        var isConditional = fit.RandomTerms.Count > 0 && options.Target == PredictionTarget.Conditional && options.RandomTerms is not { Count: 0 };
        var parts = new List<string> { "the fixed effects" };
        if (isConditional) parts.Add(options.RandomTerms is { } terms ? $"the random effects of {string.Join(", ", terms)}" : "the random effects");
        if (options.IncludeResidual) parts.Add("the residual given the known ones of its subject");
        else if (options.Uncertainty == PredictionUncertainty.Observation) parts.Add(fit is GeneralizedMixedModelFit { Family: var family } ? $"a response of the family {family.Name}" : "the residual");
        var of = parts.Count == 1 ? parts[0] : $"{string.Join(", ", parts.SkipLast(1))} and {parts[^1]}";
        var adjusted = !isConditional && (options.DegreesOfFreedom ?? Own(fit)).AdjustsStandardErrors();
        return $"Standard errors hold the uncertainty of {of}{(adjusted ? ", with that of the variances" : options.VarianceUncertainty ? ", with that of the random effects' covariances (delta method)" : "; not that of the variances")}.{Interval(fit, options, isConditional)}";
    }

    private static DegreesOfFreedom Own(IMixedModelFit fit) => fit is LinearMixedModelFit linear ? linear.Model.Options.DegreesOfFreedom : DegreesOfFreedom.None;

    private static string Interval(IMixedModelFit fit, PredictionOptions options, bool isConditional)
    {
        if (options.Interval is not { } level) return "";
        var own = Own(fit);
        var method = options.DegreesOfFreedom ?? (!isConditional ? own : own.IsNormal() ? DegreesOfFreedom.None : DegreesOfFreedom.Residual);
        return string.Create(CultureInfo.InvariantCulture, $" Intervals: {100 * level:0.##} %{FitWords.Method(method)}.");
    }
}

namespace MixedModels.Reporting;

/// <summary>Words for the scale of marginal means and for what contrasts of them are.</summary>
internal static class MarginalMeansWords
{
    /// <summary>The scale in words; null where it is the predictor's and needs none.</summary>
    public static string? Scale(MarginalMeansOptions options)
    {
        var theta = options.VarianceUncertainty ? ", the uncertainty of their variances included" : "";
        return options.Scale switch
        {
            MeanScale.Response => "means of the response at random effects of zero",
            MeanScale.BiasAdjusted => $"means of the response, adjusted to second order for the random effects{theta}",
            MeanScale.Averaged => $"means of the response averaged over the random effects{theta}",
            _ => null,
        };
    }

    /// <summary>A kind of contrasts in JSON; null where there are none.</summary>
    public static string? Word(ContrastKind? kind) => kind switch
    {
        ContrastKind.Ratio => "ratio",
        ContrastKind.OddsRatio => "odds-ratio",
        ContrastKind.Difference => "difference",
        _ => null,
    };

    /// <summary>The header of the estimates of contrasts.</summary>
    public static string Header(ContrastKind kind) => kind switch
    {
        ContrastKind.Ratio => "Ratio",
        ContrastKind.OddsRatio => "Odds ratio",
        _ => "Estimate",
    };
}

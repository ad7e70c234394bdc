namespace MixedModels.Reporting.Tables;

/// <summary>The likelihood and the information criteria, one row.</summary>
internal static class CriterionTable
{
    /// <summary>Builds the table.</summary>
    public static ResultTable Create(FitFacts fit)
    {
        var layout = new DecimalsLayout(2);
        return new(
        [
            new NumberColumn("logLik", [fit.LogLikelihood], layout),
            new NumberColumn("AIC", [fit.Aic], layout),
            new NumberColumn("BIC", [fit.Bic], layout),
            new NumberColumn("parameters", [fit.ParameterCount], new DecimalsLayout(0)),
        ]);
    }
}

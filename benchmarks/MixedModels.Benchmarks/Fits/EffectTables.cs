namespace MixedModels.Benchmarks.Fits;

/// <summary>The table of fixed effects with degrees of freedom, from a fit that has not been asked for it yet.</summary>
internal static class EffectTables
{
    /// <summary>Satterthwaite's, beside lmerTest, which differentiates the deviance numerically.</summary>
    public static FollowUp Satterthwaite { get; } = new("Satterthwaite's table", fitted => () => Ask(fitted, DegreesOfFreedom.Satterthwaite))
    {
        IsKeptByTheFit = true,
        PeerName = "lmerTest",
        PeerProgram = """
            suppressMessages(library(lmerTest))
            one <- function() coef(summary(as_lmerModLmerTest(m)))
            """,
    };

    /// <summary>Kenward and Roger's. pbkrtest makes n×n matrices, here of 73,421 rows: 43 GB each.</summary>
    public static FollowUp KenwardRoger { get; } = new("Kenward–Roger table", fitted => () => Ask(fitted, DegreesOfFreedom.KenwardRoger))
    {
        IsKeptByTheFit = true,
        Reach = 5,
    };

    private static void Ask(FittedCase fitted, DegreesOfFreedom method)
    {
        foreach (var row in fitted.Fit.Coefficients(method))
        {
            if (!(row.DegreesOfFreedom > 0)) throw new InvalidOperationException($"The coefficient {row.Name} has {row.DegreesOfFreedom} degrees of freedom.");
        }
    }
}

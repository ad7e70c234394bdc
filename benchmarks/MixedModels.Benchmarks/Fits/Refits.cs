using MixedModels.Data;

namespace MixedModels.Benchmarks.Fits;

/// <summary>A parametric bootstrap's work: the model fitted to new responses drawn from its fit, from the fit's variances on.</summary>
internal static class Refits
{
    private const int Count = 1000;

    public static FollowUp Entry { get; } = new("1,000 refits with new responses", Prepare)
    {
        Reach = 0.2,
        PeerName = "lme4's refit",
        PeerProgram = """
            y <- simulate(m, 1000, seed = 1)
            one <- function() for (k in seq_along(y)) refit(m, y[[k]])
            """,
    };

    private static Action Prepare(FittedCase fitted)
    {
        var (model, table, fit) = fitted;
        if (fit.DroppedRows > 0) throw new NotSupportedException("Refits are timed on data without missing values.");
        var drawn = LinearMixedModel.Simulate(fit.Design, fit.Parameters, Count, seed: 1);
        var tables = new DataTable[Count];
        for (var k = 0; k < Count; k++)
        {
            var response = new double[table.RowCount];
            for (var r = 0; r < response.Length; r++) response[r] = drawn[r, k];
            tables[k] = table.WithColumn(new NumericColumn(fit.Design.ResponseName, response));
        }

        return () =>
        {
            foreach (var replicate in tables)
            {
                var refit = model.Fit(model.Prepare(replicate), fit);
                if (refit.Convergence.Verdict == ConvergenceVerdict.NotConverged)
                    throw new InvalidOperationException("A refit with a simulated response did not converge.");
            }
        };
    }
}

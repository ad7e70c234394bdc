using MixedModels.Diagnostics.Rules;

namespace MixedModels;

/// <summary>Looks for what is wrong with a fit.</summary>
public static class ModelDiagnosis
{
    /// <summary>Everything the rules find, worst first; empty where nothing needs attention.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">Seed and replicates; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between rules.</param>
    /// <remarks>A rule speaks only where a test says it is no chance <em>and</em> the size says that it matters; docs/diagnostics.md has measured rates.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 20 replicates, or more than 2,000.</exception>
    /// <exception cref="InferenceException">The column for the order is not among those of the model.</exception>
    public static IReadOnlyList<Finding> Diagnose(this IInspectedFit fit, DiagnosisOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new();
        if (options.Replicates is < 20 or > 2000)
            throw new ArgumentOutOfRangeException(nameof(options), options.Replicates, "Simulated residuals need between 20 and 2000 replicates.");
        var evidence = new DiagnosticEvidence(fit, options, cancellationToken);
        var found = new List<Finding>();
        foreach (var rule in RuleCatalogue.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            found.AddRange(rule.Check(evidence));
        }

        // What a fit says of itself at a glance, a rule of the same name says with a test.
        found.InsertRange(0, fit.Findings.Where(own => !RuleCatalogue.All.Any(rule => rule.Name == own.Rule)));
        return [.. found.OrderByDescending(finding => finding.Severity)];
    }

    /// <summary>Everything the rules find, worst first; empty where nothing needs attention.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">Seed and replicates; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between rules.</param>
    public static IReadOnlyList<Finding> Diagnose(this IMixedModelFit fit, DiagnosisOptions? options = null, CancellationToken cancellationToken = default) =>
        fit.Inspect().Diagnose(options, cancellationToken);
}

namespace MixedModels.Diagnostics.Rules;

/// <summary>The rules. A new one is a file in this folder and a line here.</summary>
internal static class RuleCatalogue
{
    /// <summary>All rules; those that see data before those that see residuals.</summary>
    public static IReadOnlyList<DiagnosticRule> All { get; } =
    [
        new FewLevelsRule(),
        new MissingRowsRule(),
        new CollinearityRule(),
        new InfluentialGroupRule(),
        new InfluentialRowRule(),
        new OutlierRule(),
        new ResidualNormalityRule(),
        new RandomEffectNormalityRule(),
        new HeteroscedasticityRule(),
        new AutocorrelationRule(),
        new DispersionRule(),
        new ZeroInflationRule(),
        new SimulatedResidualsRule(),
    ];
}

using MixedModels.Cli.Verbs;

namespace MixedModels.Cli;

/// <summary>The verbs of the command; only the one that is asked for is built.</summary>
internal static class VerbCatalogue
{
    /// <summary>The verbs in the order of the help.</summary>
    public static IReadOnlyList<Entry> All { get; } =
    [
        new(FitVerb.Name, FitVerb.Summary, () => new FitVerb()),
        new(CoefVerb.Name, CoefVerb.Summary, () => new CoefVerb()),
        new(RanefVerb.Name, RanefVerb.Summary, () => new RanefVerb()),
        new(AnovaVerb.Name, AnovaVerb.Summary, () => new AnovaVerb()),
        new(MeansVerb.Name, MeansVerb.Summary, () => new MeansVerb()),
        new(TestVerb.Name, TestVerb.Summary, () => new TestVerb()),
        new(ConfintVerb.Name, ConfintVerb.Summary, () => new ConfintVerb()),
        new(VcovVerb.Name, VcovVerb.Summary, () => new VcovVerb()),
        new(PredictVerb.Name, PredictVerb.Summary, () => new PredictVerb()),
        new(SimulateVerb.Name, SimulateVerb.Summary, () => new SimulateVerb()),
        new(BootstrapVerb.Name, BootstrapVerb.Summary, () => new BootstrapVerb()),
        new(DiagnoseVerb.Name, DiagnoseVerb.Summary, () => new DiagnoseVerb()),
        new(PlotVerb.Name, PlotVerb.Summary, () => new PlotVerb()),
        new(ReportVerb.Name, ReportVerb.Summary, () => new ReportVerb()),
        new(ChooseVerb.Name, ChooseVerb.Summary, () => new ChooseVerb()),
        new(ExplainVerb.Name, ExplainVerb.Summary, () => new ExplainVerb()),
        new(ExamplesVerb.Name, ExamplesVerb.Summary, () => new ExamplesVerb()),
        new(CompletionVerb.Name, CompletionVerb.Summary, () => new CompletionVerb()),
    ];

    /// <summary>Verbs of later versions, refused by name.</summary>
    public static IReadOnlyList<string> Planned { get; } =
    [
        "sample", "gwas", "power",
    ];

    /// <summary>Finds a verb by its name.</summary>
    /// <exception cref="CommandLineException">There is none of that name.</exception>
    public static Verb Create(string name)
    {
        foreach (var entry in All)
        {
            if (string.Equals(entry.Name, name, StringComparison.Ordinal))
                return entry.Create();
        }

        var verbs = string.Join(", ", All.Select(entry => entry.Name));
        if (Planned.Contains(name, StringComparer.Ordinal))
            throw new CommandLineException($"'mixed {name}' is not in this version; it has {verbs}.");
        if (name.Contains('~', StringComparison.Ordinal))
            throw new CommandLineException($"A formula follows a verb: mixed fit \"{name}\" DATA");
        throw new CommandLineException(
            $"Unknown {(name.StartsWith('-') ? "option" : "verb")} '{name}'.{NameSuggestion.For(name, All.Select(entry => entry.Name))} The verbs are {verbs}; 'mixed --help' says what they do.");
    }

    /// <summary>A verb that can be built.</summary>
    /// <param name="Name">The verb.</param>
    /// <param name="Summary">What it does, one line.</param>
    /// <param name="Create">Builds it with its options.</param>
    internal sealed record Entry(string Name, string Summary, Func<Verb> Create);
}

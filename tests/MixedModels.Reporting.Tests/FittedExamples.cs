using MixedModels.Data;
using MixedModels.Families;

namespace MixedModels.Reporting.Tests;

/// <summary>Fits of several shapes that figures and pages are tried on: few and many groups, several terms, factors, none at all.</summary>
internal static class FittedExamples
{
    private static readonly (string Name, string Formula, DataTable Table)[] cases =
    [
        ("sleep", "Reaction ~ Days + (Days | Subject)", DataTable.Example("sleepstudy")),
        ("penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", DataTable.Example("Penicillin")),
        ("cake", "angle ~ recipe * temp + (1 | recipe:replicate)", DataTable.Example("cake")),
        ("machines", "score ~ Machine + (1 | Worker)", DataTable.Example("Machines")),
        ("boundary", "Yield ~ 1 + (1 | Batch)", DataTable.Example("Dyestuff2")),
        ("linear", "Reaction ~ Days", DataTable.Example("sleepstudy")),
        ("many", "y ~ x + (x | g)", ManyGroups()),
    ];

    private static readonly (string Name, string Formula, Family Family, DataTable Table)[] generalized =
    [
        ("shares", "cbind(incidence, size - incidence) ~ period + (1 | herd)", Family.Binomial(), DataTable.Example("cbpp")),
        ("counts", "TICKS ~ YEAR + scale(HEIGHT) + (1 | BROOD)", Family.Poisson(), WithFactor(DataTable.Example("grouseticks"), "YEAR")),
        ("answers", "r2 ~ Anger + situ + (1 | item)", Family.Binomial(), EveryNinth(DataTable.Example("VerbAgg"))),
        ("waits", "Reaction ~ Days + (1 | Subject)", Family.Gamma(Link.Log), DataTable.Example("sleepstudy")),
    ];

    private static readonly Lazy<Dictionary<string, IMixedModelFit>> fits = new(() => cases
        .Select(entry => (entry.Name, Fit: (IMixedModelFit)new LinearMixedModel(entry.Formula).Fit(entry.Table)))
        .Append((Name: "visits", Fit: (IMixedModelFit)new LinearMixedModel("FEV1 ~ ARMCD * AVISIT", new() { Residual = "ar1h(AVISIT | USUBJID)" }).Fit(DataTable.ReadCsv(Trial))))
        .Concat(generalized.Select(entry => (entry.Name, Fit: (IMixedModelFit)new GeneralizedMixedModel(entry.Formula, entry.Family).Fit(entry.Table))))
        .ToDictionary(entry => entry.Name, entry => entry.Fit, StringComparer.Ordinal));

    /// <summary>The trial of the package mmrm: 197 subjects, four visits, some missing.</summary>
    public static string Trial => Path.Combine(AppContext.BaseDirectory[..AppContext.BaseDirectory.IndexOf("tests", StringComparison.Ordinal)], "validation", "residual", "data", "fev_data.csv");

    public static IEnumerable<string> Names => cases.Select(entry => entry.Name).Append("visits").Concat(generalized.Select(entry => entry.Name));

    public static IMixedModelFit Of(string name) => fits.Value[name];

    public static LinearMixedModelFit Linear(string name) => (LinearMixedModelFit)fits.Value[name];

    private static DataTable EveryNinth(DataTable table) => table.SelectRows([.. Enumerable.Range(0, table.RowCount / 9).Select(row => 9 * row)]);

    private static DataTable WithFactor(DataTable table, string name) => table.WithColumn(table[name].ToFactor());

    /// <summary>500 groups with names that need escaping, five rows each; a sine stands in for chance.</summary>
    private static DataTable ManyGroups()
    {
        const int groups = 500;
        const int size = 5;
        var (x, y, codes) = (new double[groups * size], new double[groups * size], new int[groups * size]);
        for (var i = 0; i < x.Length; i++)
        {
            codes[i] = i / size;
            x[i] = i % size;
            y[i] = 2 + x[i] + Math.Sin(12.9898 * codes[i]) + (0.3 * x[i] * Math.Cos(78.233 * codes[i])) + (0.7 * Math.Sin(37.719 * i * i));
        }

        return new DataTable(
        [
            new NumericColumn("x", x), new NumericColumn("y", y), new FactorColumn("g", [.. Enumerable.Range(0, groups).Select(g => $"a<b> & \"{g}\"")], codes),
        ]);
    }
}

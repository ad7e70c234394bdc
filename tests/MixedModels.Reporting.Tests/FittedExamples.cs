using MixedModels.Data;

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

    private static readonly Lazy<Dictionary<string, LinearMixedModelFit>> fits = new(
        () => cases.ToDictionary(entry => entry.Name, entry => new LinearMixedModel(entry.Formula).Fit(entry.Table), StringComparer.Ordinal));

    public static IEnumerable<string> Names => cases.Select(entry => entry.Name);

    public static LinearMixedModelFit Of(string name) => fits.Value[name];

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

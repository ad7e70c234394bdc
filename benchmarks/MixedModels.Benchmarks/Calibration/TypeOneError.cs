using MixedModels.Data;

namespace MixedModels.Benchmarks.Calibration;

/// <summary>How often the tests of a split plot's terms reject at a level, though nothing is there.</summary>
/// <param name="Design">The design.</param>
/// <param name="Rejections">By method and term: rejections among all replicates.</param>
internal sealed record TypeOneError(SplitPlot Design, IReadOnlyDictionary<(string Method, string Term), Proportion> Rejections)
{
    public const double Level = 0.05;

    public static IReadOnlyList<string> Methods { get; } = ["Kenward–Roger F", "Satterthwaite F", "Wald chi-square"];

    public static IReadOnlyList<string> Terms { get; } = ["a", "b", "a:b"];

    public static TypeOneError Measure(SplitPlot design, int replicates, ulong seed)
    {
        var table = design.Table();
        var drawn = design.Model.Simulate(table, design.Parameters, replicates, seed);
        var rejected = new bool[replicates, Methods.Count, Terms.Count];
        Parallel.For(0, replicates, k =>
        {
            var fit = design.Model.Fit(table.WithColumn(new NumericColumn("y", drawn.Values.Slice(k * table.RowCount, table.RowCount).ToArray())));
            TermTestTable[] tables =
            [
                fit.TestTerms(method: DegreesOfFreedom.KenwardRoger),
                fit.TestTerms(method: DegreesOfFreedom.Satterthwaite),
                fit.TestTerms(statistic: TestStatistic.ChiSquared),
            ];
            for (var m = 0; m < tables.Length; m++)
            {
                for (var t = 0; t < Terms.Count; t++) rejected[k, m, t] = tables[m].Single(row => row.Term == Terms[t]).PValue <= Level;
            }
        });
        var counts = new Dictionary<(string, string), Proportion>();
        for (var m = 0; m < Methods.Count; m++)
        {
            for (var t = 0; t < Terms.Count; t++)
                counts[(Methods[m], Terms[t])] = new(Enumerable.Range(0, replicates).Count(k => rejected[k, m, t]), replicates);
        }

        return new(design, counts);
    }
}

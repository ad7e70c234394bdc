using System.Text;
using MixedModels.Data;
using MixedModels.LinearAlgebra;

namespace MixedModels.Benchmarks.Calibration;

/// <summary>How often an interval of a method holds the parameter the data were drawn with.</summary>
/// <param name="Method">The method.</param>
/// <param name="Parameter">The parameter.</param>
/// <param name="Covered">Intervals that hold it; one that could not be computed does not.</param>
/// <param name="Below">Intervals that end below it.</param>
/// <param name="Undefined">Intervals without an end.</param>
/// <param name="MedianWidth">The median of the widths.</param>
internal sealed record Coverage(string Method, string Parameter, Proportion Covered, int Below, int Undefined, double MedianWidth)
{
    public const double Level = 0.95;

    private const int Subjects = 10, Items = 8;

    /// <summary>Eight items in two conditions, rated once by each of ten subjects.</summary>
    private static readonly LinearMixedModel model = new("y ~ x + (1 | subject) + (1 | item)");

    public static IReadOnlyDictionary<string, double> Truth { get; } = new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["(Intercept)"] = 2,
        ["x"] = 0.5,
        ["sd[subject].(Intercept)"] = 0.8,
        ["sd[item].(Intercept)"] = 0.5,
        ["sigma"] = 1,
    };

    /// <summary>Draws and fits data sets and makes every interval of each.</summary>
    /// <param name="replicates">Data sets.</param>
    /// <param name="draws">Bootstrap replicates of each.</param>
    /// <param name="seed">The seed.</param>
    public static IReadOnlyList<Coverage> Measure(int replicates, int draws, ulong seed)
    {
        var table = Table();
        var parameters = new LinearParameters { Coefficients = [Truth["(Intercept)"], Truth["x"]], Covariances = [Variance("subject"), Variance("item")], Sigma = Truth["sigma"] };
        var drawn = model.Simulate(table, parameters, replicates, seed);
        var intervals = new List<(string Method, ConfidenceInterval Interval)>[replicates];
        Parallel.For(0, replicates, k =>
            intervals[k] = Intervals(model.Fit(table.WithColumn(new NumericColumn("y", drawn.Values.Slice(k * table.RowCount, table.RowCount).ToArray()))), draws, seed + 1 + (ulong)k));
        return
        [
            .. intervals.SelectMany(own => own).GroupBy(own => (own.Method, own.Interval.Parameter))
                .Select(group => Of(group.Key.Method, group.Key.Parameter, [.. group.Select(own => own.Interval)])),
        ];
    }

    private static Matrix Variance(string group) => new(1, 1, [Truth[$"sd[{group}].(Intercept)"] * Truth[$"sd[{group}].(Intercept)"]]);

    private static List<(string, ConfidenceInterval)> Intervals(LinearMixedModelFit fit, int draws, ulong seed)
    {
        var all = new List<(string, ConfidenceInterval)>();
        void Add(string method, IEnumerable<ConfidenceInterval> intervals) => all.AddRange(intervals.Select(interval => (method, interval)));
        Add("Wald, Satterthwaite", fit.WaldIntervals(Level, DegreesOfFreedom.Satterthwaite));
        Add("Wald, Kenward–Roger", fit.WaldIntervals(Level, DegreesOfFreedom.KenwardRoger));
        Add("Wald, normal", fit.WaldIntervals(Level, DegreesOfFreedom.None));
        Add("profile, ML", LikelihoodProfile.Of(fit).Intervals(Level));
        var variances = Truth.Keys.Where(name => name is not ("(Intercept)" or "x")).ToArray();
        Add("profile, REML", LikelihoodProfile.Of(fit, new() { Criterion = EstimationCriterion.Reml, Parameters = variances }).Intervals(Level));
        var bootstrap = ParametricBootstrap.Run(fit, new() { Replicates = draws, Seed = seed, Threads = 1 });
        Add("bootstrap, percentile", bootstrap.Intervals(BootstrapInterval.Percentile, Level));
        Add("bootstrap, basic", bootstrap.Intervals(BootstrapInterval.Basic, Level));
        Add("bootstrap, BCa", bootstrap.Intervals(BootstrapInterval.BiasCorrected, Level));
        return all;
    }

    private static Coverage Of(string method, string parameter, ConfidenceInterval[] intervals)
    {
        var truth = Truth[parameter];
        var defined = intervals.Where(interval => double.IsFinite(interval.Lower) && double.IsFinite(interval.Upper)).ToArray();
        return new(
            method,
            parameter,
            new(defined.Count(interval => interval.Lower <= truth && truth <= interval.Upper), intervals.Length),
            defined.Count(interval => interval.Upper < truth),
            intervals.Length - defined.Length,
            defined.Length == 0 ? double.NaN : defined.Select(interval => interval.Upper - interval.Lower).Order().ElementAt(defined.Length / 2));
    }

    private static DataTable Table()
    {
        var text = new StringBuilder("subject,item,x,y\n");
        for (var row = 0; row < Subjects * Items; row++)
            text.Append(FormattableString.Invariant($"S{row / Items},I{row % Items},{row % Items % 2},0\n"));
        return DataTable.ReadDelimited(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

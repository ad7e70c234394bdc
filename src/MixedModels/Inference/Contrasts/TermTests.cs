using MixedModels.Design;
using MixedModels.Inference.SmallSample;
using MixedModels.Numerics;

namespace MixedModels.Inference.Contrasts;

/// <summary>The tests of all terms of a fixed part.</summary>
internal static class TermTests
{
    /// <summary>A row a term.</summary>
    public static TermTestTable Table(
        SmallSampleMethod method, DegreesOfFreedom name, EstimableFunctions functions, AnovaType type, TestStatistic statistic)
    {
        var names = method.Fit.Design.Fixed.TermNames;
        var rows = new TermTest[names.Count];
        for (var t = 0; t < rows.Length; t++)
            rows[t] = Test(names[t], method, new(method.Fit, functions.Of(t + 1, type)) { Term = t + 1 }, statistic);
        return new(rows, type, statistic, name, [.. method.Findings, .. EmptyCells(functions.Indicators, names, type)]) { Robust = method.Robust };
    }

    private static TermTest Test(string term, SmallSampleMethod method, ContrastRows rows, TestStatistic statistic)
    {
        if (rows.Count == 0) return new(term, double.NaN, 0, null, double.NaN);
        var test = method.Joint(rows, new double[rows.Count]);
        if (statistic == TestStatistic.ChiSquared)
        {
            var wald = test.Statistic * test.NumeratorDf;
            return new(term, wald, test.NumeratorDf, null, TailProbability.ChiSquared(wald, test.NumeratorDf));
        }

        double? df = double.IsPositiveInfinity(test.DenominatorDf) ? null : test.DenominatorDf;
        return new(term, test.Statistic, test.NumeratorDf, df, TailProbability.F(test.Statistic, test.NumeratorDf, test.DenominatorDf));
    }

    private static IEnumerable<Finding> EmptyCells(IndicatorDesign design, IReadOnlyList<string> names, AnovaType type)
    {
        if (type == AnovaType.I) yield break;
        for (var t = 0; t < names.Count; t++)
        {
            if (design.Terms[t].Factors.Count < 2) continue;
            int[] columns = [.. Enumerable.Range(0, design.Assign.Count).Where(j => design.Assign[j] == t + 1)];
            string[] empty = [.. columns.Where(j => design.X.AsSpan(j * design.Rows, design.Rows).IndexOfAnyExcept(0.0) < 0).Select(j => design.ColumnNames[j])];
            if (empty.Length == 0) continue;
            const int mostNamed = 5;
            var named = string.Join(", ", empty.Take(mostNamed)) + (empty.Length > mostNamed ? ", …" : "");
            yield return new(
                "empty-cells",
                FindingSeverity.Note,
                $"{empty.Length} of the {columns.Length} cells of {names[t]} hold no row ({named}); the tests are SAS's type {type} for such a design.",
                "Effects of the factors in it are then averages over the cells there are, and which these are is a matter of definition.",
                "Test the comparisons you mean as hypotheses of your own, or merge levels.");
        }
    }
}

using MixedModels.Data;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels;

/// <summary>Curves of the fixed part over a covariate.</summary>
public static class EffectCurves
{
    /// <summary>Combinations of other factors that are averaged; beyond, each factor stays at its first level.</summary>
    private const int MostCombinations = 500;

    /// <summary>The mean of the response over a covariate's range, random effects at zero; other factors are averaged on the link's scale.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="covariate">A numeric column of the fixed part.</param>
    /// <param name="by">A factor of the fixed part with a curve a level; null for one curve, averaged over all factors.</param>
    /// <param name="points">Values over the range of the rows used, at least 2.</param>
    /// <param name="level">The level of intervals, value by value.</param>
    /// <param name="scale">The response's, where intervals are those of the link's scale carried over and standard errors the delta method's; or the link's.</param>
    /// <returns>Curve after curve, values ascending.</returns>
    /// <exception cref="InferenceException">The covariate or the factor is not in the fixed part, or not of its kind.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two points, or the level is not between 0 and 1.</exception>
    public static IReadOnlyList<EffectPoint> EffectOf(
        this IMixedModelFit fit, string covariate, string? by = null, int points = 40, double level = 0.95, PredictionScale scale = PredictionScale.Response)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(covariate);
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        if (!(level > 0 && level < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level lies between 0 and 1, such as 0.95.");
        var x = Column<NumericColumn>(fit, covariate, "covariate");
        var factor = by is null ? null : Column<FactorColumn>(fit, by, "factor");
        var used = fit.Design.Rows.ToArray();
        var (least, most) = (used.Min(row => x.Values.Span[row]), used.Max(row => x.Values.Span[row]));
        var found = new List<EffectPoint>();
        foreach (var code in factor is null ? [-1] : Enumerable.Range(0, factor.Levels.Count).Where(code => used.Any(row => factor.Codes.Span[row] == code)))
        {
            for (var k = 0; k < points; k++)
            {
                var value = least + ((most - least) * k / (points - 1));
                var point = Point(fit, value, factor is null ? null : factor.Levels[code], Grid(fit, x, value, factor, code), level);
                found.Add(scale == PredictionScale.Response && fit is GeneralizedMixedModelFit generalized ? OfResponse(point, generalized) : point);
            }
        }

        return found;
    }

    /// <summary>The numeric columns that the fixed part is computed from, in the order of its terms.</summary>
    /// <param name="fit">The fit.</param>
    public static IReadOnlyList<string> Covariates(this IInspectedFit fit) => SourcesOf<NumericColumn>(fit);

    /// <summary>The factors that the fixed part is computed from, in the order of its terms.</summary>
    /// <param name="fit">The fit.</param>
    public static IReadOnlyList<string> Factors(this IInspectedFit fit) => SourcesOf<FactorColumn>(fit);

    private static IReadOnlyList<string> SourcesOf<T>(IInspectedFit fit)
        where T : Column
    {
        ArgumentNullException.ThrowIfNull(fit);
        var names = fit.Design.Fixed.Terms.SelectMany(term => term.Variables).SelectMany(variable => variable.Sources).Distinct(StringComparer.Ordinal);
        return [.. names.Where(name => fit.Design.Data.TryGetColumn(name, out var column) && column is T)];
    }

    private static T Column<T>(IMixedModelFit fit, string name, string kind)
        where T : Column
    {
        var known = SourcesOf<T>(fit.Inspect());
        if (!known.Contains(name, StringComparer.Ordinal))
            throw new InferenceException($"'{name}' is no {kind} of the fixed part{(known.Count == 0 ? $"; it has none" : $"; it has {string.Join(", ", known)}")}.");
        return (T)fit.Design.Data[name];
    }

    /// <summary>The table over whose rows the fixed part is averaged.</summary>
    private static DataTable Grid(IMixedModelFit fit, NumericColumn x, double value, FactorColumn? by, int code)
    {
        var used = fit.Design.Rows.ToArray();
        var columns = fit.Design.Data.Columns;
        var inFixed = SourcesOf<FactorColumn>(fit.Inspect());
        var occurring = columns.OfType<FactorColumn>().ToDictionary(
            factor => factor.Name, factor => used.Select(row => factor.Codes.Span[row]).Where(own => own >= 0).Distinct().Order().ToArray(), StringComparer.Ordinal);
        var combinations = inFixed.Where(name => name != by?.Name).Aggregate(1.0, (product, name) => product * occurring[name].Length);
        var isAveraged = combinations <= MostCombinations;
        var rows = isAveraged ? (int)combinations : 1;
        var repeat = 1;
        var grid = new List<Column>();
        foreach (var column in columns)
        {
            if (column is NumericColumn numeric)
            {
                var fixedValue = ReferenceEquals(numeric, x) ? value : used.Average(row => numeric.Values.Span[row]);
                grid.Add(new NumericColumn(numeric.Name, [.. Enumerable.Repeat(fixedValue, rows)]));
            }
            else if (column is FactorColumn factor)
            {
                var codes = new int[rows];
                var own = occurring[factor.Name];
                var isVaried = isAveraged && factor.Name != by?.Name && inFixed.Contains(factor.Name, StringComparer.Ordinal);
                for (var r = 0; r < rows; r++) codes[r] = factor.Name == by?.Name ? code : isVaried ? own[r / repeat % own.Length] : own[0];
                if (isVaried) repeat *= own.Length;
                grid.Add(new FactorColumn(factor.Name, factor.Levels, codes, factor.IsOrdered));
            }
        }

        return new(grid);
    }

    private static EffectPoint Point(IMixedModelFit fit, double value, string? name, DataTable grid, double level)
    {
        var design = fit.Design.Replay(grid, includeRandomTerms: false);
        var (rows, p) = (design.Rows.Length, fit.Design.Fixed.ColumnNames.Count);
        var weights = new double[p];
        for (var j = 0; j < p; j++)
        {
            for (var r = 0; r < rows; r++) weights[j] += design.X.Span[r + (j * rows)] / rows;
        }

        var offset = design.Offset.IsEmpty ? 0 : design.Offset.ToArray().Average();
        if (weights.All(weight => weight == 0)) return new(value, name, offset, 0, null, offset, offset);
        var test = fit.Test(Matrix.FromRows([weights]))[0];
        var half = test.StandardError * TailProbability.StudentQuantile(1 - level, test.DegreesOfFreedom ?? double.PositiveInfinity);
        var estimate = test.Estimate + offset;
        return new(value, name, estimate, test.StandardError, test.DegreesOfFreedom, estimate - half, estimate + half);
    }

    private static EffectPoint OfResponse(EffectPoint point, GeneralizedMixedModelFit fit)
    {
        var link = fit.Family.Link;
        var mean = link.Mean(point.Estimate);
        var (low, high) = (link.Mean(point.Lower).Value, link.Mean(point.Upper).Value);
        return point with { Estimate = mean.Value, StandardError = Math.Abs(mean.First) * point.StandardError, Lower = Math.Min(low, high), Upper = Math.Max(low, high) };
    }
}

using System.Runtime.InteropServices;
using MixedModels.Data;

namespace MixedModels.Diagnostics;

/// <summary>The pairs of rows that a semivariogram is made of.</summary>
internal static class SemivariogramPairs
{
    /// <summary>Pairs take 24 bytes each: 120 MB.</summary>
    private const int MostPairs = 5_000_000;

    /// <summary>Digits of the largest distance to which distances count as equal.</summary>
    private const int Digits = 10;

    /// <summary>A pair: distance, half the squared difference, 1 − the model's correlation.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Pair(double Distance, double Value, double Model);

    /// <summary>Gathers the pairs and their bins.</summary>
    public static Semivariogram Of(LinearMixedModelFit fit, SemivariogramOptions options)
    {
        var (within, sets) = Groups(fit, options);
        var (label, coordinates) = Coordinates(fit, options, sets);
        var count = sets.Sum(set => set.Length * (set.Length - 1.0) / 2);
        if (count > MostPairs)
        {
            throw new InferenceException(FormattableString.Invariant(
                $"'{within}' makes {count:N0} pairs of rows; a semivariogram takes {MostPairs:N0} at most. Compare within a group of fewer rows."));
        }

        var residuals = fit.Residuals(options.Kind).ToArray();
        var pairs = new List<Pair>((int)count);
        if (fit.Marginal is { } marginal && options.Kind == ResidualKind.Scaled)
            marginal.WithCovariances(covariance => Gather(pairs, sets, coordinates, residuals, options.MostDistance, covariance));
        else Gather(pairs, sets, coordinates, residuals, options.MostDistance, covariance: null);
        if (pairs.Count == 0) throw new InferenceException($"No two rows of one level of '{within}' lie within the distance asked for, so there is nothing to compare.");
        return new(options.Kind, label, within, pairs.Count, Binned(pairs, options.Bins));
    }

    private static bool Gather(
        List<Pair> pairs, IReadOnlyList<int[]> sets, IReadOnlyList<double[]> coordinates, double[] residuals, double? most, Func<int[], double[]>? covariance)
    {
        // Differences of decimal numbers that are equal on paper differ by rounding: 0.3 − 0.2 and 0.2 − 0.1.
        var extent = coordinates.Max(axis => axis.Max() - axis.Min());
        var unit = extent > 0 ? Math.Pow(10, Math.Ceiling(Math.Log10(extent)) - Digits) : 1;
        foreach (var rows in sets)
        {
            var (m, R) = (rows.Length, covariance?.Invoke(rows));
            for (var a = 0; a < m; a++)
            {
                for (var b = 0; b < a; b++)
                {
                    var distance = unit * Math.Round(Math.Sqrt(coordinates.Sum(axis => (axis[rows[a]] - axis[rows[b]]) * (axis[rows[a]] - axis[rows[b]]))) / unit);
                    if (distance > most) continue;
                    var difference = residuals[rows[a]] - residuals[rows[b]];
                    var model = R is null ? 1 : 1 - (R[a + (b * m)] / Math.Sqrt(R[a * (m + 1)] * R[b * (m + 1)]));
                    pairs.Add(new(distance, 0.5 * difference * difference, model));
                }
            }
        }

        return true;
    }

    /// <summary>A bin a distance where they are few, else between quantiles of the distances, equal ones together.</summary>
    private static List<SemivariogramBin> Binned(List<Pair> pairs, int bins)
    {
        pairs.Sort((first, second) => first.Distance.CompareTo(second.Distance));
        var distinct = 1 + Enumerable.Range(1, pairs.Count - 1).Count(i => pairs[i].Distance > pairs[i - 1].Distance);
        var found = new List<SemivariogramBin>();
        for (var start = 0; start < pairs.Count;)
        {
            var last = distinct <= bins ? pairs[start].Distance : pairs[EndOf(pairs.Count, bins, start)].Distance;
            var end = start;
            while (end < pairs.Count && pairs[end].Distance <= last) end++;
            found.Add(Bin(pairs, start, end));
            start = end;
        }

        return found;
    }

    /// <summary>The pair at the quantile that ends the bin which a pair begins.</summary>
    private static int EndOf(int count, int bins, int start)
    {
        for (var k = 1; k <= bins; k++)
        {
            var end = (int)Math.Floor((count - 1.0) * k / bins);
            if (end >= start) return end;
        }

        return count - 1;
    }

    private static SemivariogramBin Bin(List<Pair> pairs, int start, int end)
    {
        var (count, value, model) = (end - start, 0.0, 0.0);
        for (var i = start; i < end; i++)
        {
            value += pairs[i].Value;
            model += pairs[i].Model;
        }

        return new(0.5 * (pairs[start + ((count - 1) / 2)].Distance + pairs[start + (count / 2)].Distance), value / count, model / count, count);
    }

    private static (string Name, IReadOnlyList<int[]> Sets) Groups(LinearMixedModelFit fit, SemivariogramOptions options)
    {
        var design = fit.Design;
        if (design.Residual is { } residual && (options.Within is null || options.Within == residual.SubjectLabel))
            return (residual.SubjectLabel, InfluenceAnalysis.RowsByLevel(residual.SubjectOfRow, residual.SubjectNames.Count));
        var terms = design.RandomTerms.Where(term => term.Memberships is null).ToArray();
        var term = options.Within is { } name
            ? terms.FirstOrDefault(own => own.Group == name)
            : terms.MaxBy(own => own.Levels.Count);
        if (term is not null) return (term.Group, InfluenceAnalysis.RowsByLevel(term.LevelOfRow.Span, term.Levels.Count));
        string[] known = [.. terms.Select(own => own.Group).Concat(design.Residual is { } structure ? [structure.SubjectLabel] : []).Distinct(StringComparer.Ordinal)];
        throw new InferenceException(options.Within is null
            ? "The model has no groups within which residuals could be compared: no residual structure and no random term. Fit one of them."
            : $"The model has no group '{options.Within}'{NearestNames.SuggestOrList(options.Within, known)}.");
    }

    private static (string Label, IReadOnlyList<double[]> Coordinates) Coordinates(LinearMixedModelFit fit, SemivariogramOptions options, IReadOnlyList<int[]> sets)
    {
        var design = fit.Design;
        if (options.Distance is { } name)
        {
            var column = design.Data.Columns.FirstOrDefault(own => own.Name == name) as NumericColumn
                ?? throw new InferenceException($"The fit has no numeric column '{name}'. A fit keeps the columns its formula uses; fit again and keep '{name}' too (--keep {name}).");
            var values = column.Values.ToArray();
            double[] used = [.. design.Rows.ToArray().Select(row => values[row])];
            return used.All(double.IsFinite)
                ? (name, [used])
                : throw new InferenceException($"'{name}' has no value in some rows that the fit uses; distances need one in each.");
        }

        if (design.Residual is not { } residual) return ("rows", [Order(sets, design.Observations)]);
        var label = residual.Clause.Order.Count == 0 ? "rows" : string.Join(" + ", residual.Clause.Order.Select(variable => variable.Label));
        return (label, [.. residual.Coordinates.Select(axis => Array.ConvertAll(residual.SiteOfRow, site => axis[site]))]);
    }

    /// <summary>The place of each row among those of its group, in the order of the table.</summary>
    private static double[] Order(IReadOnlyList<int[]> sets, int n)
    {
        var order = new double[n];
        foreach (var rows in sets)
        {
            for (var i = 0; i < rows.Length; i++) order[rows[i]] = i;
        }

        return order;
    }
}

using MixedModels.Design;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Diagnostics;

/// <summary>Says what the data cannot tell apart where the likelihood is flat along a random term: found from the columns themselves.</summary>
internal static class UnidentifiedTerm
{
    /// <summary>Columns closer than this to being multiples of each other are: the sine of the angle between them.</summary>
    private const double Parallel = 1e-7;

    /// <summary>A column of which X leaves less than this share of its squares is explained by X.</summary>
    private const double ExplainedShare = 1e-10;

    /// <summary>The finding of a term with a flat direction. O(n p_t² + n p p_t).</summary>
    public static Finding Describe(ModelDesign design, StandardizedData data, int term) =>
        RepeatedTerm(design, term) ?? DependentEffect(design, term) ?? BesideTheResidual(design, term) ?? ExplainedEffect(design, data, term) ?? Finding(
            $"in a direction of the covariance of {Text(design, term)}",
            "The data cannot tell these variances apart; their estimates are one choice of many with the same likelihood.",
            "Look for a term that others make up together, and leave one of them out.");

    private static Finding? RepeatedTerm(ModelDesign design, int term)
    {
        var own = design.RandomTerms[term];
        var shared = new SortedSet<int>();
        var terms = new List<int>();
        for (var t = 0; t < design.RandomTerms.Count; t++)
        {
            var same = t != term && GroupAlike(own, design.RandomTerms[t]) ? SharedEffects(own, design.RandomTerms[t]) : [];
            shared.UnionWith(same);
            if (t == term || same.Count > 0) terms.Add(t);
        }

        if (terms.Count == 1) return null;
        var effects = string.Join(" and ", shared.Select(i => own.ColumnNames[i]));
        var texts = terms.Select(t => Text(design, t)).Distinct(StringComparer.Ordinal).ToArray();
        var isWhole = terms.All(t => design.RandomTerms[t].ColumnNames.Count == shared.Count);
        return Finding(
            texts.Length == 1
                ? $"because the model holds {texts[0]} {(terms.Count == 2 ? "twice" : $"{terms.Count} times")}"
                : $"because {string.Join(" and ", texts)} group the rows in the same way and hold the same effect{(shared.Count == 1 ? string.Empty : "s")}: {effects}",
            "The data tell the sum of their variances alone; the split shown is one choice of many with the same likelihood.",
            isWhole ? "Keep one of them and leave the others out." : $"Keep {effects} in one of them and leave it out of the others.");
    }

    /// <summary>A structure whose effects are one a row: its own independent part and the residual do the same.</summary>
    private static Finding? BesideTheResidual(ModelDesign design, int term)
    {
        var own = design.RandomTerms[term];
        if (own.Structure is "us" or "diag" || own.Levels.Count * own.ColumnNames.Count < design.Observations) return null;
        return Finding(
            $"between the variance of {Text(design, term)} and the residual variance: the term has an effect for every row",
            "What of a row's variance belongs to the effect and what to the residual cannot be told; the split shown is one choice of many with the same likelihood.",
            "Use a structure with fewer correlations, such as ar1, or rows that repeat an effect.");
    }

    private static Finding? DependentEffect(ModelDesign design, int term)
    {
        var own = design.RandomTerms[term];
        var (n, p) = (design.Observations, own.ColumnNames.Count);
        for (var j = 0; j < p; j++)
        {
            if (Vectors.Norm(Column(own, j)) > 0) continue;
            return Finding(
                $"because {own.ColumnNames[j]} in {Text(design, term)} is 0 in every row used",
                "Nothing depends on its variance; the estimate shown is where the search began.",
                $"Leave {own.ColumnNames[j]} out of the term.");
        }

        for (var j = 1; j < p; j++)
        {
            var earlier = Enumerable.Range(0, j).Where(i => AreParallel(Column(own, i), Column(own, j))).Select(i => own.ColumnNames[i]).FirstOrDefault();
            if (earlier is null && (own.Structure is not ("us" or "rr") || ColumnRank.Independent(own.Z.Span[..(n * (j + 1))], n, j + 1).Count == j + 1)) continue;
            return Finding(
                $"because {own.ColumnNames[j]} in {Text(design, term)} is a {(earlier is null ? "combination of the effects before it" : $"multiple of {earlier}")}",
                "The data cannot tell these variances apart; their estimates are one choice of many with the same likelihood.",
                $"Leave {own.ColumnNames[j]} out of the term.");
        }

        return null;
    }

    private static Finding? ExplainedEffect(ModelDesign design, StandardizedData data, int term)
    {
        var own = design.RandomTerms[term];
        for (var j = 0; j < own.ColumnNames.Count; j++)
        {
            if (LeftBesideFixedEffects(data, term, j) > ExplainedShare) continue;
            return Finding(
                $"because the fixed effects already explain all that {own.ColumnNames[j]} of {Text(design, term)} could",
                "Nothing is left for its variance; the estimate shown is where the search began.",
                $"Leave it out of the term, or out of the fixed effects what varies with the levels of {own.Group}.");
        }

        return null;
    }

    /// <summary>tr(Z_a'(I − QQ')Z_a) over tr(Z_a'Z_a) of one column a over all its levels.</summary>
    private static double LeftBesideFixedEffects(StandardizedData data, int term, int column)
    {
        var (n, numbers) = (data.Data.n, data.Data.Terms[term]);
        var entries = numbers.LevelOfRow.Length;
        var z = data.Z[term].AsSpan(column * entries, entries);
        var levels = numbers.LevelOfRow.Span;
        var all = Vectors.Dot(z, z);
        var left = all;
        var sums = new double[numbers.LevelCount];
        for (var c = 0; c < data.Data.p; c++)
        {
            Array.Clear(sums);
            for (var r = 0; r < n; r++)
            {
                var (first, end) = numbers.Entries(r);
                for (var e = first; e < end; e++) sums[levels[e]] += z[e] * data.Q[r + (c * n)];
            }

            left -= Vectors.Dot(sums, sums);
        }

        return left / all;
    }

    /// <summary>Whether two terms put the same rows together; their levels all occur.</summary>
    private static bool GroupAlike(RandomTermDesign first, RandomTermDesign second)
    {
        if (first.Levels.Count != second.Levels.Count) return false;
        if (first.Memberships is not null || second.Memberships is not null) return first.Memberships is not null && second.Memberships is not null && first.Group == second.Group;
        var counterpart = new int[first.Levels.Count];
        Array.Fill(counterpart, -1);
        for (var r = 0; r < first.LevelOfRow.Length; r++)
        {
            ref var level = ref counterpart[first.LevelOfRow.Span[r]];
            if (level < 0) level = second.LevelOfRow.Span[r];
            if (level != second.LevelOfRow.Span[r]) return false;
        }

        return true;
    }

    /// <summary>The effects of the first term whose column is a multiple of one of the second's.</summary>
    private static IReadOnlyList<int> SharedEffects(RandomTermDesign first, RandomTermDesign second) =>
        [.. Enumerable.Range(0, first.ColumnNames.Count)
            .Where(i => Enumerable.Range(0, second.ColumnNames.Count).Any(j => AreParallel(Column(first, i), Column(second, j))))];

    private static bool AreParallel(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (aa, bb, ab) = (Vectors.Dot(a, a), Vectors.Dot(b, b), Vectors.Dot(a, b));
        if (!(aa > 0 && bb > 0)) return false;
        var rest = b.ToArray();
        Vectors.AddScaled(-ab / aa, a, rest);
        return Vectors.Norm(rest) <= Parallel * Math.Sqrt(bb);
    }

    private static ReadOnlySpan<double> Column(RandomTermDesign term, int index) =>
        term.Z.Span.Slice(index * (term.Z.Length / term.ColumnNames.Count), term.Z.Length / term.ColumnNames.Count);

    private static string Text(ModelDesign design, int term) => design.Formula.RandomTerms[term].Text;

    private static Finding Finding(string where, string why, string advice) =>
        new("not-identified", FindingSeverity.Warning, $"The likelihood is flat {where}.", why, advice);
}

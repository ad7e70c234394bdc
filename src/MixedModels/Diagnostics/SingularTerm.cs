using System.Globalization;
using MixedModels.Design;

namespace MixedModels.Diagnostics;

/// <summary>Names the direction of a random term that has no variance and the smaller model that is the same.</summary>
internal static class SingularTerm
{
    /// <summary>Weights below this share of the largest are not worth naming.</summary>
    private const double WorthNaming = 0.02;

    /// <summary>The finding of a singular term.</summary>
    public static Finding Describe(ModelDesign design, int index, BoundaryDirections directions)
    {
        var term = design.RandomTerms[index];
        if (term.Structure is not ("us" or "diag")) return Structured(term, design.Formula.RandomTerms[index].Text, directions);
        var names = term.ColumnNames;
        if (directions.Rank == 0)
        {
            return Finding(
                $"No variance is left for {Bars(names, term)}: its estimate is zero.",
                $"Nothing needs doing. The model without {Bars(names, term)} has the same likelihood and the same fixed effects; report it if you prefer the smaller one.");
        }

        if (directions.WithoutVariance.Count > 0)
        {
            var absent = directions.WithoutVariance.Select(i => names[i]).ToArray();
            var kept = names.Where((_, i) => !directions.WithoutVariance.Contains(i)).ToArray();
            return Finding(
                $"The variance of {string.Join(" and ", absent)} across the levels of {term.Group} is estimated as zero.",
                $"Nothing needs doing. {Bars(kept, term)} is the smaller model with the same likelihood.");
        }

        return Finding(
            $"The {names.Count} random effects of {term.Group} vary in only {directions.Rank} {(directions.Rank == 1 ? "direction" : "directions")}: "
            + $"{Combination(names, directions.NullDirection)} has no variance{(names.Count == 2 ? " (correlation ±1)" : string.Empty)}.",
            $"Nothing needs doing if this term belongs to your design. A smaller model to compare: {Bars(names, term, "||")}, or one of its effects left out.");
    }

    /// <summary>A structure whose parameters are few: what has ended on a bound, and the smaller model where it has a name.</summary>
    private static Finding Structured(RandomTermDesign term, string text, BoundaryDirections directions)
    {
        if (directions.Rank == 0 && directions.WithoutVariance.Count == term.ColumnNames.Count)
        {
            return Finding(
                $"No variance is left for {text}: its estimate is zero, and its correlations mean nothing.",
                $"Nothing needs doing. The model without {text} has the same likelihood and the same fixed effects.");
        }

        if (directions.WithoutVariance.Count > 0)
        {
            return Finding(
                $"In {text} the variance of {string.Join(" and ", directions.WithoutVariance.Select(i => term.ColumnNames[i]))} is estimated as zero.",
                "Nothing needs doing. A structure with one variance for all effects (hom = TRUE) is a smaller model to compare.");
        }

        return term.Structure == "rr"
            ? Finding(
                $"The data need only {directions.Rank} of the {directions.FullRank} latent variables of {text}.",
                $"Nothing needs doing. d = {Math.Max(1, directions.Rank)} is the smaller model with the same likelihood.")
            : Finding(
                $"A correlation of {text} is at its bound, so its effects vary in only {directions.Rank} {(directions.Rank == 1 ? "direction" : "directions")}.",
                directions.Rank == 1
                    ? $"Nothing needs doing if this term belongs to your design. With a correlation of 1 and one variance it is (1 | {term.Group})."
                    : "Nothing needs doing if this term belongs to your design; a structure with fewer correlations is a smaller model to compare.");
    }

    private static Finding Finding(string what, string advice) => new(
        "singular",
        FindingSeverity.Note,
        what,
        "The optimum lies on the boundary of the covariances, which is an ordinary result; tests and intervals for these variances are conservative there.",
        advice);

    private static string Bars(IReadOnlyList<string> names, RandomTermDesign term, string? bar = null)
    {
        var withoutIntercept = names.Where(name => name != "(Intercept)").ToArray();
        var left = withoutIntercept.Length == names.Count ? "0 + " + string.Join(" + ", names)
            : withoutIntercept.Length == 0 ? "1" : string.Join(" + ", withoutIntercept);
        return $"({left} {bar ?? (term.Structure == "diag" && names.Count > 1 ? "||" : "|")} {term.Group})";
    }

    private static string Combination(IReadOnlyList<string> names, IReadOnlyList<double> weights)
    {
        var parts = new List<string>();
        for (var i = 0; i < names.Count; i++)
        {
            if (Math.Abs(weights[i]) < WorthNaming) continue;
            var size = Math.Abs(weights[i]).ToString("G3", CultureInfo.InvariantCulture);
            var sign = (weights[i] < 0, parts.Count > 0) switch { (true, true) => "− ", (true, false) => "−", (false, true) => "+ ", _ => "" };
            parts.Add(size == "1" ? $"{sign}{names[i]}" : $"{sign}{size}·{names[i]}");
        }

        return string.Join(" ", parts);
    }
}

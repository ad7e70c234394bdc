using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>R's rule for when a factor in a term is coded by contrasts and when by an indicator of every level.</summary>
/// <remarks>
/// A factor is coded by contrasts where the term without it is contained in a term before it (or is empty); without an intercept the
/// first factor of the first term that has one gets its indicators.
/// Source: Chambers &amp; Hastie (1992), Statistical Models in S, section 2.4.1; R's documentation of terms.object.
/// </remarks>
internal static class Marginality
{
    /// <summary>Whether each variable of each term gets an indicator of every level; false too where the variable is numeric.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="isFactor">Whether each variable of <paramref name="terms"/> is a factor.</param>
    public static bool[][] NeedsIndicators(TermList terms, IReadOnlyList<bool> isFactor)
    {
        var needs = terms.Terms
            .Select((term, place) => term.Variables.Select(variable => isFactor[variable] && !HasMargin(terms, place, variable)).ToArray())
            .ToArray();
        if (terms.HasIntercept)
            return needs;
        for (var place = 0; place < needs.Length; place++)
        {
            var first = terms.Terms[place].Variables.ToList().FindIndex(variable => isFactor[variable]);
            if (first < 0)
                continue;
            needs[place][first] = true;
            break;
        }

        return needs;
    }

    private static bool HasMargin(TermList terms, int place, int variable)
    {
        var margin = terms.Terms[place].Variables.Where(other => other != variable).ToArray();
        return margin.Length == 0 || terms.Terms.Take(place).Any(earlier => Array.TrueForAll(margin, earlier.Variables.Contains));
    }
}

using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.Tests.Estimation.Storage;

namespace MixedModels.Tests.Estimation.Linear;

/// <summary>Which kinds of problem some data are, told from the numbers and not from what was meant when they were drawn.</summary>
internal static class ProblemKinds
{
    /// <summary>The kinds that a run must hold.</summary>
    public static IReadOnlyDictionary<string, Func<LinearData, bool>> All { get; } = new Dictionary<string, Func<LinearData, bool>>(StringComparer.Ordinal)
    {
        ["no random term"] = data => data.Terms.Count == 0,
        ["one random term"] = data => data.Terms.Count == 1,
        ["no fixed effect"] = data => data.p == 0,
        ["weights"] = data => !data.Weights.IsEmpty,
        ["balanced"] = data => data.Terms.Any(term => Counts(term).Distinct().Count() == 1),
        ["unbalanced"] = data => data.Terms.Any(term => Counts(term).Where(count => count > 0).Distinct().Count() > 2),
        ["one observation a group"] = data => data.Terms.Any(term => Counts(term).Max() == 1),
        ["empty levels"] = data => data.Terms.Any(term => Counts(term).Contains(0)),
        ["repeated pairs of crossed levels"] = data => Pairs(data).Any(pair => Crossed(pair.First, pair.Second) && HasRepeatedPair(pair.First, pair.Second)),
        ["two terms of one factor"] = data => Pairs(data).Any(pair => Nested(pair.First, pair.Second) && Nested(pair.Second, pair.First)),
        ["three nested and two crossed factors"] = HasThreeNestedAndTwoCrossed,
        ["collinear slopes"] = data => data.Terms.Any(HasCollinearColumns),
        ["a column of zeros"] = data => data.Terms.Any(term => Columns(term).Any(column => column.All(value => value == 0))),
        ["twelve correlated columns"] = data => data.Terms.Any(term => term.Dimension == 12 && term.Structure.Name == "us"),
        ["twelve independent columns"] = data => data.Terms.Any(term => term.Dimension == 12 && term.Structure.Name == "diag"),
        ["independent slopes (||)"] = data => data.Terms.Any(term => term.Dimension > 1 && term.Structure.Name == "diag"),
        ["more effects than an exact Hessian is formed for"] = data => data.Terms.Sum(term => term.LevelCount * term.Dimension) > 2_000,
        ["scalar first of three"] = data => data.Terms.Count >= 3 && data.Terms[0].Dimension == 1,
        ["vector first of three"] = data => data.Terms.Count >= 3 && data.Terms[0].Dimension > 1,
        ["scalar between others"] = data => data.Terms.Skip(1).SkipLast(1).Any(term => term.Dimension == 1),
        ["vector between others"] = data => data.Terms.Skip(1).SkipLast(1).Any(term => term.Dimension > 1),
        ["scalar last of three"] = data => data.Terms.Count >= 3 && data.Terms[^1].Dimension == 1,
        ["vector last of three"] = data => data.Terms.Count >= 3 && data.Terms[^1].Dimension > 1,
        ["scalar leads a scalar border"] = data => Leads(data, lead => lead == 1, border => border == 1),
        ["scalar leads a vector border"] = data => Leads(data, lead => lead == 1, border => border > 1),
        ["vector leads a scalar border"] = data => Leads(data, lead => lead > 1, border => border == 1),
        ["vector leads a vector border"] = data => Leads(data, lead => lead > 1, border => border > 1),
        ["border before the leading term"] = data => data.Terms.Count > 1 && BlockPlan.For(data).LeadingTerm == data.Terms.Count - 1,
        ["border around the leading term"] = data => data.Terms.Count > 2 && BlockPlan.For(data).LeadingTerm == 1,
        ["border after the leading term"] = data => data.Terms.Count > 1 && BlockPlan.For(data).LeadingTerm == 0,
    };

    private static int[] Counts(RandomTermData term)
    {
        var counts = new int[term.LevelCount];
        foreach (var level in term.LevelOfRow.Span) counts[level]++;
        return counts;
    }

    private static IEnumerable<double[]> Columns(RandomTermData term) => term.Z.ToArray().Chunk(term.LevelOfRow.Length);

    private static IEnumerable<(RandomTermData First, RandomTermData Second)> Pairs(LinearData data) =>
        data.Terms.SelectMany((first, t) => data.Terms.Skip(t + 1).Select(second => (first, second)));

    private static IEnumerable<(int First, int Second)> LevelPairs(RandomTermData first, RandomTermData second) =>
        first.LevelOfRow.ToArray().Zip(second.LevelOfRow.ToArray());

    /// <summary>Whether every level of the first lies within one level of the second.</summary>
    private static bool Nested(RandomTermData first, RandomTermData second) =>
        LevelPairs(first, second).Distinct().GroupBy(pair => pair.First).All(group => group.Count() == 1);

    private static bool Crossed(RandomTermData first, RandomTermData second) => !Nested(first, second) && !Nested(second, first);

    private static bool HasRepeatedPair(RandomTermData first, RandomTermData second) =>
        LevelPairs(first, second).GroupBy(pair => pair).Any(group => group.Count() > 1);

    private static bool HasThreeNestedAndTwoCrossed(LinearData data)
    {
        if (data.Terms.Count < 5) return false;
        var (fine, middle, coarse) = (data.Terms[0], data.Terms[1], data.Terms[2]);
        return Nested(fine, middle) && Nested(middle, coarse) && !Nested(middle, fine) && !Nested(coarse, middle)
            && data.Terms.Skip(3).All(other => Crossed(other, fine) && Crossed(other, middle) && Crossed(other, coarse))
            && Crossed(data.Terms[3], data.Terms[4]);
    }

    private static bool Leads(LinearData data, Func<int, bool> lead, Func<int, bool> border) => data.Terms.Count > 1
        && lead(data.Terms[BlockPlan.For(data).LeadingTerm].Dimension)
        && BlockPlan.For(data).BorderTerms.Any(term => border(term.Dimension));

    /// <summary>Whether a column, none of them zero, is a combination of the others: Gram-Schmidt leaves nothing of it.</summary>
    private static bool HasCollinearColumns(RandomTermData term)
    {
        var kept = new List<double[]>();
        foreach (var column in Columns(term))
        {
            var rest = (double[])column.Clone();
            foreach (var basis in kept)
            {
                var along = basis.Zip(column, (a, b) => a * b).Sum();
                for (var r = 0; r < rest.Length; r++) rest[r] -= along * basis[r];
            }

            var (norm, size) = (Math.Sqrt(rest.Sum(value => value * value)), Math.Sqrt(column.Sum(value => value * value)));
            if (size > 0 && norm < 1e-8 * size) return true;
            if (size > 0) kept.Add([.. rest.Select(value => value / norm)]);
        }

        return false;
    }
}

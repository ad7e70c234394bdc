using MixedModels.Design;

namespace MixedModels.Inference.Comparison;

/// <summary>Whether one model is a special case of another, as far as columns and structures show it.</summary>
/// <param name="FixedPart">Whether the smaller mean (X, and the difference of the offsets) lies in the space of the larger X: this is decided.</param>
/// <param name="RandomPart">
/// Whether every random term of the smaller model was found within one of the larger. True proves it; false only says that it was not shown.
/// </param>
/// <param name="AddedEffects">How many random effects a level the larger model has more, over all terms.</param>
/// <remarks>
/// A term of independent effects stands as one term an effect. A term lies within another with the same grouping of rows if its columns of Z
/// are linear combinations of the other's and the other is unstructured or a single effect, or if both have the same structure over the same columns. Covariances add, so several terms may lie within one:
/// (1 | g) + (0 + x | g) within (x | g).
/// </remarks>
internal sealed record Nesting(bool FixedPart, bool RandomPart, int AddedEffects)
{
    /// <summary>Whether the residuals' covariance of the smaller model is a special case of the larger's.</summary>
    public ResidualNesting ResidualPart { get; init; } = new(IsShown: true, AddsNugget: false);

    /// <summary>Whether the smaller model was shown to be a special case.</summary>
    public bool IsShown => FixedPart && CovariancePart;

    /// <summary>Whether random and residual parts were shown to be special cases.</summary>
    public bool CovariancePart => RandomPart && ResidualPart.IsShown;

    /// <summary>Compares two designs over the same rows.</summary>
    public static Nesting Of(ModelDesign small, ModelDesign large)
    {
        var fixedSpan = new ColumnSpan(large.Fixed.X.Span, large.Observations);
        var sameWeights = WeightsOf(small).AsSpan().SequenceEqual(WeightsOf(large));
        var hosts = Parts(large).ToArray();
        return new(
            fixedSpan.Contains(small.Fixed.X.Span) && fixedSpan.Contains(OffsetDifference(small, large)),
            sameWeights && Parts(small).All(part => hosts.Any(host => host.Holds(part))),
            EffectCount(large) - EffectCount(small))
        { ResidualPart = ResidualNesting.Of(small, large) };
    }

    /// <summary>Whether two designs have the same columns of X in the same coding, so that their REML criteria compare.</summary>
    public static bool SameFixedPart(ModelDesign first, ModelDesign other) =>
        first.Fixed.X.Length == other.Fixed.X.Length && Agree(first.Fixed.X.Span, other.Fixed.X.Span)
        && Agree(OffsetDifference(first, other), new double[first.Observations]);

    private static bool Agree(ReadOnlySpan<double> first, ReadOnlySpan<double> other)
    {
        // Columns made by one recipe from the same values differ by rounding at most.
        const double Rounding = 1e-12;
        for (var i = 0; i < first.Length; i++)
        {
            if (!(Math.Abs(first[i] - other[i]) <= Rounding * Math.Max(Math.Abs(first[i]), Math.Abs(other[i])))) return false;
        }

        return true;
    }

    private static int EffectCount(ModelDesign design) => design.RandomTerms.Sum(term => term.ColumnNames.Count);

    private static double[] WeightsOf(ModelDesign design)
    {
        if (!design.Weights.IsEmpty) return design.Weights.ToArray();
        var ones = new double[design.Observations];
        Array.Fill(ones, 1);
        return ones;
    }

    private static double[] OffsetDifference(ModelDesign small, ModelDesign large)
    {
        var difference = new double[small.Observations];
        for (var r = 0; r < difference.Length; r++)
            difference[r] = (small.Offset.IsEmpty ? 0 : small.Offset.Span[r]) - (large.Offset.IsEmpty ? 0 : large.Offset.Span[r]);
        return difference;
    }

    private static IEnumerable<Part> Parts(ModelDesign design)
    {
        var n = design.Observations;
        foreach (var term in design.RandomTerms)
        {
            if (term.Structure != "diag")
            {
                yield return new(term, term.Z, n) { Structure = term.Structure };
                continue;
            }

            for (var j = 0; j < term.ColumnNames.Count; j++) yield return new(term, term.Z.Slice(j * n, n), n);
        }
    }

    /// <summary>Effects with every covariance among them, over the levels of a grouping.</summary>
    private sealed class Part(RandomTermDesign term, ReadOnlyMemory<double> Z, int n)
    {
        private readonly Lazy<ColumnSpan> span = new(() => new(Z.Span, n));

        /// <summary>The structure; a single effect is unstructured.</summary>
        public string Structure { get; init; } = "us";

        public bool Holds(Part other) => SameGroups(other)
            && (Structure == "us" || Columns.Length == n ? span.Value.Contains(other.Columns.Span) : Structure == other.Structure && Columns.Span.SequenceEqual(other.Columns.Span));

        private RandomTermDesign Term => term;

        private ReadOnlyMemory<double> Columns => Z;

        /// <summary>Whether the rows fall into the same groups, whatever the levels are called and in whatever order; several levels a row must be the same.</summary>
        private bool SameGroups(Part other)
        {
            var levels = term.Levels.Count;
            if (levels != other.Term.Levels.Count) return false;
            if (term.Memberships is not null || other.Term.Memberships is not null) return SameMemberships(term.Memberships, other.Term.Memberships);
            var translation = new int[levels];
            Array.Fill(translation, -1);
            var mine = term.LevelOfRow.Span;
            var theirs = other.Term.LevelOfRow.Span;
            for (var r = 0; r < mine.Length; r++)
            {
                if (translation[mine[r]] < 0) translation[mine[r]] = theirs[r];
                if (translation[mine[r]] != theirs[r]) return false;
            }

            // As many levels on both sides and a map of one onto the other: the map is one to one where no two have the same image.
            return translation.Where(level => level >= 0).Distinct().Count() == translation.Count(level => level >= 0);
        }

        private static bool SameMemberships(Memberships? first, Memberships? other) => first is not null && other is not null
            && first.RowStart.Span.SequenceEqual(other.RowStart.Span) && first.Levels.Span.SequenceEqual(other.Levels.Span)
            && first.Weights.Span.SequenceEqual(other.Weights.Span);
    }
}

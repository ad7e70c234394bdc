using MixedModels.Design;
using MixedModels.Estimation.Linear;

namespace MixedModels.Diagnostics;

/// <summary>What a linear fit says about itself, worst first.</summary>
internal static class FitFindings
{
    /// <summary>A residual this small against the spread of the data, where no optimum was found, was on its way to zero.</summary>
    private const double VanishingResidual = 1e-2;

    /// <summary>The findings of a fit.</summary>
    /// <param name="design">The design, for names.</param>
    /// <param name="data">The same as numbers.</param>
    /// <param name="layout">Which parameter of the optimum belongs to which term.</param>
    /// <param name="optimum">Where the optimiser ended.</param>
    /// <param name="boundary">The directions of each term.</param>
    /// <param name="residualShare">Sigma over the root mean square of the least squares residual.</param>
    public static IReadOnlyList<Finding> List(
        ModelDesign design, StandardizedData data, ThetaLayout layout, LinearOptimum optimum, IReadOnlyList<BoundaryDirections> boundary, double residualShare)
    {
        var findings = new List<Finding>();
        if (!optimum.Proved) findings.Add(residualShare < VanishingResidual ? NoResidualLeft() : NotConverged(optimum));
        var isSingular = boundary.Any(directions => directions.Rank < directions.Dimension);
        if (optimum.Proved && optimum.FlatParameter >= 0 && !isSingular)
            findings.Add(UnidentifiedTerm.Describe(design, data, layout.TermOf(optimum.FlatParameter)));
        for (var t = 0; t < boundary.Count; t++)
        {
            if (boundary[t].Rank < boundary[t].Dimension) findings.Add(SingularTerm.Describe(design.RandomTerms[t], boundary[t]));
        }

        if (optimum is { Proved: true, IsResidualFlat: true }) findings.Add(ResidualNotIdentified());
        if (design.Fixed.Aliased.Count > 0) findings.Add(Aliased(design.Fixed.Aliased));
        return findings;
    }

    private static Finding ResidualNotIdentified() => new(
        "residual-not-identified",
        FindingSeverity.Problem,
        "The likelihood is flat in some direction of the residual structure or variance functions.",
        "Their parameters are not unique: two of them do the same, or one has run to where it no longer matters, such as a range far beyond the data.",
        "Use a structure with fewer parameters, leave out a variance function, or hold a parameter fixed.");

    private static Finding NoResidualLeft() => new(
        "no-residual",
        FindingSeverity.Problem,
        "The residual standard deviation runs to zero: the random effects fit the rows exactly.",
        "The likelihood has no maximum; the estimates shown are where the search stopped.",
        "Use fewer random effects: leave out a slope or a term, or drop terms that have nearly a level a row.");

    private static Finding NotConverged(LinearOptimum optimum) => new(
        "not-converged",
        FindingSeverity.Problem,
        FormattableString.Invariant($"No optimum could be proved after {optimum.Evaluations} evaluations; the gradient's norm is {optimum.GradientNorm:G3}."),
        "The estimates may be short of the maximum.",
        "Simplify the random effects (|| in place of |), or rescale covariates that are very large or very small.");

    private static Finding Aliased(IReadOnlyList<string> columns) => new(
        "aliased",
        FindingSeverity.Note,
        $"Left out of the fixed part, because earlier columns already span {(columns.Count == 1 ? "it" : "them")}: {string.Join(", ", columns)}.",
        "The data hold no further information on them; the other coefficients are relative to their being absent.",
        "Nothing, if you expected it; else look for empty cells or for covariates that determine each other.");
}

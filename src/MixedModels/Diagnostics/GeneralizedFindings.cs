using MixedModels.Design;
using MixedModels.Estimation.Generalized;
using MixedModels.Families;

namespace MixedModels.Diagnostics;

/// <summary>What a generalized fit says about itself, worst first.</summary>
internal static class GeneralizedFindings
{
    /// <summary>A family parameter whose logarithm is beyond this is at its limit.</summary>
    private const double LimitLogarithm = 12;

    /// <summary>A mean or predictor this near to where the link ends has run there.</summary>
    private const double EdgeShare = 1e-3;

    /// <summary>Pearson's statistic over its degrees of freedom from here on says that a family without dispersion is too narrow.</summary>
    private const double OverdispersedRatio = 2;

    /// <summary>The findings of a fit.</summary>
    /// <param name="design">The design, for names.</param>
    /// <param name="family">The family.</param>
    /// <param name="estimate">The estimates.</param>
    /// <param name="boundary">The directions of each term.</param>
    /// <param name="pearson">Pearson's statistic over the residual degrees of freedom.</param>
    public static IReadOnlyList<Finding> List(
        ModelDesign design, Family family, GeneralizedEstimate estimate, IReadOnlyList<BoundaryDirections> boundary, double pearson)
    {
        var findings = new List<Finding>();
        var separated = Separated(design, family, estimate);
        if (separated is not null) findings.Add(separated);
        if (separated is not null) findings.AddRange(EmptyCategories.WithoutEvents(design, family));
        if (!estimate.Optimum.Proved && separated is null) findings.Add(NotConverged(design, family, estimate));
        if (estimate.Optimum.LowerElsewhere is { } lower) findings.Add(LocalOptimum(family, estimate.Optimum.Value - lower));
        findings.AddRange(Limits(family, estimate.FamilyParameters));
        if (pearson > OverdispersedRatio && family is { IsDiscrete: true, ParameterNames.Count: 0 }) findings.Add(Overdispersed(family, pearson));
        for (var t = 0; t < boundary.Count; t++)
        {
            if (boundary[t].IsSingular) findings.Add(SingularTerm.Describe(design, t, boundary[t]));
        }

        findings.AddRange(EmptyCategories.WithoutRows(design));
        if (design.Fixed.Aliased.Count > 0) findings.Add(FitFindings.Aliased(design.Fixed.Aliased));
        return findings;
    }

    /// <summary>Coefficients that run to infinity.</summary>
    private static Finding? Separated(ModelDesign design, Family family, GeneralizedEstimate estimate)
    {
        var names = Separation.Columns(design, family, design.Response.Span, estimate.Predictors, estimate.Coefficients);
        return names.Count == 0 ? null : new(
            "separated",
            FindingSeverity.Problem,
            $"The estimate of {string.Join(" and ", names)} runs to infinity: {(names.Count == 1 ? "it separates" : "they separate")} rows whose responses are all alike.",
            "The likelihood has no maximum in this direction; the value shown is where the search stopped, and its standard error means nothing. Other coefficients are sound.",
            "Look for a category without successes or without failures (an empty cell); merge it with a neighbour, or leave the term out.");
    }

    private static IEnumerable<Finding> Limits(Family family, double[] psi)
    {
        for (var k = 0; k < psi.Length; k++)
        {
            if (Math.Abs(psi[k]) < LimitLogarithm) continue;
            var name = family.ParameterNames[k];
            yield return new(
                "dispersion-limit",
                FindingSeverity.Warning,
                $"The parameter {name} of the family {family.Name} runs to {(psi[k] > 0 ? "infinity" : "zero")}.",
                family.IsDiscrete ? "The data show no more dispersion than a Poisson model has." : "The random effects leave almost nothing for the rows themselves.",
                family.IsDiscrete ? "Use --family poisson, which is this model's limit." : "Use fewer random effects, or look for a term with nearly a level a row.");
        }
    }

    private static Finding Overdispersed(Family family, double pearson) => new(
        "overdispersed",
        FindingSeverity.Note,
        FormattableString.Invariant($"Pearson's statistic is {pearson:G3} times its degrees of freedom: the responses vary more than the family {family.Name} lets them, given the random effects."),
        "Standard errors are then too small.",
        family.HasTrials
            ? "Add an observation-level random effect, (1 | row), and compare."
            : "Use --family nbinom2, or add an observation-level random effect, (1 | row), and compare.");

    private static Finding LocalOptimum(Family family, double gain) => new(
        "local-optimum",
        FindingSeverity.Warning,
        FormattableString.Invariant($"The estimate is the optimum nearest to no random effects; the deviance falls by {gain:G3} more elsewhere, where Laplace's approximation has no minimum."),
        $"Some rows' log-densities curve upwards there, as they do under this link for responses far from their mean, and the approximation's determinant runs to zero.",
        $"Take another link{Links(family)}, or compare with --quadrature and several points.");

    private static Finding NotConverged(ModelDesign design, Family family, GeneralizedEstimate estimate)
    {
        var optimum = estimate.Optimum;
        var (edge, negative) = (AtEdge(design, family, estimate.Predictors), NegativeWeights(estimate));
        var (why, what) = (edge, negative) switch
        {
            ( >= 0, _) => (
                FormattableString.Invariant($"Means have run to the end of what the link {family.Link.Name} allows the family {family.Name}, first in row {design.Rows.Span[edge] + 1}; beyond it the likelihood is not defined, so that it has no maximum inside."),
                $"Take a link that keeps means in their range{Links(family)}, or fewer terms."),
            (_, true) => (
                "Some rows' log-densities curve upwards at the optimum, as they do under this link for responses far from their mean; Laplace's approximation has no maximum where they outweigh the others.",
                $"Take another link{Links(family)}, --quadrature with several points, or fewer random effects."),
            _ => ("The estimates may be short of the maximum.", "Simplify the random effects (|| in place of |), or try another link or family."),
        };
        return new(
            "not-converged",
            FindingSeverity.Problem,
            FormattableString.Invariant($"No optimum could be proved after {optimum.Evaluations} evaluations; the gradient's norm is {optimum.GradientNorm:G3}."),
            why,
            what);
    }

    private static string Links(Family family) => family.HasTrials ? " (logit)" : family.Links.Contains(Link.Log) && family.Link != Link.Log ? " (log)" : "";

    /// <summary>A row whose predictor is at the end of the link's range for the family, −1 where there is none.</summary>
    private static int AtEdge(ModelDesign design, Family family, double[] predictors)
    {
        if (family.Link.Name is not ("identity" or "log" or "inverse" or "1/mu^2") || (family.Link == Link.Log && !family.HasTrials) || family.Name is "gaussian") return -1;
        for (var i = 0; i < predictors.Length; i++)
        {
            var mu = family.Link.Mean(predictors[i]).Value;
            if (!(mu > EdgeShare) || !(predictors[i] > EdgeShare || family.HasTrials) || (family.HasTrials && !(1 - mu > EdgeShare))) return i;
        }

        return -1;
    }

    private static bool NegativeWeights(GeneralizedEstimate estimate) =>
        estimate.AtOptimum((_, deviance) => Array.Exists(deviance.Mode.Densities.Weights, weight => weight < 0));
}

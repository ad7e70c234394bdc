using System.Globalization;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>The sentences of a summary, the same in text and Markdown.</summary>
internal static class FitWords
{
    private static readonly DecimalsLayout twoDecimals = new(2);

    /// <summary>Which model, by which criterion.</summary>
    public static string Title(FitFacts fit)
    {
        if (fit.Integration is { } integration)
            return $"Generalized linear {(fit.RandomTerms.Count == 0 ? "model" : "mixed model")} ({fit.Family}, {fit.Link} link) fitted by {Integration(fit, integration)}";
        var model = fit.RandomTerms.Count == 0 ? "Linear model" : "Linear mixed model";
        var criterion = fit.Options.Criterion == EstimationCriterion.Reml ? "REML" : "maximum likelihood";
        return $"{model} fitted by {criterion}";
    }

    /// <summary>Rows used and dropped, and the groups with their numbers of levels.</summary>
    public static string Data(FitFacts fit)
    {
        var parts = new List<string>
        {
            Invariant($"{fit.Observations} {(fit.Observations == 1 ? "observation" : "observations")}"),
            Invariant($"{fit.DroppedRows} {(fit.DroppedRows == 1 ? "row" : "rows")} dropped{(fit.DroppedRows > 0 ? " for missing values" : "")}"),
        };
        var groups = fit.RandomTerms.DistinctBy(term => term.Group, StringComparer.Ordinal).Select(term => Invariant($"{term.Group} {term.LevelCount}")).ToArray();
        if (groups.Length > 0)
            parts.Add("groups: " + string.Join(", ", groups));
        if (fit.Options.Weights is { } weights)
            parts.Add((fit.Integration is null ? "precision weights: " : "weights: ") + weights);
        if (fit.Options.Offsets.Count > 0)
            parts.Add("offset: " + string.Join(" + ", fit.Options.Offsets));
        return string.Join("; ", parts);
    }

    /// <summary>The criterion, its value, and what it is.</summary>
    public static string Criterion(FitFacts fit)
    {
        var value = twoDecimals.Single(fit.Deviance);
        return fit.Options.Criterion == EstimationCriterion.Reml
            ? $"REML criterion {value} (−2 × restricted log-likelihood)"
            : $"Deviance {value} (−2 × log-likelihood)";
    }

    /// <summary>The family's parameters; null where there are none.</summary>
    public static string? FamilyParameters(FitFacts fit) => fit.FamilyParameters.Count == 0
        ? null
        : $"Family parameters: {string.Join(", ", fit.FamilyParameters.Select(parameter => $"{parameter.Name} {parameter.Value.ToString("G4", CultureInfo.InvariantCulture)}"))}";

    private static string Integration(FitFacts fit, string integration) => fit.RandomTerms.Count == 0
        ? integration == "REML" ? "restricted maximum likelihood" : "maximum likelihood"
        : integration switch
        {
            "Laplace" => "maximum likelihood, Laplace approximation",
            "REML" => "restricted maximum likelihood, Laplace approximation",
            "PIRLS0" => "penalised least squares, fixed effects in the inner loop (PIRLS0)",
            _ => $"maximum likelihood, adaptive Gauss-Hermite quadrature ({integration})",
        };

    /// <summary>What a covariance structure means; null for one whose table says it all.</summary>
    public static string? Structure(RandomTermEstimate term) => term.Structure switch
    {
        _ when term.ColumnNames.Count < 2 => null,
        "us" => null,
        "diag" => $"{term.Group}: independent effects, no correlations ({term.Structure})",
        _ => $"{term.Group}: {term.Description} ({term.Structure}){Parameters(term)}",
    };

    private static string Parameters(RandomTermEstimate term) => term.Parameters.Count == 0
        ? ""
        : ": " + string.Join(", ", term.Parameters.Select(parameter => $"{parameter.Name} {new SignificantLayout().Layout([parameter.Value])[0]}"));

    /// <summary>The residuals' structure, its parameters and those of the variance functions; none where residuals are independent.</summary>
    public static IEnumerable<string> Residual(FitFacts fit)
    {
        if (fit.Residual is not { } residual) yield break;
        if (fit.Options.Residual is { } written)
            yield return $"Residuals {written.Text}: {residual.Words}{Listed("; ", residual.Parameters)}";
        foreach (var group in residual.Groups)
        {
            var numbers = new SignificantLayout().Layout([.. group.StandardDeviations.Select(sd => (double?)sd)]);
            var deviations = group.Visits.Zip(numbers, (visit, sd) => $"{visit} {sd.Trim()}");
            yield return $"Residual SD{(group.Group.Length > 0 ? " in " + group.Group : "")}: {string.Join(", ", deviations)}";
        }

        if (residual.Variance.Count > 0)
            yield return $"Variance function {fit.Options.Variance?.Text}{Listed(": ", residual.Variance)}; sigma is the residual SD where it is 1";
    }

    private static string Listed(string start, IReadOnlyList<NamedParameter> parameters) => parameters.Count == 0
        ? ""
        : start + string.Join(", ", parameters.Select(parameter => $"{parameter.Name} {parameter.Value.ToString("G5", CultureInfo.InvariantCulture)}"));

    /// <summary>The verdict on the optimum and what it rests on.</summary>
    public static string Convergence(ConvergenceReport convergence)
    {
        var verdict = convergence.Verdict switch
        {
            ConvergenceVerdict.Converged => "Converged to an interior optimum",
            ConvergenceVerdict.Boundary => "Converged on the boundary: a random effect has no variance in some direction (a singular fit)",
            ConvergenceVerdict.NotIdentified => "NOT IDENTIFIED: the likelihood is flat in some direction, so the estimates are not unique",
            _ => "NOT CONVERGED: the optimiser stopped before an optimum was proved; do not use these estimates as they are",
        };
        var cone = convergence is { Verdict: ConvergenceVerdict.Boundary, MinimumConeEigenvalue: { } eigenvalue }
            ? Invariant($", least cone eigenvalue {eigenvalue:0.0e+00}")
            : "";
        return verdict + Invariant($". {convergence.Optimizer}: {Count(convergence.Iterations, "iteration")}, ")
            + Invariant($"{Count(convergence.Evaluations, "evaluation")}, gradient norm {convergence.GradientNorm:0.0e+00}{cone}.");
    }

    /// <summary>The columns left out of the fixed part; null where there are none.</summary>
    public static string? Aliased(FitFacts fit) => fit.AliasedColumns.Count == 0
        ? null
        : $"Left out, because earlier columns already span them: {string.Join(", ", fit.AliasedColumns)}";

    /// <summary>R² and intraclass correlations; null where they are not reported.</summary>
    public static string? Shares(FitFacts fit)
    {
        if (fit.RSquared is not { } shares) return null;
        var layout = new DecimalsLayout(3);
        var groups = fit.IntraclassCorrelations.Select(icc => $"{icc.Group} {layout.Single(icc.Share.Estimate)}").ToArray();
        var scale = Observation(fit.ObservationVariance) is { } word ? $" (observations: {word})" : "";
        return $"R²{scale}: marginal {layout.Single(shares.Marginal.Estimate)}, conditional {layout.Single(shares.Conditional.Estimate)}"
            + (groups.Length == 0 ? "" : $"; intraclass correlation: {string.Join(", ", groups)}");
    }

    /// <summary>What stands for the variance of an observation, in JSON and in words; null for a linear model.</summary>
    public static string? Observation(ObservationVariance? kind) => kind switch
    {
        ObservationVariance.Latent => "latent",
        ObservationVariance.Delta => "delta",
        ObservationVariance.LogNormal => "lognormal",
        ObservationVariance.Trigamma => "trigamma",
        _ => null,
    };

    /// <summary>How tests were made, to stand behind the heading of their table.</summary>
    public static string Method(DegreesOfFreedom method) => method switch
    {
        DegreesOfFreedom.Satterthwaite => " (Satterthwaite's degrees of freedom)",
        DegreesOfFreedom.KenwardRoger => " (Kenward and Roger's standard errors and degrees of freedom)",
        DegreesOfFreedom.KenwardRogerObserved => " (Kenward and Roger's standard errors and degrees of freedom, observed information)",
        DegreesOfFreedom.KenwardRogerLinear => " (Kenward and Roger's standard errors and degrees of freedom, observed information, no second derivatives)",
        DegreesOfFreedom.JointHessian => " (standard errors from the Hessian in all parameters, normal approximation)",
        DegreesOfFreedom.Containment => " (containment degrees of freedom)",
        DegreesOfFreedom.BetweenWithin => " (between-within degrees of freedom)",
        DegreesOfFreedom.Residual => " (residual degrees of freedom)",
        _ => " (normal approximation)",
    };

    /// <summary>How tests were made, a cluster-robust covariance being named with its clusters.</summary>
    public static string Method(DegreesOfFreedom method, RobustCovariance? robust)
    {
        if (robust is null) return Method(method);
        var df = MethodName(method, robust) switch
        {
            "bell-mccaffrey" => "Bell and McCaffrey's degrees of freedom",
            "clusters" => "degrees of freedom: clusters less one",
            _ => "normal approximation",
        };
        return $" ({robust.Adjustment} covariance by {robust.Cluster}, {df})";
    }

    /// <summary>The method's name in JSON: that of the degrees of freedom, or a robust covariance's own rule.</summary>
    public static string MethodName(DegreesOfFreedom method, RobustCovariance? robust)
    {
        if (robust is null || method == DegreesOfFreedom.None) return method.Name();
        return robust.Adjustment == RobustAdjustment.CR2 ? "bell-mccaffrey" : "clusters";
    }

    /// <summary>A severity as a word.</summary>
    public static string Severity(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Note => "Note",
        FindingSeverity.Warning => "Warning",
        _ => "Problem",
    };

    private static string Count(int count, string noun) => Invariant($"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

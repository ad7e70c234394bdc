using MixedModels.Covariance;
using MixedModels.Design;
using MixedModels.Estimation.Generalized;
using MixedModels.Estimation.Linear;
using MixedModels.Numerics;

namespace MixedModels.Inference.Comparison;

/// <summary>A random part with one effect, or one term, less.</summary>
/// <param name="Name">What is left out.</param>
/// <param name="Terms">The terms that are left.</param>
/// <param name="RemovedEffects">How many effects a level are gone.</param>
internal sealed record RandomTermReduction(string Name, IReadOnlyList<RandomTermData> Terms, int RemovedEffects)
{
    /// <summary>The reductions of a design in the formula's order.</summary>
    public static IEnumerable<RandomTermReduction> Of(ModelDesign design)
    {
        var full = LinearData.From(design).Terms;
        for (var t = 0; t < full.Count; t++)
        {
            var (term, text) = (design.RandomTerms[t], design.Formula.RandomTerms[t].Text);
            var removable = Removable(term);
            if (removable.Count == 0 || (removable.Count == 1 && !IsReducible(term, removable[0])))
            {
                yield return new(text, [.. full.Where((_, other) => other != t)], term.ColumnNames.Count);
                continue;
            }

            foreach (var label in removable)
            {
                int[] kept = [.. Enumerable.Range(0, term.ColumnNames.Count).Where(column => term.Assign[column] != label)];
                var reduced = kept.Length == 0 ? WithInterceptAlone(full[t], term) : Subset(full[t], term.Structure, kept);
                var name = label == 0 ? "(Intercept)" : term.TermNames[label - 1];
                yield return new($"{name} in {text}", [.. full.Select((other, s) => s == t ? reduced : other)], term.ColumnNames.Count - reduced.Dimension);
            }
        }
    }

    /// <summary>Fits every reduction and tests it against the fit.</summary>
    public static RandomTermTests TestAll(LinearMixedModelFit fit, CancellationToken cancellationToken)
    {
        var (tests, findings) = TestAll(fit, fit.Model.Formula, reduction => reduction.Refit(fit, cancellationToken));
        return new(fit.Criterion, fit, tests, findings);
    }

    /// <summary>Fits every reduction by the fit's own approximation of the likelihood and tests it against the fit.</summary>
    public static RandomTermTests TestAll(GeneralizedMixedModelFit fit, CancellationToken cancellationToken)
    {
        var (tests, findings) = TestAll(fit, fit.Model.Formula, reduction => reduction.Refit(fit, cancellationToken));
        return new(fit.Model.Options.Criterion, fit, tests, findings);
    }

    private static (RandomTermTest[] Tests, List<Finding> Findings) TestAll(IMixedModelFit fit, string formula, Func<RandomTermReduction, (double Deviance, int Parameters, bool Proved)> refit)
    {
        if (fit.Design.RandomTerms.Count == 0)
            throw new InferenceException($"The model {formula} has no random term to test; fit one with a term such as (1 | group).");
        RandomTermTest[] tests = [.. Of(fit.Design).Select(reduction => reduction.Test(fit, refit(reduction)))];
        var findings = new List<Finding>
        {
            new(
                "boundary",
                FindingSeverity.Note,
                "A variance of 0 is on the boundary: p from chi-square with df is too large. Where one effect is left out, p from the half-and-half mixture with df − 1 stands beside it.",
                "A variance can only be 0 or more.",
                ""),
        };
        foreach (var test in tests.Where(test => !test.Converged))
        {
            findings.Add(new(
                "not-converged", FindingSeverity.Problem, $"No optimum was proved for the model without {test.Term}.", "Its test may be wrong.", "Fit that model by itself and look at its findings."));
        }

        return (tests, findings);
    }

    /// <summary>
    /// The labels that may go (of a term with another structure than us or diag none, it goes whole): of a term with an intercept those beside it, of independent effects all of them, and none that is part of another
    /// (x where x:z stands), whose columns would only be coded anew.
    /// </summary>
    private static List<int> Removable(RandomTermDesign term)
    {
        var labels = term.Assign.Distinct().ToList();
        if (term.Structure is not ("us" or "diag")) return [];
        if (term.Structure != "diag") labels.Remove(0);
        else if (labels.Count == 1) labels.Clear();
        labels.RemoveAll(label => label > 0 && term.TermNames.Where((_, other) => other != label - 1).Any(other => IsPartOf(term.TermNames[label - 1], other)));
        return labels;
    }

    private static bool IsPartOf(string label, string other)
    {
        var variables = other.Split(':');
        return label.Split(':').All(variable => variables.Contains(variable, StringComparer.Ordinal));
    }

    /// <summary>Whether something is left of the term: other columns, or an intercept that its indicators add up to.</summary>
    private static bool IsReducible(RandomTermDesign term, int label) =>
        term.Assign.Any(other => other != label)
        || (term.ColumnNames.Count > 1 && term.Memberships is null && new ColumnSpan(term.Z.Span, term.LevelOfRow.Length).Contains(Ones(term.LevelOfRow.Length)));

    private static double[] Ones(int n)
    {
        var ones = new double[n];
        Array.Fill(ones, 1);
        return ones;
    }

    private static RandomTermData WithInterceptAlone(RandomTermData term, RandomTermDesign design) =>
        term with { Structure = CovarianceCatalogue.Create(design.Structure, 1), Z = Ones(term.LevelOfRow.Length) };

    private static RandomTermData Subset(RandomTermData term, string structure, int[] columns)
    {
        var n = term.LevelOfRow.Length;
        var Z = new double[n * columns.Length];
        for (var j = 0; j < columns.Length; j++) term.Z.Span.Slice(columns[j] * n, n).CopyTo(Z.AsSpan(j * n));
        return term with { Structure = CovarianceCatalogue.Create(structure, columns.Length), Z = Z };
    }

    private (double Deviance, int Parameters, bool Proved) Refit(LinearMixedModelFit fit, CancellationToken cancellationToken)
    {
        var data = LinearData.From(fit.Design) with { Terms = Terms };
        using var problem = CriterionProblem.For(new(data), fit.Marginal?.Residual, fit.Criterion == EstimationCriterion.Reml, fit.Model.Options.Threads);
        var optimum = problem.Minimize(start: null, cancellationToken);
        return (optimum.Value, data.p + optimum.Theta.Length + optimum.Phi.Length + 1, optimum.Proved);
    }

    private (double Deviance, int Parameters, bool Proved) Refit(GeneralizedMixedModelFit fit, CancellationToken cancellationToken)
    {
        var deviance = fit.Model.Problem(fit.Design, Terms).Deviance;
        var optimum = GeneralizedOptimizer.Minimize(deviance, start: null, cancellationToken);
        return (optimum?.Value ?? double.NaN, deviance.Layout.Count + deviance.Predictor.p + fit.FamilyParameters.Count, optimum is { Proved: true });
    }

    private RandomTermTest Test(IMixedModelFit fit, (double Deviance, int Parameters, bool Proved) reduced)
    {
        var (chiSquare, df) = (reduced.Deviance - fit.Deviance, fit.ParameterCount - reduced.Parameters);
        double? mixture = RemovedEffects == 1 ? ChiBarSquare.HalfAndHalf(chiSquare, df) : null;
        return new(Name, reduced.Parameters, -0.5 * reduced.Deviance, chiSquare, df, TailProbability.ChiSquared(chiSquare, df), mixture, reduced.Proved);
    }
}

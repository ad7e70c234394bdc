using MixedModels.Families;

namespace MixedModels.Reporting.Pages;

/// <summary>A model in plain words, for readers who do not read formulas.</summary>
internal static class ModelWords
{
    /// <summary>What the model asks.</summary>
    public static string Question(IInspectedFit fit)
    {
        var response = Plots.PlotWords.ResponseInSentence(fit);
        var terms = fit.Design.Fixed.TermNames.Where(name => !name.Contains(':', StringComparison.Ordinal)).ToArray();
        var groups = Groups(fit);
        var question = terms.Length == 0
            ? $"What is the overall level of {response}"
            : $"How does {response} depend on {List(terms)}";
        return groups.Length == 0
            ? question + "?"
            : $"{question}, when rows of the same {List(groups)} resemble each other?";
    }

    /// <summary>What each part of the model stands for, a sentence each.</summary>
    public static IReadOnlyList<string> Parts(IInspectedFit fit)
    {
        var parts = new List<string>();
        var names = fit.Design.Fixed.TermNames;
        if (names.Count > 0)
            parts.Add($"The same for all: {(fit.Design.Fixed.HasIntercept ? "an intercept and " : "")}the effects of {List([.. names.Select(Term)])}.");
        else if (fit.Design.Fixed.HasIntercept)
            parts.Add($"The same for all: an overall mean of {fit.Design.ResponseName}.");
        foreach (var term in fit.RandomTerms)
        {
            string[] effects = [.. term.ColumnNames.Select(Effect)];
            var variation = term.ColumnNames.Count switch
            {
                1 => "Their spread is estimated",
                _ when string.Equals(term.Structure, "diag", StringComparison.Ordinal) => "Their spreads are estimated; they are taken as unrelated to each other",
                _ when string.Equals(term.Structure, "us", StringComparison.Ordinal) => "Their spreads, and whether they go together, are estimated",
                _ => $"Their covariance has the structure {term.Structure}",
            };
            parts.Add($"Different from {term.Group} to {term.Group} ({PlotCount(term.LevelCount)} of them): {List(effects)}, scattered around what is the same for all. {variation}.");
        }

        parts.Add(fit.Generalized is { Family: var family }
            ? $"These add up on the scale of the {family.Link.Name} link: {Scale(family)}. {(fit.RandomTerms.Count > 0 ? "Given them, rows" : "Rows")} are independent, their responses of the family {family.Name}."
            : Residual(fit));
        return parts;
    }

    /// <summary>What effects on a link's scale do to the mean.</summary>
    private static string Scale(Family family) => family.Link switch
    {
        var link when link == Link.Log => "an effect multiplies the mean",
        var link when link == Link.Logit => "an effect multiplies the odds",
        var link when link == Link.Identity => "an effect adds to the mean",
        var link when link == Link.Cloglog => "an effect multiplies the hazard",
        var link when link == Link.Probit => "an effect shifts a normal score, whose probability is the mean",
        _ => "an effect adds to the transformed mean",
    };

    /// <summary>Words in a row: <c>a, b and c</c>.</summary>
    public static string List(IReadOnlyList<string> words) => words.Count switch
    {
        0 => "",
        1 => words[0],
        _ => string.Join(", ", words.Take(words.Count - 1)) + " and " + words[^1],
    };

    /// <summary>What is said of the residuals of a linear model.</summary>
    private static string Residual(IInspectedFit fit)
    {
        var (options, residual) = (fit.Linear!.Model.Options, fit.Linear.Residual);
        if (!options.HasResidual) return "Nothing is left: the random effects hold all of the variance.";
        var spread = options.Variance is { } functions ? $" Their spread is not the same everywhere: {functions.Text}." : "";
        if (options.Residual is { } structure) return $"What is left goes together within a subject, as {structure.Text} says ({residual!.Words}); subjects are independent.{spread}";
        return (fit.RandomTerms.Count > 0 ? "What is left is the residual, a row's own." : "What is left is the residual; rows are taken as independent.") + spread;
    }

    private static string[] Groups(IInspectedFit fit)
    {
        var groups = fit.RandomTerms.Select(term => term.Group);
        return [.. (VisitPattern.Of(fit.Fit) is { } pattern ? groups.Append(pattern.Subject) : groups).Distinct(StringComparer.Ordinal)];
    }

    private static string Term(string name) => name.Contains(':', StringComparison.Ordinal)
        ? $"{name.Replace(":", " with ", StringComparison.Ordinal)} (an interaction)"
        : name;

    private static string Effect(string column) => string.Equals(column, "(Intercept)", StringComparison.Ordinal) ? "the level" : $"the effect of {column}";

    private static string PlotCount(int count) => Plots.PlotWords.Count(count);
}

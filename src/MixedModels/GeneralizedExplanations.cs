using System.Globalization;
using MixedModels.Families;

namespace MixedModels;

/// <summary>Writes a generalized model down as algebra, as a storage plan and in other languages.</summary>
internal static class GeneralizedExplanations
{
    /// <summary>The explanation of a fit.</summary>
    public static ModelExplanation Of(GeneralizedMixedModelFit fit)
    {
        var (model, design) = (fit.Model, fit.Design);
        return new(
            [.. Algebra(fit)],
            ModelExplanations.Blocks(design),
            $"new GeneralizedMixedModel({ModelExplanations.Quote(model.Formula)}, {CSharp(model.Family)}{Options(model.Options)}).Fit(table)",
            R(fit),
            Julia(fit));
    }

    private static IEnumerable<string> Algebra(GeneralizedMixedModelFit fit)
    {
        var (design, family) = (fit.Design, fit.Family);
        var effects = string.Concat(design.RandomTerms.Select((_, t) => string.Create(CultureInfo.InvariantCulture, $" + Z{t + 1} b{t + 1}")));
        var parameters = string.Concat(family.ParameterNames.Select(name => ", " + name));
        yield return family.HasTrials
            ? $"{design.ResponseName}: successes y ~ {family.Name}(trials, mu{parameters}) given b"
            : $"{design.ResponseName} ~ {family.Name}(mu{parameters}) given b";
        yield return $"{family.Link.Name}(mu) = eta = {(design.Offset.IsEmpty ? "" : "offset + ")}X beta{effects}";
        yield return string.Create(CultureInfo.InvariantCulture, $"X: {fit.Observations} × {design.Fixed.ColumnNames.Count}, beta: {string.Join(", ", design.Fixed.ColumnNames)}");
        foreach (var line in ModelExplanations.RandomEffects(design.RandomTerms)) yield return line;
        if (design.RandomTerms.Count > 0) yield return $"b integrated out by {fit.Method}";
    }

    private static string CSharp(Family family)
    {
        if (family is CustomFamily) return $"new {family.GetType().Name}(…)";
        var link = string.Equals(FamilyCatalogue.Create(family.Name)?.Link.Name, family.Link.Name, StringComparison.Ordinal) ? "" : $"Link.Find({ModelExplanations.Quote(family.Link.Name)})";
        var maker = family.Name switch
        {
            "binomial" => nameof(Family.Binomial),
            "poisson" => nameof(Family.Poisson),
            "Gamma" => nameof(Family.Gamma),
            "inverse.gaussian" => nameof(Family.InverseGaussian),
            "nbinom1" => nameof(Family.NegativeBinomial1),
            "nbinom2" => nameof(Family.NegativeBinomial2),
            _ => nameof(Family.Gaussian),
        };
        return $"Family.{maker}({link})";
    }

    private static string Options(GeneralizedMixedModelOptions options)
    {
        var set = new List<string>();
        if (options.Quadrature != 1) set.Add(string.Create(CultureInfo.InvariantCulture, $"Quadrature = {options.Quadrature}"));
        if (options.Criterion == EstimationCriterion.Reml) set.Add("Criterion = EstimationCriterion.Reml");
        if (options.Trials is { } trials) set.Add("Trials = " + ModelExplanations.Quote(trials));
        if (options.Weights is { } weights) set.Add("Weights = " + ModelExplanations.Quote(weights));
        if (options.Frequency is { } frequency) set.Add("Frequency = " + ModelExplanations.Quote(frequency));
        if (options.Offsets.Count > 0) set.Add("Offsets = " + ModelExplanations.List(options.Offsets));
        if (options.Contrasts.Count > 0) set.Add("Contrasts = " + ModelExplanations.Codings(options.Contrasts));
        return set.Count == 0 ? "" : $", new() {{ {string.Join(", ", set)} }}";
    }

    /// <summary>lme4 where it has the family, else glmmTMB, which is also the one whose Laplace approximation is ours.</summary>
    private static string R(GeneralizedMixedModelFit fit)
    {
        var (family, options, formula) = (fit.Family, fit.Model.Options, fit.Model.Formula);
        if (fit.Design.RandomTerms.Any(term => term.Memberships is not null)) return "# lme4 and glmmTMB have no multi-membership terms";
        if (family is CustomFamily) return $"# the family {family.Name} is code of its own";
        var isOfBase = family.Name is "binomial" or "poisson" or "gaussian" or "Gamma" or "inverse.gaussian";
        var name = $"{family.Name}(link = {ModelExplanations.Quote(family.Link.Name)})";
        var rest = string.Concat(options.Weights is { } weights ? $", weights = {weights}" : "", options.Offsets.Count > 0 ? $", offset = {string.Join(" + ", options.Offsets)}" : "");
        if (fit.Design.RandomTerms.Count == 0 && isOfBase) return $"glm({formula}, data, family = {name}{rest})";
        if (options.Criterion == EstimationCriterion.Reml) return $"glmmTMB({formula}, data, family = {name}{rest}, REML = TRUE)";
        return isOfBase && options.Quadrature != 1
            ? string.Create(CultureInfo.InvariantCulture, $"glmer({formula}, data, family = {name}{rest}, nAGQ = {options.Quadrature})")
            : $"glmmTMB({formula}, data, family = {name}{rest})";
    }

    private static string Julia(GeneralizedMixedModelFit fit)
    {
        var (formula, link) = (fit.Model.Formula, fit.Family.Link.Name);
        if (fit.Design.RandomTerms.Any(term => term.Memberships is not null || term.Structure is not ("us" or "diag"))) return "# MixedModels.jl has no such random term";
        if (fit.Family.Name is not ("binomial" or "poisson") || link is not ("logit" or "probit" or "cloglog" or "log")) return $"# MixedModels.jl has no {fit.Family.Name} family with link {link}";
        if (!fit.Design.Trials.IsEmpty && fit.Design.Trials.Span.IndexOfAnyExcept(1.0) >= 0) return "# MixedModels.jl takes the proportion as the response, Binomial(), and the trials as wts";
        var distribution = fit.Family.HasTrials ? "Bernoulli" : "Poisson";
        var points = fit.Model.Options.Quadrature > 1 ? string.Create(CultureInfo.InvariantCulture, $"; nAGQ = {fit.Model.Options.Quadrature}") : "";
        return $"fit(MixedModel, @formula({formula}), data, {distribution}(), {char.ToUpperInvariant(link[0])}{link[1..]}Link(){points})";
    }
}

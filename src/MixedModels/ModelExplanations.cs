using System.Globalization;
using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;

namespace MixedModels;

/// <summary>Writes a model down as algebra, as a storage plan and in other languages.</summary>
internal static class ModelExplanations
{
    /// <summary>The explanation of a fit.</summary>
    public static ModelExplanation Of(LinearMixedModelFit fit)
    {
        var formula = fit.Model.Formula;
        var isReml = fit.Criterion == EstimationCriterion.Reml;
        var isPlain = fit.Design.RandomTerms.All(term => term.Structure is "us" or "diag");
        var hasMemberships = fit.Design.RandomTerms.Any(term => term.Memberships is not null);
        return new(
            [.. Algebra(fit)],
            Blocks(fit.Design),
            $"new LinearMixedModel({Quote(formula)}{OptionsCode(fit.Model.Options)}).Fit(table)",
            hasMemberships ? "# lme4 has no multi-membership terms" : fit.Residual is not null ? RepeatedMeasures(fit) : $"{(isPlain ? "lmer" : "glmmTMB")}({formula}, data{(isReml == isPlain ? string.Empty : isReml ? ", REML = TRUE" : ", REML = FALSE")}{(fit.Model.Options.Weights is { } column ? $", weights = {column}" : string.Empty)})",
            hasMemberships ? "# MixedModels.jl has no multi-membership terms" : fit.Residual is not null ? "# MixedModels.jl has no residual structures" : isPlain ? $"fit(MixedModel, @formula({formula}), data; REML = {(isReml ? "true" : "false")})" : "MixedModels.jl has no structures beyond unstructured and diagonal");
    }

    private static string OptionsCode(LinearMixedModelOptions options)
    {
        var set = new List<string>();
        if (options.Criterion == EstimationCriterion.MaximumLikelihood) set.Add("Criterion = EstimationCriterion.MaximumLikelihood");
        if (!options.HasResidual) set.Add("HasResidual = false");
        if (options.Residual is { } residual) set.Add("Residual = " + Quote(residual.Text));
        if (options.Variance is { } variance) set.Add("Variance = " + Quote(variance.Text));
        if (options.Dispersion is { } dispersion) set.Add("Dispersion = " + Quote(dispersion));
        if (options.Weights is { } weights) set.Add("Weights = " + Quote(weights));
        if (options.Offsets.Count > 0) set.Add("Offsets = " + List(options.Offsets));
        if (options.Contrasts.Count > 0) set.Add("Contrasts = " + Codings(options.Contrasts));
        if (options.Keep.Count > 0) set.Add("Keep = " + List(options.Keep));
        return set.Count == 0 ? string.Empty : $", new() {{ {string.Join(", ", set)} }}";
    }

    /// <summary>The R package mmrm, where it has the structure and nothing stands beside it.</summary>
    private static string RepeatedMeasures(LinearMixedModelFit fit)
    {
        var (options, clause) = (fit.Model.Options, fit.Design.Residual?.Clause);
        if (clause is null || fit.Design.RandomTerms.Count > 0 || options.Variance is not null || options.Dispersion is not null || clause.Order.Count != 1
            || !(fit.Design.Data.TryGetColumn(clause.Order[0].Label, out var visit) && visit is FactorColumn)
            || clause.Structure is not ("us" or "cs" or "csh" or "ar1" or "ar1h" or "toep" or "toeph" or "ad" or "adh"))
        {
            return "# lme4 has no residual structures; lme and gls of nlme have some of them";
        }

        var rest = (options.Weights is { } weights ? $", weights = data${weights}" : "") + (fit.Criterion == EstimationCriterion.Reml ? "" : ", reml = FALSE");
        return $"mmrm({fit.Model.Formula} + {clause.Text}, data{rest}) # {fit.Design.Residual!.SubjectLabel} as a factor";
    }

    /// <summary>Names as a collection of C#.</summary>
    internal static string List(IEnumerable<string> names) => $"[{string.Join(", ", names.Select(Quote))}]";

    /// <summary>Codings as a dictionary of C#.</summary>
    internal static string Codings(IReadOnlyDictionary<string, ContrastCoding> contrasts) =>
        $"new Dictionary<string, ContrastCoding> {{ {string.Join(", ", contrasts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"[{Quote(pair.Key)}] = ContrastCoding.{pair.Value}"))} }}";

    private static IEnumerable<string> Algebra(LinearMixedModelFit fit)
    {
        var terms = fit.Design.RandomTerms;
        var effects = string.Concat(terms.Select((_, t) => $" + Z{Number(t + 1)} b{Number(t + 1)}"));
        yield return $"{fit.Design.ResponseName} = {(fit.Design.Offset.IsEmpty ? string.Empty : "offset + ")}X beta{effects} + e";
        yield return $"X: {Number(fit.Observations)} × {Number(fit.Design.Fixed.ColumnNames.Count)}, beta: {string.Join(", ", fit.Design.Fixed.ColumnNames)}";
        foreach (var line in RandomEffects(terms)) yield return line;
        if (fit.Residual is { } residual)
        {
            yield return $"e ~ N(0, sigma² R), {residual.Words}: {ResidualLimits.Describe(fit.Model.Options)}";
            if (fit.Marginal is { } marginal) yield return (terms.Count == 0 ? "V = R: " : "V = R + ZGZ': ") + marginal.AtOptimum((deviance, _) => deviance.Plan.Words);
            yield break;
        }

        yield return fit.Design.Weights.IsEmpty ? "e ~ N(0, sigma² I)" : $"e ~ N(0, sigma² diag(1 / {fit.Model.Options.Weights}))";
    }

    /// <summary>The distribution of each term's effects, a line each.</summary>
    internal static IEnumerable<string> RandomEffects(IReadOnlyList<RandomTermDesign> terms)
    {
        for (var t = 0; t < terms.Count; t++)
        {
            var p = terms[t].ColumnNames.Count;
            var words = p == 1 ? "one variance" : StructureWords.Covariance(terms[t].Structure, p, terms[t].Rank);
            yield return $"b{Number(t + 1)}: for each of {Number(terms[t].Levels.Count)} levels of {terms[t].Group}, "
                + $"({Shown(terms[t].ColumnNames)}) ~ N(0, G{Number(t + 1)}), {words}";
        }
    }

    /// <summary>The storage plan of a design.</summary>
    internal static IReadOnlyList<ModelBlock> Blocks(ModelDesign design) => design.RandomTerms.Count == 0
        ? []
        : [.. BlockPlan.For(LinearData.From(design)).Blocks.Select(
            block => new ModelBlock(block.Name, block.Rows, block.Columns, block.Storage, block.Bytes, block.Operations))];

    /// <summary>Names in a row, at most eight.</summary>
    internal static string Shown(IReadOnlyList<string> names)
    {
        const int Most = 8;
        return names.Count <= Most ? string.Join(", ", names) : $"{string.Join(", ", names.Take(Most - 1))}, … {names[^1]}";
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A string of C#, R or Julia.</summary>
    internal static string Quote(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}

using System.Globalization;
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
        return new(
            [.. Algebra(fit)],
            Blocks(fit.Design),
            $"new LinearMixedModel({Quote(formula)}{OptionsCode(fit.Model.Options)}).Fit(table)",
            fit.Residual is not null ? "# lme4 has no residual structures; lme and gls of nlme have some of them" : $"lmer({formula}, data{(isReml ? string.Empty : ", REML = FALSE")}{(fit.Model.Options.Weights is { } column ? $", weights = {column}" : string.Empty)})",
            fit.Residual is not null ? "# MixedModels.jl has no residual structures" : $"fit(MixedModel, @formula({formula}), data; REML = {(isReml ? "true" : "false")})");
    }

    private static string OptionsCode(LinearMixedModelOptions options)
    {
        var set = new List<string>();
        if (options.Criterion == EstimationCriterion.MaximumLikelihood) set.Add("Criterion = EstimationCriterion.MaximumLikelihood");
        if (options.Residual is { } residual) set.Add("Residual = " + Quote(residual.Text));
        if (options.Variance is { } variance) set.Add("Variance = " + Quote(variance.Text));
        return set.Count == 0 ? string.Empty : $", new() {{ {string.Join(", ", set)} }}";
    }

    private static IEnumerable<string> Algebra(LinearMixedModelFit fit)
    {
        var terms = fit.Design.RandomTerms;
        var effects = string.Concat(terms.Select((_, t) => $" + Z{Number(t + 1)} b{Number(t + 1)}"));
        yield return $"{fit.Design.ResponseName} = {(fit.Design.Offset.IsEmpty ? string.Empty : "offset + ")}X beta{effects} + e";
        yield return $"X: {Number(fit.Observations)} × {Number(fit.Design.Fixed.ColumnNames.Count)}, beta: {string.Join(", ", fit.Design.Fixed.ColumnNames)}";
        for (var t = 0; t < terms.Count; t++)
        {
            var p = terms[t].ColumnNames.Count;
            var words = p == 1 ? "one variance" : terms[t].Structure == "diag" ? $"{Number(p)} variances, no covariances" : $"any {Number(p)} × {Number(p)} covariance";
            yield return $"b{Number(t + 1)}: for each of {Number(terms[t].Levels.Count)} levels of {terms[t].Group}, "
                + $"({string.Join(", ", terms[t].ColumnNames)}) ~ N(0, G{Number(t + 1)}), {words}";
        }

        if (fit.Residual is { } residual)
        {
            yield return $"e ~ N(0, sigma² R), {residual.Words}: {ResidualLimits.Describe(fit.Model.Options)}";
            yield break;
        }

        yield return fit.Design.Weights.IsEmpty ? "e ~ N(0, sigma² I)" : $"e ~ N(0, sigma² diag(1 / {fit.Model.Options.Weights}))";
    }

    private static IReadOnlyList<ModelBlock> Blocks(ModelDesign design) => design.RandomTerms.Count == 0
        ? []
        : [.. BlockPlan.For(LinearData.From(design)).Blocks.Select(
            block => new ModelBlock(block.Name, block.Rows, block.Columns, block.Storage, block.Bytes, block.Operations))];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Quote(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}

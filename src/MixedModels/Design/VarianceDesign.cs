using MixedModels.Data;
using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>A variance function over the rows. Immutable.</summary>
/// <param name="Term">The function as written.</param>
/// <param name="Covariate">n values; empty for <c>ident</c> and for fitted values.</param>
/// <param name="StratumOfRow">n zero-based strata.</param>
/// <param name="Strata">Their names; one without a name where there are none.</param>
/// <param name="Source">How the covariate is made over any table; null where there is none.</param>
internal sealed record VarianceDesign(VarianceTerm Term, ReadOnlyMemory<double> Covariate, int[] StratumOfRow, IReadOnlyList<string> Strata, CovariateSource? Source)
{
    private GroupRecipe? recipe;

    /// <summary>Makes the design over the complete rows of a frame.</summary>
    /// <exception cref="DataException">The function is not defined at a value.</exception>
    public static VarianceDesign Create(ModelFrame frame, VarianceTerm term, NumericVariable? covariate, IReadOnlyList<GroupFactor> strata)
    {
        var values = covariate is null ? default : frame.Numbers(covariate.Label);
        RequireDefined(term, values.Span, frame);
        var source = covariate is null ? null : new CovariateSource([covariate], other => other.Numbers(covariate.Label));
        if (strata.Count == 0) return new(term, values, new int[frame.Count], [""], source);
        var levels = new GroupRecipe(strata, frame);
        if (term.Function == "ident" && levels.Levels.Count < 2)
            throw new DataException($"{term.Text} has one level in the {frame.Count} rows used; standard deviations by level need 2. Leave it out.");
        return new(term, values, levels.LearntLevelOfRow, levels.Levels, source) { recipe = levels };
    }

    /// <summary>Adds what the function is computed from.</summary>
    public void AddTo(ModelFrame frame)
    {
        foreach (var variable in Source?.Variables ?? []) frame.Add(variable);
        recipe?.AddTo(frame);
    }

    /// <summary>The function over the complete rows of another table.</summary>
    /// <exception cref="DataException">A stratum is none of the design's, or the function is not defined at a value.</exception>
    public NewVarianceRows Replay(ModelFrame frame)
    {
        var values = Source?.Evaluate(frame) ?? default;
        RequireDefined(Term, values.Span, frame);
        return new(values, recipe?.KnownLevelOfRow(frame, $"{Term.Text} has a parameter for each level it was fitted to") ?? new int[frame.Count]);
    }

    private static void RequireDefined(VarianceTerm term, ReadOnlySpan<double> values, ModelFrame frame)
    {
        for (var r = 0; r < values.Length; r++)
        {
            var isDefined = term.Function switch { "power" => values[r] != 0, "fixed" => values[r] > 0, _ => true };
            if (isDefined) continue;
            var wanted = term.Function == "fixed" ? "a positive value" : "a value other than zero";
            throw new DataException(
                $"{term.Covariate!.Label} is {NumberName.Of(values[r])} in row {frame.Rows.Span[r] + 1}; {term.Text} needs {wanted}, or the residual has no variance there. "
                + (term.Function == "fixed" ? "Correct the value." : "Use constpower, or exp."));
        }
    }
}

/// <summary>How the covariate of a variance function is made over any table.</summary>
/// <param name="Variables">What it is computed from.</param>
/// <param name="Evaluate">A value a complete row.</param>
internal sealed record CovariateSource(IReadOnlyList<Variable> Variables, Func<ModelFrame, ReadOnlyMemory<double>> Evaluate);

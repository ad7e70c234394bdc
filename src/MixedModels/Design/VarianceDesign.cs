using MixedModels.Data;
using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>A variance function over the rows. Immutable.</summary>
/// <param name="Term">The function as written.</param>
/// <param name="Covariate">n values; empty for <c>ident</c> and for fitted values.</param>
/// <param name="StratumOfRow">n zero-based strata.</param>
/// <param name="Strata">Their names; one without a name where there are none.</param>
internal sealed record VarianceDesign(VarianceTerm Term, ReadOnlyMemory<double> Covariate, int[] StratumOfRow, IReadOnlyList<string> Strata)
{
    /// <summary>Makes the design over the complete rows of a frame.</summary>
    /// <exception cref="DataException">The function is not defined at a value.</exception>
    public static VarianceDesign Create(ModelFrame frame, VarianceTerm term, NumericVariable? covariate, IReadOnlyList<GroupFactor> strata)
    {
        var values = covariate is null ? default : frame.Numbers(covariate.Label);
        RequireDefined(term, values.Span, frame);
        if (strata.Count == 0) return new(term, values, new int[frame.Count], [""]);
        var recipe = new GroupRecipe(strata, frame);
        if (term.Function == "ident" && recipe.Levels.Count < 2)
            throw new DataException($"{term.Text} has one level in the {frame.Count} rows used; standard deviations by level need 2. Leave it out.");
        return new(term, values, recipe.LearntLevelOfRow, recipe.Levels);
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

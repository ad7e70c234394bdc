using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Formula;

namespace MixedModels.Inference.Choice;

/// <summary>The rows that every model of a search uses: those in which every effect is present, as likelihoods compare only for the same rows.</summary>
/// <param name="Design">The design of the formula as written.</param>
/// <param name="Data">Its columns: all rows where no effect costs a row, else those of the design.</param>
/// <param name="LeftOut">The rows that some effect costs.</param>
internal sealed record ChoiceRows(ModelDesign Design, DataTable Data, int LeftOut)
{
    /// <summary>Finds them.</summary>
    public static ChoiceRows Of(ChoosableModel model, ModelFormula formula, RandomStructure written, DataTable table)
    {
        // Effects as many as rows may stand in the formula: whether they are justified is asked here.
        var options = model.DesignOptions() with { HasFreeResidual = false };
        var design = ModelDesign.Create(formula, table, options);
        var least = written with { Groups = [.. written.Groups.Select(group => group with { Slopes = [] })] };
        var smallest = ModelDesign.Create(ModelFormula.Parse(least.Text), design.Data, options);
        return smallest.Observations == design.Observations
            ? new(design, design.Data, 0)
            : new(design, design.Data.SelectRows(design.Rows.Span), smallest.Observations - design.Observations);
    }
}

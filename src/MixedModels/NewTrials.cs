using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Formula;

namespace MixedModels;

/// <summary>The trials of the rows of a new table, which a new observation of a binomial response is made of.</summary>
internal static class NewTrials
{
    /// <summary>A number a row of the table; NaN where a value is missing.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="table">The table.</param>
    /// <exception cref="InferenceException">The table does not say the trials.</exception>
    public static double[] Of(GeneralizedMixedModelFit fit, DataTable table)
    {
        var trials = new double[table.RowCount];
        Array.Fill(trials, 1.0);
        if (!fit.Family.HasTrials || fit.Design.Trials.Span.IndexOfAnyExcept(1.0) < 0) return trials;

        // The weights of a proportion are its trials.
        var options = fit.Model.Options;
        if ((options.Trials ?? options.Weights) is { } column)
        {
            return table.Columns.FirstOrDefault(own => string.Equals(own.Name, column, StringComparison.Ordinal)) is NumericColumn numbers
                ? numbers.Values.ToArray()
                : throw Refusal($"the column '{column}'");
        }

        var names = fit.Design.Formula.ResponseExpression is { } response ? NamesIn.Of(response).ToArray() : [];
        if (names.FirstOrDefault(name => !table.Columns.Any(own => string.Equals(own.Name, name, StringComparison.Ordinal))) is { } absent) throw Refusal($"the column '{absent}'");
        var design = ModelDesign.Create(ModelFormula.Parse($"{fit.Design.ResponseName} ~ 1"), table, new() { HasTrials = true });
        Array.Fill(trials, double.NaN);
        for (var i = 0; i < design.Observations; i++) trials[design.Rows.Span[i]] = design.Trials.Span[i];
        return trials;

        InferenceException Refusal(string what) => new(
            $"A new observation of {fit.Design.ResponseName} is a number of successes out of so many trials, and the table lacks {what}, which says them. "
            + "Add it, fit the counts with a column of trials (--trials) so that the response need not be there, or ask about the mean.");
    }
}

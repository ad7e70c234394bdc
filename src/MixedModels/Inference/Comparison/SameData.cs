using MixedModels.Design;

namespace MixedModels.Inference.Comparison;

/// <summary>Likelihoods compare only for the same rows and response; this looks at what the fits used, not at file names.</summary>
internal static class SameData
{
    private const int MostRowsNamed = 5;

    /// <summary>Refuses designs of different data.</summary>
    /// <exception cref="InferenceException">Responses or rows differ; the message says where.</exception>
    public static void Require(IReadOnlyList<ModelDesign> designs)
    {
        for (var i = 1; i < designs.Count; i++) Require(designs[0], designs[i], i + 1);
    }

    private static void Require(ModelDesign first, ModelDesign other, int number)
    {
        if (first.ResponseName != other.ResponseName)
        {
            throw new InferenceException(
                $"Model 1 has the response '{first.ResponseName}', model {number} '{other.ResponseName}'. Likelihoods of different responses cannot be compared; fit both to one.");
        }

        if (first.Observations != other.Observations || !SameRows(first, other))
            throw new InferenceException(DifferentRows(first, other, number));
        var y = first.Response.Span;
        var z = other.Response.Span;
        for (var r = 0; r < y.Length; r++)
        {
            if (y[r] == z[r]) continue;
            throw new InferenceException(FormattableString.Invariant(
                $"The response '{first.ResponseName}' of row {first.Rows.Span[r] + 1} is {y[r]} in model 1 and {z[r]} in model {number}. ")
                + "The models were fitted to different data, or to the same rows in another order; fit both to one table.");
        }
    }

    /// <summary>Row numbers say something only where the tables have the same length; elsewhere the response must speak.</summary>
    private static bool SameRows(ModelDesign first, ModelDesign other) =>
        first.Data.RowCount != other.Data.RowCount || first.Rows.Span.SequenceEqual(other.Rows.Span);

    private static string DifferentRows(ModelDesign first, ModelDesign other, int number)
    {
        var counts = first.Observations == other.Observations
            ? $"Models 1 and {number} use {first.Observations} rows each, but not the same ones"
            : $"Model 1 uses {first.Observations} rows, model {number} {other.Observations}";
        var advice = "Values that one model needs are missing there; fit both to the rows that are complete for both.";
        if (first.Data.RowCount != other.Data.RowCount) return $"{counts}, so their likelihoods cannot be compared. {advice}";
        var (mine, theirs) = (first.Rows.ToArray(), other.Rows.ToArray());
        return $"{counts}, so their likelihoods cannot be compared.{Only("model 1", mine.Except(theirs))}{Only($"model {number}", theirs.Except(mine))} {advice}";
    }

    private static string Only(string model, IEnumerable<int> rows)
    {
        int[] all = [.. rows];
        if (all.Length == 0) return "";
        var named = string.Join(", ", all.Take(MostRowsNamed).Select(row => FormattableString.Invariant($"{row + 1}")));
        return $" Only {model} uses {(all.Length == 1 ? "row" : "rows")} {named}{(all.Length > MostRowsNamed ? $" and {all.Length - MostRowsNamed} more" : "")}.";
    }
}

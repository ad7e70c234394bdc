using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Families;

namespace MixedModels;

/// <summary>Whether responses are ones a family can have: the first that is not is named with its row.</summary>
internal static class ResponseSupport
{
    /// <summary>Refuses responses outside the family's support.</summary>
    /// <exception cref="DataException">One is, or all are of the kind that leaves nothing to estimate.</exception>
    public static void Require(ModelDesign design, Family family)
    {
        var response = design.Response.Span;
        var trials = design.Trials.Span;
        var (all, none) = (true, true);
        for (var i = 0; i < response.Length; i++)
        {
            var row = new Observation(response[i], trials.IsEmpty ? 1 : trials[i], 1);
            if (family.Objection(row) is { } objection)
            {
                throw new DataException(
                    $"The response {design.ResponseName} is {NumberName.Of(response[i])}{(family.HasTrials ? $" of {NumberName.Of(row.Trials)}" : "")} in row {design.Rows.Span[i] + 1}: "
                    + $"{objection} in the family {family.Name}. Correct the row, leave it out by making it missing, or choose another family.");
            }

            none &= response[i] == 0;
            all &= family.HasTrials && response[i] == row.Trials;
        }

        if (family.IsDiscrete && none)
            throw new DataException($"The response {design.ResponseName} is 0 in all {response.Length} rows used; the estimates would run to minus infinity. A model needs a response that varies.");
        if (all)
            throw new DataException($"The response {design.ResponseName} has no failure in all {response.Length} rows used; the estimates would run to infinity. A model needs a response that varies.");
    }
}

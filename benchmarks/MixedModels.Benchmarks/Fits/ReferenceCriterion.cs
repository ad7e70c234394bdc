using System.Text.Json;

namespace MixedModels.Benchmarks.Fits;

/// <summary>The criterion of a published fit, from validation/linear/reference.json.</summary>
internal static class ReferenceCriterion
{
    /// <summary>The reference's optima are good to 1e-6 in the log-likelihood, so to twice that in the criterion; as much again for ours.</summary>
    public const double Tolerance = 4e-6;

    /// <summary>The reference's REML criterion or deviance.</summary>
    /// <exception cref="InvalidOperationException">There is no reference of that name.</exception>
    public static double Of(string id)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryFolder.Path, "validation", "linear", "reference.json")));
        foreach (var fit in json.RootElement.GetProperty("fits").EnumerateArray())
        {
            if (fit.GetProperty("id").GetString() == id) return fit.GetProperty("criterionValue").GetDouble();
        }

        throw new InvalidOperationException($"validation/linear/reference.json has no fit '{id}'.");
    }
}

using MixedModels.Covariance.Residual;
using MixedModels.Design;

namespace MixedModels.Inference.Comparison;

/// <summary>Whether the residuals' covariance of one model is a special case of that of another, as far as names show it.</summary>
/// <param name="IsShown">Whether it was shown.</param>
/// <param name="AddsNugget">Whether the larger has a nugget that the smaller has not: its value there, 0, is on the boundary.</param>
internal sealed record ResidualNesting(bool IsShown, bool AddsNugget)
{
    /// <summary>The structures that a structure over visits is directly a special case of.</summary>
    private static readonly Dictionary<string, string[]> within = new(StringComparer.Ordinal)
    {
        ["independent"] = ["cs", "ar1", "toep", "ad", "arma", "corus"],
        ["cs"] = ["toep", "corus", "csh"],
        ["ar1"] = ["arma", "toep", "ad", "ar1h"],
        ["arma"] = ["toep"],
        ["toep"] = ["corus", "toeph"],
        ["ad"] = ["corus", "adh"],
        ["csh"] = ["toeph"],
        ["ar1h"] = ["toeph", "adh"],
        ["toeph"] = ["us"],
        ["adh"] = ["us"],
        ["corus"] = ["us"],
        ["rw"] = ["us"],
    };

    /// <summary>Compares two designs over the same rows.</summary>
    public static ResidualNesting Of(ModelDesign small, ModelDesign large)
    {
        var (first, other) = (small.Residual, large.Residual);
        if (!FunctionsHold(small, large)) return new(false, false);
        if (first is null) return new(other is null || Reaches("independent", other.Clause.Structure), false);
        if (other is null || !SameLevels(first.SubjectOfRow, other.SubjectOfRow) || !Refines(other.GroupOfRow, first.GroupOfRow)) return new(false, false);
        var (name, host) = (first.Clause.Structure, other.Clause.Structure);
        if (!SameSites(first, other)) return new(false, false);
        if (!first.Clause.HasCoordinates) return new(Reaches(name, host) && (name != "arma" || host != "arma" || OrdersHold(first, other)), false);
        if (name == host && (!first.Clause.Truth("nugget") || other.Clause.Truth("nugget"))) return new(true, other.Clause.Truth("nugget") && !first.Clause.Truth("nugget"));

        // Distances say no more than visits do where every place is a visit.
        return new(host is "us" or "corus" && !first.Clause.Truth("nugget"), false);
    }

    /// <summary>Whether one structure is another or leads to it; a heterogeneous one holds what its homogeneous one holds.</summary>
    private static bool Reaches(string name, string host) =>
        name == host || (within.TryGetValue(name, out var direct) && direct.Any(next => Reaches(next, host)));

    private static bool OrdersHold(ResidualDesign first, ResidualDesign other) =>
        first.Clause.Whole("p", 1, 0) <= other.Clause.Whole("p", 1, 0) && first.Clause.Whole("q", 0, 0) <= other.Clause.Whole("q", 0, 0);

    /// <summary>Every function of the smaller stands in the larger, perhaps with fewer parameters held.</summary>
    private static bool FunctionsHold(ModelDesign small, ModelDesign large) => small.Variance.All(own => large.Variance.Any(host =>
        own.Term.Function == host.Term.Function
        && own.Covariate.Span.SequenceEqual(host.Covariate.Span)
        && own.Term.IsFitted == host.Term.IsFitted
        && Refines(host.StratumOfRow, own.StratumOfRow)
        && host.Term.Held.All(held => own.Term.Held.TryGetValue(held.Key, out var value) && value == held.Value)));

    private static bool SameSites(ResidualDesign first, ResidualDesign other) => first.SiteOfRow.AsSpan().SequenceEqual(other.SiteOfRow);

    private static bool SameLevels(int[] first, int[] other) => Refines(first, other) && Refines(other, first);

    /// <summary>Whether rows of one fine level are always of one coarse level.</summary>
    private static bool Refines(int[] fine, int[] coarse)
    {
        var image = new Dictionary<int, int>();
        for (var r = 0; r < fine.Length; r++)
        {
            if (!image.TryAdd(fine[r], coarse[r]) && image[fine[r]] != coarse[r]) return false;
        }

        return true;
    }
}

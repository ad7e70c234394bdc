using MixedModels.Covariance.Residual;
using MixedModels.Design;
using MixedModels.Estimation.Marginal;

namespace MixedModels;

/// <summary>Puts names to the residuals' parameters.</summary>
internal static class ResidualEstimates
{
    /// <summary>The most visits whose correlations are shown.</summary>
    private const int MostVisits = 30;

    /// <summary>The estimate, by name.</summary>
    public static ResidualEstimate Of(ModelDesign design, MarginalEstimate marginal, double sigma)
    {
        var variance = Variance(design, marginal);
        if (design.Residual is not { } residual)
            return new() { Structure = "independent", Words = "independent", Variance = variance };
        var structure = marginal.Residual.Structure!;
        var isHeterogeneous = ResidualCatalogue.IsHeterogeneous(residual.Clause.Structure);
        var groups = residual.GroupNames;
        return new()
        {
            Structure = residual.Clause.Structure,
            Words = structure.Words + (isHeterogeneous ? "; a standard deviation for each visit" : ""),
            Parameters = structure.Name == "us" || structure.Name == "corus"
                ? []
                : [.. groups.SelectMany((group, g) => marginal.StructureParameters(g).Select(entry => new NamedParameter(Named(entry.Name, group), entry.Value)))],
            Variance = variance,
            Groups = (isHeterogeneous || structure.Name is "us" or "corus") && structure.Sites.Count <= MostVisits
                ? [.. groups.Select((group, g) => Visits(group, structure.Sites.Names, marginal.SiteCovariance(g), sigma))]
                : groups.Count > 1 ? [.. groups.Select((group, g) => Visits(group, [structure.Sites.Names[0]], [marginal.SiteCovariance(g)[0]], sigma))] : [],
        };
    }

    private static ResidualVisits Visits(string group, IReadOnlyList<string> names, double[] R, double sigma)
    {
        var v = names.Count;
        var correlations = new double[v * v];
        double[] deviations = [.. Enumerable.Range(0, v).Select(i => sigma * Math.Sqrt(R[i * (v + 1)]))];
        for (var j = 0; j < v; j++)
        {
            for (var i = 0; i < v; i++) correlations[i + (j * v)] = i == j ? 1 : sigma * sigma * R[i + (j * v)] / (deviations[i] * deviations[j]);
        }

        return new(group, names, deviations, new(v, v, correlations));
    }

    private static List<NamedParameter> Variance(ModelDesign design, MarginalEstimate marginal)
    {
        var (named, builtIn) = (new List<NamedParameter>(), marginal.Residual.BuiltInScales);
        foreach (var (term, stratum, parameter, _, value) in marginal.ScaleParameters())
        {
            if (term < builtIn || term - builtIn >= design.Variance.Count - design.DispersionColumns.Count) continue;
            var (written, function) = (design.Variance[term - builtIn], marginal.Residual.Scales[term].Function);
            named.Add(new(Named(function.ParameterNames[parameter], written.Strata[stratum]), value));
        }

        return named;
    }

    private static string Named(string name, string stratum) => stratum.Length == 0 ? name : $"{name}[{stratum}]";
}

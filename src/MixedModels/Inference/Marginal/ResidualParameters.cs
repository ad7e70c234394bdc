using MixedModels.Covariance.Residual;
using MixedModels.Design;
using MixedModels.Estimation.Marginal;
using MixedModels.Numerics;

namespace MixedModels.Inference.Marginal;

/// <summary>
/// The parameters of the residuals' covariance by name: of each group standard deviations of visits, correlations or the structure's own parameters,
/// then those of the variance functions. sigma, the standard deviation of the first visit of the first group where the functions are 1, stands apart.
/// </summary>
internal sealed class ResidualParameters
{
    private readonly ModelDesign design;
    private readonly ResidualData data;
    private readonly ResidualScale scale;
    private readonly int own;

    public ResidualParameters(ModelDesign design, ResidualData data)
    {
        (this.design, this.data, own) = (design, data, data.Structure?.ParameterCount ?? 0);
        scale = new(data.Scales, design.Observations);
        All = [.. OfStructure(), .. OfFunctions()];
        Sigma = new("sigma", ParameterRange.Positive, (phi, tau) => (tau - scale.Reference(Scales(phi))).Exp());
    }

    /// <summary>All but sigma.</summary>
    public IReadOnlyList<ResidualParameter> All { get; }

    /// <summary>The reported sigma, in the unit of the engine's.</summary>
    public ResidualParameter Sigma { get; }

    private int ScaleStart => data.GroupCount * own;

    private Jet[] Scales(Jet[] phi) => phi[ScaleStart..];

    private IEnumerable<ResidualParameter> OfStructure()
    {
        if (data.Structure is not { } structure) yield break;
        var names = design.Residual!;
        var hasVisits = structure.Name == "us" || ResidualCatalogue.IsHeterogeneous(names.Clause.Structure);
        for (var g = 0; g < data.GroupCount; g++)
        {
            var (group, bracket) = (g, names.GroupNames[g].Length == 0 ? "residual" : $"residual:{names.GroupNames[g]}");
            for (var s = g == 0 ? 1 : 0; s < (hasVisits ? structure.Sites.Count : 1); s++)
            {
                var site = s;
                var name = hasVisits ? structure.Sites.Names[s] : names.Clause.Structure;
                yield return new($"sd[{bracket}].{name}", ParameterRange.Positive, (phi, tau) => Deviation(phi, tau, group, site));
            }

            foreach (var parameter in structure.Name is "us" or "corus" ? Correlations(structure, group, bracket) : Natural(structure, group, bracket)) yield return parameter;
        }
    }

    private IEnumerable<ResidualParameter> Correlations(ResidualStructure structure, int group, string bracket)
    {
        var names = structure.Sites.Names;
        for (var i = 0; i < names.Count; i++)
        {
            for (var j = i + 1; j < names.Count; j++)
            {
                var (first, second) = (i, j);
                yield return new($"cor[{bracket}].{names[i]}.{names[j]}", ParameterRange.Correlation, (phi, _) => Correlation(structure.Evaluate(Own(phi, group)), first, second).Among(Places(group), phi.Length + 1));
            }
        }
    }

    private IEnumerable<ResidualParameter> Natural(ResidualStructure structure, int group, string bracket)
    {
        var natural = structure.Natural(Array.ConvertAll(new double[own], Jet.Constant));
        for (var k = 0; k < natural.Count; k++)
        {
            var index = k;
            var (lower, upper) = structure.Bounds(k);
            yield return new($"{natural[k].Name}[{bracket}].{structure.Name}", new(lower, upper), (phi, _) => structure.Natural(Own(phi, group))[index].Value.Among(Places(group), phi.Length + 1));
        }
    }

    private IEnumerable<ResidualParameter> OfFunctions()
    {
        var functions = design.Variance.Select(variance => variance.Term.Function).ToList();
        foreach (var (term, stratum, parameter, isHeld, _) in scale.Natural(Array.ConvertAll(new double[scale.ParameterCount], Jet.Constant)))
        {
            if (term < data.BuiltInScales || isHeld) continue;
            var (written, function) = (design.Variance[term - data.BuiltInScales], data.Scales[term].Function);
            var bracket = functions.Count(name => name == written.Term.Function) > 1 ? written.Term.Text : "variance";
            var name = function.ParameterNames[parameter];
            var suffix = written.Strata[stratum].Length == 0 ? "" : $".{written.Strata[stratum]}";
            var isPositive = name is "ident" or "const";
            yield return new(
                $"{name}[{bracket}]{suffix}",
                isPositive ? ParameterRange.Positive : ParameterRange.Any,
                (phi, _) => scale.Natural(Scales(phi)).First(entry => (entry.Term, entry.Stratum, entry.Parameter) == (term, stratum, parameter)).Value);
        }
    }

    /// <summary>sigma times the scales of a group and a site, times the root of the structure's variance there.</summary>
    private Jet Deviation(Jet[] phi, Jet tau, int group, int site)
    {
        var (structure, sites) = (data.Structure!, data.Structure!.Sites.Count);
        var log = tau - scale.Reference(Scales(phi));
        foreach (var (term, stratum, _, isHeld, value) in scale.Natural(Scales(phi)))
        {
            if (term >= data.BuiltInScales || isHeld) continue;
            var isOfGroups = term == 0 && data.GroupCount > 1;
            if (stratum == (isOfGroups ? group : (group * sites) + site)) log += value.Log();
        }

        if (!structure.IsCorrelation) log += 0.5 * structure.Evaluate(Own(phi, group))[Jet.Pair(site, site)].Among(Places(group), phi.Length + 1).Log();
        return log.Exp();
    }

    private static Jet Correlation(Jet[] R, int first, int second) =>
        R[Jet.Pair(second, first)] / (R[Jet.Pair(first, first)] * R[Jet.Pair(second, second)]).Sqrt();

    /// <summary>A group's parameters as variables of their own, as structures want them; numbers where phi are numbers.</summary>
    private Jet[] Own(Jet[] phi, int group)
    {
        var slice = phi.AsSpan(group * own, own).ToArray();
        double[] values = [.. slice.Select(jet => jet.Value)];
        return slice.Length > 0 && slice[0].First.Length > 0 ? Jet.Variables(values) : Array.ConvertAll(values, Jet.Constant);
    }

    /// <summary>Where a group's parameters stand among (phi, tau).</summary>
    private int[] Places(int group) => [.. Enumerable.Range(group * own, own)];
}

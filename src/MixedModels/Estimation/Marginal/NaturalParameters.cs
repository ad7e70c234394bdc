using MixedModels.Covariance;
using MixedModels.Numerics;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// The variance parameters as SAS writes them: variances and covariances of random effects, variances by group and visit, covariances of <c>us</c>,
/// <c>cs</c> and <c>toep</c>, correlations and ranges of the other structures, powers and rates.
/// </summary>
internal static class NaturalParameters
{
    /// <summary>The parameters as functions of (log sigma², psi), those of psi that do not move V left out.</summary>
    /// <param name="deviance">The deviance.</param>
    /// <param name="psi">Its parameters.</param>
    /// <param name="active">The places in psi of the parameters that move V.</param>
    /// <returns>active + 1 numbers with derivatives in as many.</returns>
    public static Jet[] Of(MarginalDeviance deviance, double[] psi, int[] active)
    {
        var x = Enumerable.Range(0, active.Length + 1).Select(i => i == 0 ? 0 : psi[active[i - 1]]).ToArray();
        var variables = Jet.Variables(x);
        var all = new Jet[psi.Length];
        for (var k = 0; k < psi.Length; k++)
        {
            var place = Array.IndexOf(active, k);
            all[k] = place < 0 ? psi[k] : variables[place + 1];
        }

        var inside = variables[0].Exp();
        var residual = deviance.Residual;
        var phi = all[deviance.Layout.Count..];
        var sigma2 = inside * (-2 * residual.Scale.Reference(phi[residual.ScaleStart..])).Exp();
        var natural = new List<Jet> { sigma2 };
        for (var t = 0; t < deviance.Layout.TermCount; t++)
        {
            var start = deviance.Layout.Start(t);
            var own = deviance.Layout.Slice(psi, t).ToArray();
            natural.AddRange(OfTerm(deviance.Layout.Structure(t), own, [.. own.Select((_, k) => Array.IndexOf(active, start + k))], inside, active.Length + 1));
        }

        AddResidual(residual, phi, sigma2, natural);

        // A parameter of R that moves nothing has no natural one beside it; then all are taken as they are.
        return natural.Count == variables.Length ? [.. natural] : variables;
    }

    /// <summary>
    /// Covariances of a term where its entries are as many as its parameters; for other structures variances, then correlations and ranges, or covariances
    /// where these are SAS's (CS, TOEP), or loadings (FA0); parameters as they are where one of them moves nothing.
    /// </summary>
    private static IEnumerable<Jet> OfTerm(CovarianceStructure structure, double[] own, int[] places, Jet sigma2, int count)
    {
        if (structure.LinearEntries.Count == 0 && Array.TrueForAll(places, place => place >= 0)) return OfStructure(structure, own, places, sigma2, count);
        if (structure.LinearEntries.Count == own.Length && Array.TrueForAll(places, place => place >= 0))
            return structure.LinearEntries.Select(entry => sigma2 * Entry(structure, own, places, entry, count));
        return places.Where(place => place >= 0).Select(place => Jet.Variables(new double[count])[place + 1]);
    }

    private static IEnumerable<Jet> OfStructure(CovarianceStructure structure, double[] own, int[] places, Jet sigma2, int count)
    {
        int[] moved = [.. places.Select(place => place + 1)];
        Jet[] theta = [.. Jet.Variables(own).Select(parameter => parameter.Among(moved, count))];
        var scales = Enumerable.Range(0, own.Length).Count(k => structure.ScaleDegree(k) > 0);
        for (var k = 0; k < own.Length; k++)
        {
            if (structure is ReducedRank) yield return sigma2.Sqrt() * theta[k];
            else if (k < scales) yield return sigma2 * theta[k].Power((int)(2 / structure.ScaleDegree(k)));
            else if (structure.Name is "homcs" or "homtoep") yield return sigma2 * theta[0] * theta[0] * structure.Natural(k - scales, own).Among(moved, count);
            else yield return structure.Natural(k - scales, own).Among(moved, count);
        }
    }

    private static Jet Entry(CovarianceStructure structure, double[] own, int[] places, (int Row, int Column) entry, int count)
    {
        var p = structure.Dimension;
        var place = entry.Row + (entry.Column * p);
        var G = RelativeCovariance.Of(structure, own);
        var (first, second, dG, unit) = (new double[count], new double[count * (count + 1) / 2], new double[p * p], new double[p * p]);
        unit[place] += 0.5;
        unit[entry.Column + (entry.Row * p)] += 0.5;
        for (var k = 0; k < own.Length; k++)
        {
            structure.Derivative(k, own, dG);
            first[places[k] + 1] = dG[place];
            for (var l = 0; l <= k; l++)
                second[Jet.Pair(Math.Max(places[k], places[l]) + 1, Math.Min(places[k], places[l]) + 1)] = structure.SecondDerivative(k, l, own, unit);
        }

        return Jet.Of(G[place], first, second);
    }

    private static void AddResidual(ResidualModel residual, Jet[] phi, Jet sigma2, List<Jet> natural)
    {
        var builtIn = residual.Data.BuiltInScales;
        var scales = residual.Scale.Natural(phi[residual.ScaleStart..]).ToArray();
        Jet GroupVariance(int group) => residual.Data.GroupCount == 1
            ? sigma2
            : sigma2 * scales.First(entry => entry.Term == 0 && entry.Stratum == group).Value.Power(2);
        for (var group = 0; residual.OwnCount > 0 && group < residual.Data.GroupCount; group++)
        {
            var structure = residual.Data.Structure!;
            var isCovariance = structure.Name == "us" || (structure.Name is "cs" or "toep" && builtIn == (residual.Data.GroupCount > 1 ? 1 : 0));
            var own = phi.AsSpan(group * residual.OwnCount, residual.OwnCount).ToArray();
            var places = Array.ConvertAll(own, parameter => Array.IndexOf(parameter.First, 1.0));
            if (Array.Exists(places, place => place < 0)) return;
            foreach (var (_, value) in structure.Natural(Jet.Variables(Array.ConvertAll(own, parameter => parameter.Value))))
                natural.Add(isCovariance ? GroupVariance(group) * value.Among(places, sigma2.First.Length) : value.Among(places, sigma2.First.Length));
        }

        var sites = residual.Data.Structure?.Sites.Count ?? 1;
        foreach (var (term, stratum, _, isHeld, value) in scales)
        {
            if (isHeld) continue;
            var isOfGroups = term == 0 && residual.Data.GroupCount > 1;
            natural.Add(term >= builtIn ? value : isOfGroups ? GroupVariance(stratum) : GroupVariance(stratum / sites) * value.Power(2));
        }
    }
}

using MixedModels.Covariance.Residual;
using MixedModels.Covariance.Variance;
using MixedModels.Design;

namespace MixedModels.Estimation.Marginal;

/// <summary>A variance function over the rows. Immutable.</summary>
/// <param name="Function">The function.</param>
/// <param name="Covariate">n values; empty where it has none.</param>
/// <param name="StratumOfRow">n strata.</param>
/// <param name="StratumCount">How many.</param>
/// <param name="Held">A stratum: a parameter: the free value it is held at, NaN where it is estimated.</param>
/// <param name="IsFitted">Whether the covariate is the fitted values.</param>
internal sealed record ScaleTerm(
    VarianceFunction Function, ReadOnlyMemory<double> Covariate, int[] StratumOfRow, int StratumCount, double[][] Held, bool IsFitted);

/// <summary>The residuals' covariance as numbers: who is whose subject, where each row stands, what multiplies its standard deviation. Immutable.</summary>
/// <param name="Structure">The correlation over the sites; null for independent residuals.</param>
/// <param name="SubjectCount">The number of subjects.</param>
/// <param name="SubjectOfRow">n subjects.</param>
/// <param name="GroupCount">Groups with parameters of their own.</param>
/// <param name="GroupOfRow">n groups.</param>
/// <param name="SiteOfRow">n sites.</param>
/// <param name="Scales">What multiplies standard deviations: groups, sites of a heterogeneous structure, then the variance functions.</param>
/// <param name="BuiltInScales">How many of <paramref name="Scales"/> belong to the structure.</param>
internal sealed record ResidualData(
    ResidualStructure? Structure,
    int SubjectCount,
    int[] SubjectOfRow,
    int GroupCount,
    int[] GroupOfRow,
    int[] SiteOfRow,
    IReadOnlyList<ScaleTerm> Scales,
    int BuiltInScales)
{
    /// <summary>Whether every site has a standard deviation of its own beside the correlation.</summary>
    public bool IsHeterogeneous => BuiltInScales > (GroupCount > 1 ? 1 : 0);

    /// <summary>The numbers of a design; null where its residuals are independent with one variance.</summary>
    public static ResidualData? From(ModelDesign design)
    {
        var (residual, n) = (design.Residual, design.Observations);
        if (residual is null && design.Variance.Count == 0) return null;
        var functions = design.Variance.Select(variance => ScaleOf(variance, n));
        if (residual is null)
        {
            var own = Enumerable.Range(0, n).ToArray();
            return new(null, n, own, 1, new int[n], new int[n], [.. functions], 0);
        }

        var clause = residual.Clause;
        var options = new ResidualOptions(clause.Whole("p", 1, 0), clause.Whole("q", 0, 0), clause.Truth("nugget"));
        var structure = ResidualCatalogue.Create(clause.Structure, new(residual.Coordinates, residual.SiteNames), options);
        ScaleTerm[] builtIn = [.. BuiltIn(residual, ResidualCatalogue.IsHeterogeneous(clause.Structure))];
        return new(
            structure, residual.SubjectNames.Count, residual.SubjectOfRow, residual.GroupNames.Count, residual.GroupOfRow, residual.SiteOfRow,
            [.. builtIn, .. functions], builtIn.Length);
    }

    /// <summary>Independent residuals of one variance, n of them.</summary>
    public static ResidualData Independent(int n) => new(null, n, [.. Enumerable.Range(0, n)], 1, new int[n], new int[n], [], 0);

    /// <summary>The same with fitted values in their places.</summary>
    public ResidualData WithFitted(ReadOnlyMemory<double> fitted) =>
        this with { Scales = [.. Scales.Select(scale => scale.IsFitted ? scale with { Covariate = fitted } : scale)] };

    // A group's standard deviation at its first site stands against the first group's; a site's against the first site's of its group.
    private static IEnumerable<ScaleTerm> BuiltIn(ResidualDesign residual, bool isHeterogeneous)
    {
        var groups = residual.GroupNames.Count;
        if (groups > 1) yield return Ident(residual.GroupOfRow, groups, stratum => stratum == 0);
        if (!isHeterogeneous) yield break;
        var sites = residual.SiteNames.Count;
        int[] strata = [.. residual.GroupOfRow.Select((group, row) => (group * sites) + residual.SiteOfRow[row])];
        yield return Ident(strata, groups * sites, stratum => stratum % sites == 0);
    }

    private static ScaleTerm Ident(int[] strata, int count, Func<int, bool> isReference) => new(
        new IdentFunction(), default, strata, count, [.. Enumerable.Range(0, count).Select(stratum => new[] { isReference(stratum) ? 0 : double.NaN })], IsFitted: false);

    private static ScaleTerm ScaleOf(VarianceDesign variance, int n)
    {
        var term = variance.Term;
        if (term.Function == "ident") return Ident(variance.StratumOfRow, variance.Strata.Count, stratum => stratum == 0);
        var values = term.IsFitted ? new double[n] : variance.Covariate;
        var function = VarianceCatalogue.Create(term.Function, values.Span);
        double[] held = [.. function.ParameterNames.Select((name, k) => term.Held.TryGetValue(name, out var value) ? function.Free(k, value) : double.NaN)];
        return new(function, values, variance.StratumOfRow, variance.Strata.Count, [.. Enumerable.Repeat(held, variance.Strata.Count)], term.IsFitted);
    }
}

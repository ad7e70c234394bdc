namespace MixedModels.Reporting.Tables;

/// <summary>Every parameter of a fit, a row each, named as confidence intervals name them.</summary>
internal static class ParameterTable
{
    /// <summary>Builds the table: fixed effects, then SDs and correlations of each random term, then the residual SD.</summary>
    public static ResultTable Create(FitFacts fit)
    {
        var rows = fit.Coefficients.Select(row => ("fixed", row)).ToList();
        foreach (var term in fit.RandomTerms)
            rows.AddRange(Parameters(term).Select(row => ("random", row)));
        if (fit.Sigma is { } sigma)
            rows.Add(("residual", Estimated("sigma", sigma)));
        rows.AddRange(fit.FamilyParameters.Select(parameter => ("family", Estimated(parameter.Name, parameter.Value))));
        var effects = FixedEffectsTable.ForPrograms([.. rows.Select(row => row.Item2)]);
        return new([new TextColumn("component", [.. rows.Select(row => row.Item1)]), .. effects.Columns]);
    }

    private static IEnumerable<Coefficient> Parameters(RandomTermEstimate term)
    {
        var names = term.ColumnNames;
        for (var effect = 0; effect < names.Count && !term.HasOneVariance; effect++)
            yield return Estimated($"sd[{term.Group}].{names[effect]}", term.StandardDeviations[effect]);
        if (term.HasOneVariance)
            yield return Estimated($"sd[{term.Group}].{term.Structure}", term.StandardDeviations[0]);
        foreach (var parameter in term.Parameters)
            yield return Estimated($"{parameter.Name}[{term.Group}].{term.Structure}", parameter.Value);
        if (!term.HasFreeCorrelations)
            yield break;
        for (var column = 0; column < names.Count; column++)
        {
            for (var row = column + 1; row < names.Count; row++)
                yield return Estimated($"cor[{term.Group}].{names[column]}.{names[row]}", term.Correlations[row, column]);
        }
    }

    private static Coefficient Estimated(string name, double estimate) => new(name, estimate, double.NaN, double.NaN);
}

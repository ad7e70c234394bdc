namespace MixedModels.Inference.SmallSample;

/// <summary>
/// <c>between-within</c>: the residual degrees of freedom n − p in two parts, subjects less the columns that are constant within each, and
/// the rest. A term that changes within some subject has the second, any other, and the intercept, the first.
/// </summary>
/// <remarks>Source: Schluchter and Elashoff 1990, J. Stat. Comput. Simul. 37, section 4; SAS PROC MIXED, <c>ddfm=betwithin</c>.</remarks>
internal sealed class BetweenWithinMethod : TermwiseMethod
{
    private readonly double between;
    private readonly double within;
    private readonly HashSet<int> withinTerms = [];

    public BetweenWithinMethod(IFittedEffects fit)
        : base(fit)
    {
        var design = fit.Design;
        string[] groups = [.. design.RandomTerms.Select(term => term.Group).Distinct(StringComparer.Ordinal)];
        var residual = design.RandomTerms.Count == 0 ? design.Residual : null;
        if (groups.Length != 1 && residual is not { SubjectNames.Count: > 1 })
        {
            throw new InferenceException(
                $"Between-within degrees of freedom need subjects, the levels of one grouping factor; this model has {(groups.Length == 0 ? "no random term" : string.Join(" and ", groups))}. "
                + "Use containment or Satterthwaite's degrees of freedom.");
        }

        var (levelOfRow, levels) = residual is null
            ? (design.RandomTerms[0].LevelOfRow, design.RandomTerms[0].Levels.Count) : (residual.SubjectOfRow, residual.SubjectNames.Count);
        var p = design.Fixed.ColumnNames.Count;
        var constant = 0;
        for (var j = 0; j < p; j++)
        {
            if (ChangesWithin(design.Fixed.X.Span.Slice(j * design.Observations, design.Observations), levelOfRow.Span, levels))
                withinTerms.Add(design.Fixed.Assign[j]);
            else
                constant++;
        }

        between = levels - constant;
        within = design.Observations - levels - (p - constant);
    }

    /// <inheritdoc/>
    protected override double OfTerm(int term) => withinTerms.Contains(term) ? within : between;

    private static bool ChangesWithin(ReadOnlySpan<double> column, ReadOnlySpan<int> levelOfRow, int levels)
    {
        var first = new double[levels];
        Array.Fill(first, double.NaN);
        for (var r = 0; r < column.Length; r++)
        {
            ref var value = ref first[levelOfRow[r]];
            if (double.IsNaN(value)) value = column[r];
            else if (value != column[r]) return true;
        }

        return false;
    }
}

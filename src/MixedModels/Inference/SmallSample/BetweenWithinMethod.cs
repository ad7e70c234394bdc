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
        if (groups.Length != 1)
        {
            throw new InferenceException(
                $"Between-within degrees of freedom need subjects, the levels of one grouping factor; this model has {(groups.Length == 0 ? "no random term" : string.Join(" and ", groups))}. "
                + "Use containment or Satterthwaite's degrees of freedom.");
        }

        var subjects = design.RandomTerms[0];
        if (subjects.Memberships is not null)
        {
            throw new InferenceException(
                $"Between-within degrees of freedom need each row in one subject, and rows belong to several levels of '{subjects.Group}'. Use Satterthwaite's degrees of freedom.");
        }

        var p = design.Fixed.ColumnNames.Count;
        var constant = 0;
        for (var j = 0; j < p; j++)
        {
            if (ChangesWithin(design.Fixed.X.Span.Slice(j * design.Observations, design.Observations), subjects.LevelOfRow.Span, subjects.Levels.Count))
                withinTerms.Add(design.Fixed.Assign[j]);
            else
                constant++;
        }

        between = subjects.Levels.Count - constant;
        within = design.Observations - subjects.Levels.Count - (p - constant);
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

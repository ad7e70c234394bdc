using MixedModels.Data;

namespace MixedModels.Diagnostics.Rules;

/// <summary>A fit with what several rules look at, each piece made when first asked for.</summary>
internal sealed class DiagnosticEvidence
{
    private readonly Lazy<double[]> studentized;
    private readonly Lazy<int[][]> orderedRows;
    private readonly Lazy<IReadOnlyList<double[]?>> innovations;
    private readonly Lazy<SimulatedResiduals> anew;
    private readonly Lazy<SimulatedResiduals> held;

    public DiagnosticEvidence(IInspectedFit fit, DiagnosisOptions options, CancellationToken cancellationToken)
    {
        (Fit, Options, CancellationToken) = (fit, options, cancellationToken);
        Order = FindOrder();
        studentized = new(Studentize);
        orderedRows = new(RowsInOrder);
        anew = new(() => Simulate(isConditional: false));
        held = new(() => Simulate(isConditional: true));
        innovations = new(() => Fit.Linear is { } linear && linear.HasLeverages() ? InfluenceAnalysis.Innovations(linear, orderedRows.Value) : []);
    }

    /// <summary>The fit.</summary>
    public IInspectedFit Fit { get; }

    /// <summary>What was asked for.</summary>
    public DiagnosisOptions Options { get; }

    /// <summary>Stops the work.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The covariate that orders the rows of a group; null where none changes within groups.</summary>
    public NumericColumn? Order { get; }

    /// <summary>n residuals over their own standard deviation, which leverage makes smaller; where leverages are not at hand, the standardised ones.</summary>
    public double[] Studentized => studentized.Value;

    /// <summary>Whitened residuals by group in the order of <see cref="Order"/>, null for a group too large; where they are not at hand, none.</summary>
    public IReadOnlyList<double[]?> Innovations => innovations.Value;

    /// <summary>The rows of each level of the term with the most levels, in the order of <see cref="Order"/>.</summary>
    public IReadOnlyList<int[]> OrderedRows => orderedRows.Value;

    /// <summary>The responses among simulated ones, random effects drawn anew or held at their modes.</summary>
    public SimulatedResiduals Simulated(bool isConditional) => isConditional ? held.Value : anew.Value;

    private SimulatedResiduals Simulate(bool isConditional) => SimulatedResiduals.Of(
        Fit, new SimulatedResidualOptions { Replicates = Options.Replicates, Seed = Options.Seed, IsConditional = isConditional }, CancellationToken);

    private double[] Studentize()
    {
        var residuals = Fit.StandardizedResiduals.ToArray();
        var leverages = Fit.Leverages().Span;
        if (leverages.IsEmpty) return residuals;

        // A row that fits itself has no residual to judge.
        for (var r = 0; r < residuals.Length; r++) residuals[r] = leverages[r] > 1 - 1e-8 ? 0 : residuals[r] / Math.Sqrt(1 - leverages[r]);
        return residuals;
    }

    private NumericColumn? FindOrder()
    {
        var columns = Fit.Design.Data.Columns;
        if (Options.Order is { } name)
        {
            return columns.FirstOrDefault(column => string.Equals(column.Name, name, StringComparison.Ordinal)) as NumericColumn
                ?? throw new InferenceException($"The model has no numeric column '{name}' to order rows by; a fit keeps only the columns its formula names.");
        }

        if (Fit.Design.RandomTerms.Count == 0) return null;
        var random = Fit.Design.RandomTerms.SelectMany(term => term.TermNames).ToHashSet(StringComparer.Ordinal);
        return columns.OfType<NumericColumn>()
            .Where(column => !string.Equals(column.Name, Fit.Design.ResponseName, StringComparison.Ordinal))
            .OrderByDescending(column => random.Contains(column.Name))
            .FirstOrDefault(OrdersRows);
    }

    /// <summary>Whether a column has a value of its own in nearly every row of a group.</summary>
    private bool OrdersRows(NumericColumn column)
    {
        var rows = Fit.Design.Rows.Span;
        var distinct = 0;
        foreach (var set in Sets())
        {
            var values = new HashSet<double>();
            foreach (var r in set) values.Add(column.Values.Span[rows[r]]);
            distinct += values.Count;
        }

        return distinct > 0.9 * rows.Length;
    }

    /// <summary>The rows of each level of the term with the most levels.</summary>
    private int[][] Sets()
    {
        // A level of several that a row has is no set of rows of its own.
        var terms = Fit.Design.RandomTerms.Where(term => term.Memberships is null).ToArray();
        if (terms.Length == 0) return [];
        var largest = terms.MaxBy(term => term.Levels.Count)!;
        return InfluenceAnalysis.RowsByLevel(largest.LevelOfRow.Span, largest.Levels.Count);
    }

    private int[][] RowsInOrder()
    {
        var rows = Fit.Design.Rows.ToArray();
        return Order is null ? Sets() : [.. Sets().Select(set => set.OrderBy(r => Order.Values.Span[rows[r]]).ToArray())];
    }
}

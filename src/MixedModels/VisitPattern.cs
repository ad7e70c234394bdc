using MixedModels.Data;
using MixedModels.Design;

namespace MixedModels;

/// <summary>Repeated measures as subjects × visits: who was seen when. Immutable and safe for concurrent reading.</summary>
public sealed class VisitPattern
{
    /// <summary>Above this many visits a table of them cannot be read.</summary>
    private const int MostVisits = 24;

    private readonly bool[] isSeen;

    private VisitPattern(string subject, string visit, IReadOnlyList<string> subjects, IReadOnlyList<string> visits, int[] subjectOfRow, int[] visitOfRow)
    {
        (Subject, Visit, Subjects, Visits, SubjectOfRow, VisitOfRow) = (subject, visit, subjects, visits, subjectOfRow, visitOfRow);
        isSeen = new bool[subjects.Count * visits.Count];
        for (var r = 0; r < subjectOfRow.Length; r++) isSeen[(subjectOfRow[r] * visits.Count) + visitOfRow[r]] = true;
    }

    /// <summary>What a subject is, such as <c>patient</c>.</summary>
    public string Subject { get; }

    /// <summary>The column that says which visit a row is.</summary>
    public string Visit { get; }

    /// <summary>The subjects that have a row in the fit.</summary>
    public IReadOnlyList<string> Subjects { get; }

    /// <summary>The visits in their order.</summary>
    public IReadOnlyList<string> Visits { get; }

    /// <summary>n zero-based subjects, of the rows used.</summary>
    public ReadOnlyMemory<int> SubjectOfRow { get; }

    /// <summary>n zero-based visits, of the rows used.</summary>
    public ReadOnlyMemory<int> VisitOfRow { get; }

    /// <summary>Whether a subject has a row at a visit.</summary>
    public bool IsSeen(int subject, int visit) => isSeen[(subject * Visits.Count) + visit];

    /// <summary>Whether a subject has no row after the first visit that is missing.</summary>
    public bool IsMonotone(int subject)
    {
        var visit = 0;
        while (visit < Visits.Count && IsSeen(subject, visit)) visit++;
        while (visit < Visits.Count && !IsSeen(subject, visit)) visit++;
        return visit == Visits.Count;
    }

    /// <summary>The pattern of a fit.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="visit">The column that says which visit a row is, a factor or numbers; null for that of the residual structure.</param>
    /// <returns>Null without a column where the fit has no residual structure over a few visits.</returns>
    /// <exception cref="InferenceException">The column is not one of the fit's, has more than 24 values, or there are no subjects.</exception>
    public static VisitPattern? Of(IMixedModelFit fit, string? visit = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var residual = fit.Design.Residual;
        if (visit is not null) return OfColumn(fit.Design, residual, visit);
        return residual is { Coordinates.Count: 1, SubjectNames.Count: > 1, Clause.Order.Count: 1 } && residual.SiteNames.Count is > 1 and <= MostVisits
            ? new(residual.SubjectLabel, residual.Clause.Order[0].Label, residual.SubjectNames, residual.SiteNames, residual.SubjectOfRow, residual.SiteOfRow)
            : null;
    }

    private static VisitPattern OfColumn(ModelDesign design, ResidualDesign? residual, string visit)
    {
        if (!design.Data.TryGetColumn(visit, out var column))
            throw new InferenceException($"The fit has no column '{visit}' to be the visits; it keeps those its formula uses: {string.Join(", ", design.Data.Columns.Select(own => own.Name))}.");
        var rows = design.Rows.ToArray();
        var keys = column is FactorColumn factor ? Array.ConvertAll(rows, row => (double)factor.Codes.Span[row]) : Array.ConvertAll(rows, row => ((NumericColumn)column).Values.Span[row]);
        double[] sites = [.. keys.Distinct().Order()];
        if (sites.Length > MostVisits) throw new InferenceException($"'{visit}' has {sites.Length} values; visits are at most {MostVisits}. Name a column that counts the visits.");
        string[] names = [.. sites.Select(site => column is FactorColumn own ? own.Levels[(int)site] : NumberName.Of(site))];
        var visits = Array.ConvertAll(keys, key => Array.BinarySearch(sites, key));
        if (residual is { SubjectNames.Count: > 1 }) return new(residual.SubjectLabel, visit, residual.SubjectNames, names, residual.SubjectOfRow, visits);
        var term = design.RandomTerms.Where(own => own.Memberships is null).MaxBy(own => own.Levels.Count)
            ?? throw new InferenceException("The fit has no random effects and no residual structure, so no subjects that visits are of.");
        return new(term.Group, visit, term.Levels, names, term.LevelOfRow.ToArray(), visits);
    }
}

using MixedModels.Data;
using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>
/// A residual covariance structure over the rows: which subject a row belongs to, and at which site (a visit, or a point in space or time) of
/// the sites that occur it stands. Immutable.
/// </summary>
internal sealed class ResidualDesign
{
    private readonly GroupRecipe? groups;
    private readonly GroupRecipe? subjects;
    private readonly IReadOnlyList<Variable> order;
    private int[] codeOfSite = [];

    private ResidualDesign(ResidualClause clause, Levels groups, Levels subjects, IReadOnlyList<Variable> order)
    {
        Clause = clause;
        (this.groups, this.subjects, this.order) = (groups.Recipe, subjects.Recipe, order);
        (GroupNames, GroupOfRow) = (groups.Names, groups.OfRow);
        (SubjectNames, SubjectOfRow) = (subjects.Names, subjects.OfRow);
    }

    /// <summary>The clause.</summary>
    public ResidualClause Clause { get; }

    /// <summary>The levels that have parameters of their own; one without a name where all share them.</summary>
    public IReadOnlyList<string> GroupNames { get; }

    /// <summary>n zero-based groups.</summary>
    public int[] GroupOfRow { get; }

    /// <summary>The subjects' names.</summary>
    public IReadOnlyList<string> SubjectNames { get; }

    /// <summary>n zero-based subjects.</summary>
    public int[] SubjectOfRow { get; }

    /// <summary>The subjects' factor, <c>a:b</c> for an interaction; <c>1</c> where all rows are one.</summary>
    public string SubjectLabel => Clause.Subjects.Count == 0 ? "1" : string.Join(':', Clause.Subjects.Select(factor => factor.Label));

    /// <summary>n zero-based sites.</summary>
    public int[] SiteOfRow { get; private set; } = [];

    /// <summary>A coordinate: the sites' values, ascending where there is one.</summary>
    public IReadOnlyList<double[]> Coordinates { get; private set; } = [];

    /// <summary>The sites' names.</summary>
    public IReadOnlyList<string> SiteNames { get; private set; } = [];

    /// <summary>Makes the design over the complete rows of a frame.</summary>
    /// <exception cref="DataException">A time is not whole, or a subject has two rows at one time.</exception>
    public static ResidualDesign Create(ModelFrame frame, ResidualClause clause, IReadOnlyList<GroupFactor> groups, IReadOnlyList<GroupFactor> subjects, IReadOnlyList<Variable> order)
    {
        var design = new ResidualDesign(clause, Levels.Of(groups, frame), Levels.Of(subjects, frame), order);
        if (order.Count == 0) design.UseFileOrder(frame.Count);
        else if (order is [FactorVariable factor]) design.UseFactor(factor, frame);
        else design.UseNumbers(frame);
        design.RequireDistinct(frame);
        return design;
    }

    /// <summary>Whether the places of new rows depend on which rows of their subject come before them.</summary>
    public bool IsFileOrder => order.Count == 0;

    /// <summary>Adds what the parts wanted are computed from.</summary>
    public void AddTo(ModelFrame frame, ResidualParts parts)
    {
        if (parts.HasFlag(ResidualParts.Groups)) groups?.AddTo(frame);
        if (parts.HasFlag(ResidualParts.Subjects) || (parts.HasFlag(ResidualParts.Places) && IsFileOrder)) subjects?.AddTo(frame);
        if (!parts.HasFlag(ResidualParts.Places)) return;
        foreach (var variable in order) frame.Add(variable);
    }

    /// <summary>Where the complete rows of another table stand; file order counts the rows of each subject in that table.</summary>
    /// <exception cref="DataException">A group is none of the design's, or a time is not whole.</exception>
    public NewResidualRows Replay(ModelFrame frame, ResidualParts parts, IReadOnlyList<NewVarianceRows> functions)
    {
        var wantsPlaces = parts.HasFlag(ResidualParts.Places);
        var subjectOfRow = parts.HasFlag(ResidualParts.Subjects) ? subjects?.LevelOfRow(frame) ?? new int[frame.Count] : [];
        var groupOfRow = parts.HasFlag(ResidualParts.Groups) ? groups?.KnownLevelOfRow(frame, "the residuals have parameters of their own for each level the model was fitted to") ?? new int[frame.Count] : [];
        double[][] coordinates = !wantsPlaces ? [] : IsFileOrder ? [Positions(frame)] : order is [FactorVariable factor] ? [Positions(frame.Codes(factor.Label))] : CoordinatesOf(frame);
        return new(subjectOfRow, groupOfRow, wantsPlaces ? SitesAt(coordinates) : [], coordinates, functions, frame.Rows, Name);

        string Name(int row) => order is [FactorVariable by]
            ? frame.LevelName(by.Label, by.Factor, row)
            : string.Join(", ", coordinates.Select(coordinate => NumberName.Of(coordinate[row])));
    }

    /// <summary>The rows the design was made from, as if they were new data.</summary>
    public NewResidualRows OwnRows(IReadOnlyList<NewVarianceRows> functions, ReadOnlyMemory<int> rows) =>
        new(SubjectOfRow, GroupOfRow, SiteOfRow, [.. Coordinates.Select(coordinate => Array.ConvertAll(SiteOfRow, site => coordinate[site]))], functions, rows, row => SiteNames[SiteOfRow[row]]);

    /// <summary>The positions 1, 2, … of the levels that are visits.</summary>
    private double[] Positions(int[] codes) => Array.ConvertAll(codes, code => Array.BinarySearch(codeOfSite, code) is var site and >= 0 ? site + 1 : double.NaN);

    /// <summary>The positions 1, 2, … of the rows of each subject in their table.</summary>
    private double[] Positions(ModelFrame frame) =>
        subjects is null ? [.. Enumerable.Range(1, frame.Count).Select(position => (double)position)] : subjects.PositionOfRow(frame);

    /// <summary>The sites at places; −1 where there is none. The sites stand in the order of their coordinates.</summary>
    private int[] SitesAt(double[][] places)
    {
        double[][] sites = [.. Coordinates];
        var found = new int[places[0].Length];
        for (var r = 0; r < found.Length; r++)
        {
            var (low, high) = (0, SiteNames.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (Compare(sites, middle, places, r) < 0) low = middle + 1;
                else high = middle;
            }

            found[r] = low < SiteNames.Count && Compare(sites, low, places, r) == 0 ? low : -1;
        }

        return found;
    }

    private void UseFileOrder(int n)
    {
        var next = new int[SubjectNames.Count];
        SiteOfRow = new int[n];
        for (var r = 0; r < n; r++) SiteOfRow[r] = next[SubjectOfRow[r]]++;
        var longest = next.Max();
        Coordinates = [[.. Enumerable.Range(1, longest).Select(position => (double)position)]];
        SiteNames = [.. Enumerable.Range(1, longest).Select(position => position.ToString(System.Globalization.CultureInfo.InvariantCulture))];
    }

    // Levels that no row has are no visits.
    private void UseFactor(FactorVariable variable, ModelFrame frame)
    {
        if (Clause.HasCoordinates)
        {
            throw Clause.Source.Error(
                Clause.Order[0].Expression.Position, $"The factor '{variable.Label}' as a coordinate", $"{Clause.Structure} goes by distances and needs numbers");
        }

        var codes = frame.Codes(variable.Label);
        codeOfSite = codes.Distinct().Order().ToArray();
        SiteOfRow = Array.ConvertAll(codes, code => Array.BinarySearch(codeOfSite, code));
        Coordinates = [[.. Enumerable.Range(1, codeOfSite.Length).Select(position => (double)position)]];
        SiteNames = [.. codeOfSite.Select(code => variable.Factor.Levels[code])];
    }

    private void UseNumbers(ModelFrame frame)
    {
        for (var c = 0; c < order.Count; c++)
        {
            if (order[c] is not NumericVariable { ColumnNames.Count: 1 })
                throw Clause.Source.Error(Clause.Order[c].Expression.Position, $"'{order[c].Label}' as a coordinate", "wanted one column of numbers");
        }

        var columns = CoordinatesOf(frame);
        var rows = Enumerable.Range(0, frame.Count).ToArray();
        Array.Sort(rows, (a, b) => Compare(columns, a, b));
        SiteOfRow = new int[frame.Count];
        var first = new List<int>();
        for (var i = 0; i < rows.Length; i++)
        {
            if (i == 0 || Compare(columns, rows[i - 1], rows[i]) != 0) first.Add(rows[i]);
            SiteOfRow[rows[i]] = first.Count - 1;
        }

        Coordinates = [.. columns.Select(column => first.Select(row => column[row]).ToArray())];
        SiteNames = [.. first.Select(row => string.Join(", ", columns.Select(column => NumberName.Of(column[row]))))];
    }

    /// <summary>The order variables' values; whole numbers where they are visits.</summary>
    private double[][] CoordinatesOf(ModelFrame frame)
    {
        double[][] columns = [.. order.Select(variable => frame.Numbers(variable.Label).ToArray())];
        if (!Clause.HasCoordinates) RequireWhole(columns[0], order[0], frame);
        return columns;
    }

    private static int Compare(double[][] columns, int a, int b) => Compare(columns, a, columns, b);

    private static int Compare(double[][] columns, int a, double[][] others, int b)
    {
        for (var c = 0; c < columns.Length; c++)
        {
            var difference = columns[c][a].CompareTo(others[c][b]);
            if (difference != 0) return difference;
        }

        return 0;
    }

    private void RequireWhole(double[] times, Variable variable, ModelFrame frame)
    {
        for (var r = 0; r < times.Length; r++)
        {
            if (times[r] == Math.Floor(times[r]) && Math.Abs(times[r]) < 1e9) continue;
            throw new DataException(
                $"{variable.Label} is {NumberName.Of(times[r])} in row {frame.Rows.Span[r] + 1}; {Clause.Structure} takes visits, that is whole numbers or a factor. "
                + $"For distances of any length use car1({variable.Label} | …) or sp_exp; for a visit a value, factor({variable.Label}).");
        }
    }

    private void RequireDistinct(ModelFrame frame)
    {
        if (Clause.HasCoordinates && Clause.Truth("nugget")) return;
        var seen = new Dictionary<(int, int), int>();
        for (var r = 0; r < SiteOfRow.Length; r++)
        {
            if (seen.TryAdd((SubjectOfRow[r], SiteOfRow[r]), r)) continue;
            var (subject, place) = (SubjectNames[SubjectOfRow[r]], $"{string.Join(" + ", Clause.Order.Select(variable => variable.Label))} = {SiteNames[SiteOfRow[r]]}");
            var advice = Clause.HasCoordinates ? "Give them distinct coordinates, or add nugget = TRUE." : "Correct the data, or name the subject more closely, as in | subject:part.";
            throw new DataException(
                $"Rows {frame.Rows.Span[seen[(SubjectOfRow[r], SiteOfRow[r])]] + 1} and {frame.Rows.Span[r] + 1} are of one subject{(subject.Length > 0 ? $" ({SubjectLabel} {subject})" : "")} "
                + $"at one time ({place}); {Clause.Text} needs one row a subject and time. {advice}");
        }
    }

    /// <summary>Levels by name and by row; one without a name where there are no factors.</summary>
    private sealed record Levels(IReadOnlyList<string> Names, int[] OfRow, GroupRecipe? Recipe)
    {
        public static Levels Of(IReadOnlyList<GroupFactor> factors, ModelFrame frame)
        {
            if (factors.Count == 0) return new([""], new int[frame.Count], null);
            var recipe = new GroupRecipe(factors, frame);
            return new(recipe.Levels, recipe.LearntLevelOfRow, recipe);
        }
    }
}

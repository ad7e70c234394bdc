using MixedModels.Data;
using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>
/// A residual covariance structure over the rows: which subject a row belongs to, and at which site (a visit, or a point in space or time) of
/// the sites that occur it stands. Immutable.
/// </summary>
internal sealed class ResidualDesign
{
    private ResidualDesign(ResidualClause clause, Levels groups, Levels subjects)
    {
        Clause = clause;
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
        var design = new ResidualDesign(clause, Levels.Of(groups, frame), Levels.Of(subjects, frame));
        if (order.Count == 0) design.UseFileOrder(frame.Count);
        else if (order is [FactorVariable factor]) design.UseFactor(factor, frame);
        else design.UseNumbers(order, frame);
        design.RequireDistinct(frame);
        return design;
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
        var present = codes.Distinct().Order().ToArray();
        SiteOfRow = Array.ConvertAll(codes, code => Array.BinarySearch(present, code));
        Coordinates = [[.. Enumerable.Range(1, present.Length).Select(position => (double)position)]];
        SiteNames = [.. present.Select(code => variable.Factor.Levels[code])];
    }

    private void UseNumbers(IReadOnlyList<Variable> order, ModelFrame frame)
    {
        var columns = new double[order.Count][];
        for (var c = 0; c < columns.Length; c++)
        {
            if (order[c] is not NumericVariable { ColumnNames.Count: 1 } numeric)
                throw Clause.Source.Error(Clause.Order[c].Expression.Position, $"'{order[c].Label}' as a coordinate", "wanted one column of numbers");
            columns[c] = frame.Numbers(numeric.Label).ToArray();
        }

        if (!Clause.HasCoordinates) RequireWhole(columns[0], order[0], frame);
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

    private static int Compare(double[][] columns, int a, int b)
    {
        foreach (var column in columns)
        {
            var order = column[a].CompareTo(column[b]);
            if (order != 0) return order;
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
    private sealed record Levels(IReadOnlyList<string> Names, int[] OfRow)
    {
        public static Levels Of(IReadOnlyList<GroupFactor> factors, ModelFrame frame)
        {
            if (factors.Count == 0) return new([""], new int[frame.Count]);
            var recipe = new GroupRecipe(factors, frame);
            return new(recipe.Levels, recipe.LearntLevelOfRow);
        }
    }
}

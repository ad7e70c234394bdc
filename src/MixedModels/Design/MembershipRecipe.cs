using MixedModels.Data;

namespace MixedModels.Design;

/// <summary>A multi-membership group bound to columns: their factors, and a weight for each or none. Immutable.</summary>
internal sealed record MembershipColumns(string Label, IReadOnlyList<GroupFactor> Groups, IReadOnlyList<NumericVariable> Weights)
{
    /// <summary>The columns of a table that are used, in which a value may be missing where another group is given.</summary>
    public IEnumerable<string> Sources => Groups.SelectMany(group => group.Sources).Concat(Weights.SelectMany(weight => weight.Sources));

    /// <summary>The codes and weights over all rows of a table.</summary>
    public MembershipValues Evaluate(TableColumns table) => new(
        [.. Groups.Select(group => group.Factor.Evaluate(table))], [.. Weights.Select(weight => weight.Evaluate(table))]);
}

/// <summary>The values of a multi-membership group over all rows of a table: a factor and a weight for each of its columns.</summary>
internal sealed record MembershipValues(FactorValues[] Groups, ReadOnlyMemory<double>[] Weights)
{
    /// <summary>Whether a row lacks every group, or the weight of one it has.</summary>
    public bool IsMissing(int row)
    {
        var isGiven = false;
        for (var g = 0; g < Groups.Length; g++)
        {
            if (Groups[g].Codes[row] < 0) continue;
            isGiven = true;
            if (Weights.Length > 0 && double.IsNaN(Weights[g].Span[row])) return true;
        }

        return !isGiven;
    }
}

/// <summary>
/// The levels of a multi-membership group: those that occur in any of its columns, a name being one level wherever it stands. Immutable.
/// </summary>
internal sealed class MembershipRecipe
{
    private readonly MembershipColumns columns;
    private readonly Dictionary<string, int> levelOfName = new(StringComparer.Ordinal);

    /// <summary>Learns the levels that occur in the complete rows. O(n k + q log q) for q levels in k columns.</summary>
    /// <exception cref="DataException">A weight is negative or not finite.</exception>
    public MembershipRecipe(MembershipColumns columns, ModelFrame frame)
    {
        this.columns = columns;
        var values = frame.Memberships(columns.Label);
        Levels = LevelOrder.OfNames(Enumerable.Range(0, values.Groups.Length).SelectMany(g => NamesIn(values, g, frame)).Distinct(StringComparer.Ordinal));
        for (var l = 0; l < Levels.Count; l++) levelOfName.Add(Levels[l], l);
        (Learnt, _) = Replay(frame);
    }

    /// <summary>The levels that occur.</summary>
    public IReadOnlyList<string> Levels { get; }

    /// <summary>The columns they stand in.</summary>
    public MembershipColumns Columns => columns;

    /// <summary>The memberships of the complete rows of the frame the levels were learnt from.</summary>
    public Memberships Learnt { get; }

    /// <summary>The memberships of the complete rows of a frame, and the levels among them that the design does not have.</summary>
    public (Memberships Memberships, IReadOnlyList<string> NewLevels) Replay(ModelFrame frame)
    {
        var values = frame.Memberships(columns.Label);
        var start = new int[frame.Count + 1];
        var (levels, weights) = (new List<int>(), new List<double>());
        var newLevels = new List<string>();
        var names = new List<string>();
        for (var i = 0; i < frame.Count; i++)
        {
            names.Clear();
            AddRow(values, frame.Rows.Span[i], names, weights);
            foreach (var name in names)
            {
                var level = levelOfName.GetValueOrDefault(name, -1);
                levels.Add(level);
                if (level < 0 && !newLevels.Contains(name, StringComparer.Ordinal)) newLevels.Add(name);
            }

            start[i + 1] = levels.Count;
        }

        return (new(start, [.. levels], [.. weights]), newLevels);
    }

    private IEnumerable<string> NamesIn(MembershipValues values, int g, ModelFrame frame)
    {
        var seen = new HashSet<int>();
        foreach (var row in frame.Rows.ToArray())
        {
            var code = values.Groups[g].Codes[row];
            if (code >= 0 && seen.Add(code)) yield return Name(values, g, code);
        }
    }

    /// <summary>Appends the names of a row's levels and their weights; without weights the k given share the row equally.</summary>
    private void AddRow(MembershipValues values, int row, List<string> names, List<double> weights)
    {
        var count = values.Groups.Count(group => group.Codes[row] >= 0);
        for (var g = 0; g < values.Groups.Length; g++)
        {
            var code = values.Groups[g].Codes[row];
            if (code < 0) continue;
            var weight = values.Weights.Length == 0 ? 1.0 / count : Weight(values, g, row);
            var name = Name(values, g, code);
            var known = names.IndexOf(name);
            if (known >= 0)
            {
                weights[weights.Count - names.Count + known] += weight;
                continue;
            }

            names.Add(name);
            weights.Add(weight);
        }
    }

    private double Weight(MembershipValues values, int g, int row)
    {
        var weight = values.Weights[g].Span[row];
        return weight >= 0 && double.IsFinite(weight)
            ? weight
            : throw new DataException(
                $"The weight {columns.Weights[g].Label} of {columns.Label} is {NumberName.Of(weight)} in row {row + 1}; "
                + "weights of memberships are finite and not negative. Correct it, or make the membership and its weight missing.");
    }

    private string Name(MembershipValues values, int g, int code)
    {
        var learnt = columns.Groups[g].Factor.Levels;
        return code < learnt.Count ? learnt[code] : values.Groups[g].NewLevels[code - learnt.Count];
    }
}

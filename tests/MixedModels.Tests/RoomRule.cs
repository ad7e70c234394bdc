using System.Text.RegularExpressions;

namespace MixedModels.Tests;

/// <summary>Which room may use which, read from the diagram of docs/decisions/0001-rooms.md, and which rooms a source file uses.</summary>
internal sealed partial class RoomRule
{
    /// <summary>The room of types that stand in no folder; it may use every room, and what it returns may be used everywhere.</summary>
    public const string Root = "";

    private const string Assembly = "MixedModels";

    /// <summary>Any room may use these two.</summary>
    private static readonly string[] everywhere = ["Execution", "Numerics"];

    private readonly Dictionary<string, HashSet<string>> allowed = new(StringComparer.Ordinal);
    private readonly Regex partlyQualified;

    /// <summary>Reads the rule.</summary>
    /// <param name="decision">The text of the decision; its first block of text holds lines <c>A, B ← C ← D</c>.</param>
    /// <param name="types">The library's types, by room.</param>
    public RoomRule(string decision, ILookup<string, string> types)
    {
        foreach (var line in Diagram().Match(decision).Groups["lines"].Value.Split('\n', ';'))
        {
            var links = line.Split('←').Select(link => link.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToArray();
            for (var i = 0; i < links.Length; i++)
            {
                foreach (var room in links[i]) Allow(room, i == 0 ? [] : links[i - 1]);
            }
        }

        var names = types.Where(room => room.Key != Root).Select(room => $@"{room.Key}\.(?:{string.Join('|', room.Distinct(StringComparer.Ordinal))})");
        partlyQualified = new($@"(?<![.\w])({string.Join('|', names)})\b", RegexOptions.None, TimeSpan.FromSeconds(10));
    }

    /// <summary>The rooms the diagram names.</summary>
    public IReadOnlyCollection<string> Rooms => allowed.Keys;

    /// <summary>The library's types that a source could name, by room.</summary>
    public static ILookup<string, string> TypesOfTheLibrary() =>
        typeof(LinearMixedModel).Assembly.GetTypes()
            .Where(type => !type.IsNested && (type.Namespace ?? "").StartsWith(Assembly, StringComparison.Ordinal) && IsWord().IsMatch(type.Name))
            .ToLookup(type => RoomOf(type.Namespace!), type => type.Name, StringComparer.Ordinal);

    /// <summary>The room of a namespace: its second part.</summary>
    public static string RoomOf(string space) => space.Split('.') is [_, var room, ..] ? room : Root;

    /// <summary>Whether a room may use another.</summary>
    public bool Allows(string room, string used) =>
        room == Root || room == used || used == Root || everywhere.Contains(used, StringComparer.Ordinal)
        || (allowed.TryGetValue(room, out var rooms) && rooms.Contains(used));

    /// <summary>The rooms a source uses: by a using, by a full name, or by a name that starts with the room (<c>Data.DataTable</c>).</summary>
    public IReadOnlySet<string> UsedBy(string source)
    {
        var code = Comment().Replace(source, "");
        var used = FullyQualified().Matches(code).Select(match => match.Groups["room"].Value).ToHashSet(StringComparer.Ordinal);
        used.UnionWith(partlyQualified.Matches(code).Select(match => match.Value.Split('.')[0]));
        return used;
    }

    private void Allow(string room, IEnumerable<string> rooms)
    {
        if (!allowed.TryGetValue(room, out var list)) allowed[room] = list = new(StringComparer.Ordinal);
        list.UnionWith(rooms);
    }

    [GeneratedRegex("```text\n(?<lines>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Diagram();

    [GeneratedRegex(@"^namespace [\w.]+;|//.*$", RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<![.\w])MixedModels\.(?<room>[A-Z]\w*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex FullyQualified();

    [GeneratedRegex(@"^\w+$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IsWord();
}

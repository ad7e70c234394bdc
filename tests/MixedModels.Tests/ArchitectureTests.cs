using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MixedModels.Tests;

/// <summary>The rooms keep to themselves: the rule is docs/decisions/0001-rooms.md, and these tests hold the sources to it.</summary>
public sealed partial class ArchitectureTests
{
    private const int MostLines = 500;

    private static readonly string library = Path.Combine(RepositoryFolder.Path, "src", "MixedModels");
    private static readonly RoomRule rule = new(
        File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs", "decisions", "0001-rooms.md")), RoomRule.TypesOfTheLibrary());

    [Fact]
    public void Sources_UseOnlyTheRoomsTheyMay()
    {
        var broken = Sources(library)
            .Select(file => (File: Path.GetRelativePath(library, file), Room: Room(file), Used: rule.UsedBy(File.ReadAllText(file))))
            .SelectMany(source => source.Used.Where(used => !rule.Allows(source.Room, used)).Select(used => $"{source.File} uses {used}"));
        broken.ShouldBeEmpty();
    }

    [Fact]
    public void Rooms_AreAllInTheDiagram() =>
        Sources(library).Select(Room).Where(room => room != RoomRule.Root).Distinct(StringComparer.Ordinal).Except(rule.Rooms, StringComparer.Ordinal).ShouldBeEmpty();

    [Fact]
    public void Sources_AreInTheNamespaceOfTheirFolder()
    {
        foreach (var file in Sources(library))
        {
            var folder = Path.GetRelativePath(library, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
            Namespace().Match(File.ReadAllText(file)).Groups["space"].Value.ShouldBe(folder == "." ? "MixedModels" : $"MixedModels.{folder}", file);
        }
    }

    [Theory]
    [InlineData("using MixedModels.Formula;", "Formula")]
    [InlineData("using Text = MixedModels.Formula.FormulaException;", "Formula")]
    [InlineData("var x = MixedModels.Data.DataTable.Example(\"a\");", "Data")]
    [InlineData("throw new Data.DataException(\"a\");", "Data")]
    [InlineData("throw new DataException(\"a\"); // MixedModels.Data", null)]
    [InlineData("var n = standardized.Data.DataTable;", null)]
    [InlineData("namespace MixedModels.Estimation;", null)]
    public void UsedBy_EveryWayToNameARoom_IsSeen(string source, string? room)
    {
        var used = rule.UsedBy(source);
        if (room is null) used.ShouldBeEmpty();
        else used.ShouldBe([room]);
    }

    [Theory]
    [InlineData("Estimation", "Formula", false)]
    [InlineData("Estimation", "Data", false)]
    [InlineData("Estimation", "Optimization", true)]
    [InlineData("Optimization", "Estimation", false)]
    [InlineData("LinearAlgebra", "Execution", true)]
    [InlineData("LinearAlgebra", "Covariance", false)]
    [InlineData("Formula", "Data", true)]
    [InlineData("Data", "Formula", false)]
    [InlineData("", "Persistence", true)]
    public void Allows_FollowsTheDiagram(string room, string used, bool allowed) => rule.Allows(room, used).ShouldBe(allowed);

    [Fact]
    public void PublicTypes_AreDocumented()
    {
        var documentation = XDocument.Load(Path.ChangeExtension(typeof(LinearMixedModel).Assembly.Location, ".xml"));
        var summaries = documentation.Descendants("member")
            .Where(member => !string.IsNullOrWhiteSpace(member.Element("summary")?.Value))
            .Select(member => member.Attribute("name")!.Value)
            .ToHashSet(StringComparer.Ordinal);
        var types = typeof(LinearMixedModel).Assembly.GetExportedTypes();
        types.Length.ShouldBeGreaterThan(20);
        types.Select(type => "T:" + type.FullName!.Replace('+', '.')).Except(summaries, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void Sources_AreNotLong() =>
        AllSources().Where(file => File.ReadLines(file).Count() > MostLines).ShouldBeEmpty();

    [Fact]
    public void Types_AreNamedForWhatTheyAre() =>
        AllSources().SelectMany(file => VagueName().Matches(File.ReadAllText(file)).Select(match => $"{match.Value} in {file}")).ShouldBeEmpty();

    private static IEnumerable<string> AllSources() => Sources(Path.Combine(RepositoryFolder.Path, "src"));

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    private static string Room(string file) => Path.GetRelativePath(library, file).Split(Path.DirectorySeparatorChar) is [var room, _, ..] ? room : RoomRule.Root;

    [GeneratedRegex(@"^namespace (?<space>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum)\s+\w*(Utils?|Utilit(y|ies)|Helpers?|Managers?)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VagueName();
}

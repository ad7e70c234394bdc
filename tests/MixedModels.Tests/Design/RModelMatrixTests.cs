using System.Text.Json;
using System.Text.RegularExpressions;
using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Formula;

namespace MixedModels.Tests.Design;

/// <summary>Every case of validation/design.json against R's model.matrix.</summary>
public sealed partial class RModelMatrixTests
{
    // The reference is printed with 15 digits; spline and polynomial bases lose a few more in either implementation.
    private const double Tolerance = 1e-10;

    private static readonly Dictionary<string, JsonElement> cases = Load();

    public static TheoryData<string> Cases => [.. cases.Keys.Order(StringComparer.Ordinal)];

    [Fact]
    public void Cases_AreAllThere() => cases.Count.ShouldBe(44);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Create_FormulaOfReference_HasColumnsOfR(string id)
    {
        var (reference, design) = Make(id);
        var columns = Strings(reference, "columns");
        var all = design.Fixed.ColumnNames.Concat(design.Fixed.Aliased).Order(StringComparer.Ordinal);
        all.ShouldBe(columns.Order(StringComparer.Ordinal));
        design.Fixed.ColumnNames.ShouldBe(columns.Where(name => !design.Fixed.Aliased.Contains(name, StringComparer.Ordinal)));
        design.Fixed.ColumnNames.Count.ShouldBe(reference.GetProperty("rank").GetInt32());
        design.Observations.ShouldBe(reference.GetProperty("n").GetInt32());
        design.Fixed.TermNames.ShouldBe(Strings(reference, "terms").Select(term => ContrPrefix().Replace(term, "")));
        design.Fixed.Assign.ShouldBe(Kept(reference, design).Select(column => reference.GetProperty("assign")[column].GetInt32()));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Create_FormulaOfReference_HasValuesOfR(string id)
    {
        var (reference, design) = Make(id);
        var rows = reference.GetProperty("rows").EnumerateArray().Select(row => row.GetInt32() - 1).ToArray();
        var X = Tables.Rows(design.Fixed.X, design.Observations);
        Compare([.. rows.Select(row => X[row])], reference.GetProperty("X"), Kept(reference, design));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Replay_NewDataOfReference_HasValuesOfR(string id)
    {
        var (reference, design) = Make(id);
        if (reference.GetProperty("newdata").ValueKind == JsonValueKind.Null)
            return;
        var replayed = design.Replay(NewTable(reference));
        replayed.MissingRows.ShouldBe(0);
        Compare(Tables.Rows(replayed.X, replayed.Rows.Length), reference.GetProperty("Xnew"), Kept(reference, design));
    }

    [GeneratedRegex("contr\\.", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ContrPrefix();

    private static Dictionary<string, JsonElement> Load()
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "validation", "design.json"));
        return JsonDocument.Parse(stream).RootElement.EnumerateArray().ToDictionary(element => element.GetProperty("id").GetString()!, StringComparer.Ordinal);
    }

    private static (JsonElement Reference, ModelDesign Design) Make(string id)
    {
        var reference = cases[id];
        var file = Path.GetFileName(reference.GetProperty("data").GetString()!);
        var table = Tables.ReadCsv(Path.Combine(AppContext.BaseDirectory, "validation", "design", file), Factors(reference));
        var formula = ModelFormula.ParseOneSided(reference.GetProperty("formula").GetString()!);
        return (reference, ModelDesign.Create(formula, table));
    }

    private static Dictionary<string, (string[] Levels, bool IsOrdered)> Factors(JsonElement reference) => reference.GetProperty("factors").EnumerateArray().ToDictionary(
        factor => factor.GetProperty("name").GetString()!,
        factor => (Strings(factor, "levels"), string.Equals(factor.GetProperty("type").GetString(), "ordered", StringComparison.Ordinal)),
        StringComparer.Ordinal);

    private static DataTable NewTable(JsonElement reference)
    {
        var rows = reference.GetProperty("newdata").EnumerateArray().ToArray();
        var columns = rows[0].EnumerateObject().Select(first => Tables.Column(
            first.Name, [.. rows.Select(row => row.GetProperty(first.Name).ToString())], null, isOrdered: false));

        // A table without columns has no rows: a formula of the intercept alone still has one a row of new data.
        return new DataTable([.. columns.Append(Tables.Numbers("(row)", new double[rows.Length]))]);
    }

    private static int[] Kept(JsonElement reference, ModelDesign design)
    {
        var columns = Strings(reference, "columns");
        return [.. design.Fixed.ColumnNames.Select(name => Array.IndexOf(columns, name))];
    }

    private static void Compare(double[][] actual, JsonElement expected, int[] columns)
    {
        actual.Length.ShouldBe(expected.GetArrayLength());
        for (var i = 0; i < actual.Length; i++)
        {
            for (var j = 0; j < columns.Length; j++)
            {
                var value = expected[i][columns[j]].GetDouble();
                actual[i][j].ShouldBe(value, Tolerance * Math.Max(1, Math.Abs(value)), $"row {i}, column {columns[j]}");
            }
        }
    }

    private static string[] Strings(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
}

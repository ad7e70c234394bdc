using System.Text;
using MixedModels.Data;

namespace MixedModels.Tests.Data;

/// <summary>Tables from text in a test, and what their columns hold.</summary>
internal static class Tables
{
    public static DataTable Read(string text, DelimitedOptions? options = null) => Read(Encoding.UTF8.GetBytes(text), options);

    public static DataTable Read(byte[] content, DelimitedOptions? options = null)
    {
        using var stream = new MemoryStream(content);
        return DataTable.ReadDelimited(stream, options);
    }

    public static string Refusal(string text, DelimitedOptions? options = null) =>
        Should.Throw<DataException>(() => Read(text, options)).Message;

    public static double[] Numbers(this DataTable table, string name) =>
        table[name].ShouldBeOfType<NumericColumn>().Values.ToArray();

    public static FactorColumn Factor(this DataTable table, string name) => table[name].ShouldBeOfType<FactorColumn>();

    /// <summary>The level of each row, <c>null</c> where missing.</summary>
    public static string?[] Texts(this FactorColumn factor) =>
        [.. factor.Codes.ToArray().Select(code => code < 0 ? null : factor.Levels[code])];

    public static Dictionary<string, IReadOnlyList<string>> Levels(string name, params string[] levels) =>
        new(StringComparer.Ordinal) { [name] = levels };
}

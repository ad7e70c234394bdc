using System.Collections.Frozen;
using MixedModels.Numerics;

namespace MixedModels.Design;

/// <summary>The functions of one number that a formula may apply.</summary>
internal static class ElementaryFunctions
{
    /// <summary>The functions by the names the formula language gives them.</summary>
    public static FrozenDictionary<string, Func<double, double>> ByName { get; } =
        new Dictionary<string, Func<double, double>>(StringComparer.Ordinal)
        {
            ["log"] = Math.Log,
            ["log2"] = Math.Log2,
            ["log10"] = Math.Log10,
            ["log1p"] = NearZero.LogOnePlus,
            ["exp"] = Math.Exp,
            ["expm1"] = NearZero.ExpMinusOne,
            ["sqrt"] = Math.Sqrt,
            ["abs"] = Math.Abs,
            ["sin"] = Math.Sin,
            ["cos"] = Math.Cos,
            ["tan"] = Math.Tan,
        }.ToFrozenDictionary(StringComparer.Ordinal);
}

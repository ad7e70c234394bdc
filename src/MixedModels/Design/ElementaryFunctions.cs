using System.Collections.Frozen;

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
            ["log1p"] = Log1P,
            ["exp"] = Math.Exp,
            ["expm1"] = ExpM1,
            ["sqrt"] = Math.Sqrt,
            ["abs"] = Math.Abs,
            ["sin"] = Math.Sin,
            ["cos"] = Math.Cos,
            ["tan"] = Math.Tan,
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>log(1 + x) without the cancellation at small x.</summary>
    /// <remarks>Source: Higham (2002), Accuracy and Stability of Numerical Algorithms, 2nd ed., section 1.14.1 and problem 1.5.</remarks>
    internal static double Log1P(double x)
    {
        var u = 1 + x;
        return u == 1 || double.IsInfinity(u) ? Math.Min(x, u) : Math.Log(u) * x / (u - 1);
    }

    /// <summary>exp(x) − 1 without the cancellation at small x.</summary>
    /// <remarks>Source: as <see cref="Log1P"/>.</remarks>
    internal static double ExpM1(double x)
    {
        var u = Math.Exp(x);
        if (u == 1)
            return x;
        return u - 1 == -1 || double.IsInfinity(u) ? u - 1 : (u - 1) * x / Math.Log(u);
    }
}

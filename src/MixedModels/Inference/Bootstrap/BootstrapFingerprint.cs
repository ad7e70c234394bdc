using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MixedModels.Design;

namespace MixedModels.Inference.Bootstrap;

/// <summary>What tells one fit from another: SHA-256 of formula, criterion or family, weights, offsets, data and estimates.</summary>
internal static class BootstrapFingerprint
{
    /// <summary>That of a linear fit.</summary>
    public static string Of(LinearMixedModelFit fit)
    {
        var options = fit.Model.Options;
        return Hash([
            fit.Model.Formula,
            options.Criterion.ToString(),
            options.Weights ?? "",
            .. options.Offsets,
            .. Contrasts(options.Contrasts),
            fit.Design.Data.ContentHash(),
            .. Numbers(fit.Optimum.Theta),
        ]);
    }

    /// <summary>That of a generalized fit.</summary>
    public static string Of(GeneralizedMixedModelFit fit)
    {
        var options = fit.Model.Options;
        return Hash([
            fit.Model.Formula,
            fit.Family.ToString(),
            fit.Method,
            options.Weights ?? "",
            options.Trials ?? "",
            options.Frequency ?? "",
            .. options.Offsets,
            .. Contrasts(options.Contrasts),
            fit.Design.Data.ContentHash(),
            .. Numbers(fit.Optimum.Phi),
        ]);
    }

    private static IEnumerable<string> Contrasts(IReadOnlyDictionary<string, ContrastCoding> contrasts) =>
        contrasts.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}={entry.Value}");

    private static IEnumerable<string> Numbers(double[] values) => values.Select(value => value.ToString("R", CultureInfo.InvariantCulture));

    private static string Hash(IEnumerable<string> parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
}

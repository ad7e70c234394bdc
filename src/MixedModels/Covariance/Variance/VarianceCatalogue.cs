using MixedModels.LinearAlgebra;

namespace MixedModels.Covariance.Variance;

/// <summary>The variance functions by their names in the formula language.</summary>
internal static class VarianceCatalogue
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["ident", "power", "exp", "constpower", "fixed"];

    /// <summary>A function of covariates with the given values.</summary>
    /// <exception cref="ArgumentException">The name is not in the catalogue.</exception>
    public static VarianceFunction Create(string name, ReadOnlySpan<double> values) => name switch
    {
        "ident" => new IdentFunction(),
        "power" => new PowerFunction(),
        "exp" => new ExponentialFunction(TypicalSize(values)),
        "constpower" => new ConstantPowerFunction(),
        "fixed" => new FixedFunction(),
        _ => throw new ArgumentException($"No variance function is named '{name}'.", nameof(name)),
    };

    /// <summary>The standard deviation of the values, or 1 where they are equal.</summary>
    private static double TypicalSize(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty) return 1;
        var mean = Vectors.Sum(values) / values.Length;
        var sum = 0.0;
        foreach (var value in values) sum += (value - mean) * (value - mean);
        return sum > 0 ? Math.Sqrt(sum / values.Length) : 1;
    }
}

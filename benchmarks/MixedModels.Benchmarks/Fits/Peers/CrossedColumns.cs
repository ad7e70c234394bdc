namespace MixedModels.Benchmarks.Fits.Peers;

/// <summary>The columns of a model of two crossed factors with one covariate, and perhaps a third small factor.</summary>
/// <param name="First">The factor with more levels.</param>
/// <param name="Second">The one whose block is dense.</param>
/// <param name="Response">The response.</param>
internal sealed record CrossedColumns(string First, string Second, string Response)
{
    /// <summary>A column of zeros and ones beside the intercept; null for seeded coin tosses, where the model has none and the program wants one.</summary>
    public string? Covariate { get; init; }

    /// <summary>The two columns whose combinations are the levels of the third factor.</summary>
    public (string A, string B)? Third { get; init; }
}

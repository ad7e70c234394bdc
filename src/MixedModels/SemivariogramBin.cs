namespace MixedModels;

/// <summary>Pairs of rows of about one distance.</summary>
/// <param name="Distance">Their median distance.</param>
/// <param name="Value">The mean of half the squared difference of their residuals.</param>
/// <param name="Model">What the fitted residual structure makes of it: the mean of 1 − correlation over the same pairs; 1 for independent or normalised residuals.</param>
/// <param name="Pairs">How many pairs.</param>
public sealed record SemivariogramBin(double Distance, double Value, double Model, int Pairs);

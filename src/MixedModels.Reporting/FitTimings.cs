namespace MixedModels.Reporting;

/// <summary>Where the time of a fit went, in seconds of wall clock; null where a stage was not timed.</summary>
/// <param name="Read">Reading the data.</param>
/// <param name="Design">From formula and table to the model's matrices.</param>
/// <param name="Fit">Optimisation and results.</param>
/// <param name="Total">All of it.</param>
public sealed record FitTimings(double? Read = null, double? Design = null, double? Fit = null, double? Total = null);

namespace MixedModels;

/// <summary>The mean of the response at one value of a covariate, other covariates at their mean and other factors averaged, without random effects.</summary>
/// <param name="Value">The covariate's value.</param>
/// <param name="Level">The level of the factor that splits the curves; null without one.</param>
/// <param name="Estimate">The mean, on the response's scale.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="DegreesOfFreedom">Its degrees of freedom; null for the normal distribution.</param>
/// <param name="Lower">The lower end of its interval, for this value alone.</param>
/// <param name="Upper">The upper end.</param>
public sealed record EffectPoint(double Value, string? Level, double Estimate, double StandardError, double? DegreesOfFreedom, double Lower, double Upper);

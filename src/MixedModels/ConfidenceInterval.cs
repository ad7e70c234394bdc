namespace MixedModels;

/// <summary>An interval for one parameter.</summary>
/// <param name="Parameter">Its name: a fixed effect's, or <c>sd[group].effect</c>, <c>cor[group].effect.effect</c>, <c>sigma</c>.</param>
/// <param name="Estimate">The estimate.</param>
/// <param name="Lower">The lower end.</param>
/// <param name="Upper">The upper end.</param>
public sealed record ConfidenceInterval(string Parameter, double Estimate, double Lower, double Upper);

namespace MixedModels.Reporting.Figures;

/// <summary>A place on an axis and what is written there.</summary>
/// <param name="Value">The place, in the axis' unit.</param>
/// <param name="Label">The text.</param>
internal sealed record Tick(double Value, string Label);

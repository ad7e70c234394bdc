namespace MixedModels.Inference.Contrasts;

/// <summary>weights'beta = value, over all columns of the fixed part, dependent ones too.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Weights">A weight a column.</param>
/// <param name="Value">The constant on the right.</param>
internal sealed record LinearHypothesis(string Text, double[] Weights, double Value);

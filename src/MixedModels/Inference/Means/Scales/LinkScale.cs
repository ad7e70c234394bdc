namespace MixedModels.Inference.Means.Scales;

/// <summary>The linear predictor itself.</summary>
internal sealed class LinkScale : MeanScaling;

using MixedModels.Data;

namespace MixedModels.Benchmarks.Fits;

/// <summary>A case with everything its follow-ups may need.</summary>
internal sealed record FittedCase(LinearMixedModel Model, DataTable Table, LinearMixedModelFit Fit);

namespace MixedModels.Inference.Means;

/// <summary>The means within one combination of the by-factors' levels. Immutable.</summary>
/// <param name="Start">The place of the first among all means.</param>
/// <param name="Cells">Their cells of the reference grid.</param>
/// <param name="Labels">The names they have in contrasts.</param>
internal sealed record MeanGroup(int Start, IReadOnlyList<int> Cells, IReadOnlyList<string> Labels);

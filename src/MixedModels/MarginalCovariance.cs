using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>A block of the covariance of the responses with the random effects integrated out, V = Z G Z' + R.</summary>
/// <param name="Rows">The zero-based rows of the table the block is for, ascending.</param>
/// <param name="Values">Rows × rows, on the response's scale squared (variance, not SD).</param>
public sealed record MarginalCovariance(IReadOnlyList<int> Rows, Matrix Values);

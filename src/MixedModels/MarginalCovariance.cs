using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>A block of the covariance of the responses with the random effects integrated out, V = Z G Z' + R.</summary>
/// <param name="Rows">The zero-based rows of the table the block is for, ascending.</param>
/// <param name="Values">Rows × rows, on the response's scale squared (variance, not SD).</param>
public sealed record MarginalCovariance(IReadOnlyList<int> Rows, Matrix Values)
{
    /// <summary>The same as correlations, rows × rows.</summary>
    public Matrix Correlations
    {
        get
        {
            var (m, correlations) = (Rows.Count, Values.Values.ToArray());
            for (var j = 0; j < m; j++)
            {
                for (var i = 0; i < m; i++) correlations[i + (j * m)] = i == j ? 1 : Values[i, j] / Math.Sqrt(Values[i, i] * Values[j, j]);
            }

            return new(m, m, correlations);
        }
    }
}

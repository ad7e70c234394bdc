namespace MixedModels.LinearAlgebra;

/// <summary>The Cholesky factor of a positive semidefinite matrix without pivoting: a column without variance left is zero.</summary>
internal static class SemidefiniteCholesky
{
    /// <summary>What is left of a diagonal entry after elimination counts as zero below this share of it: rounding of about n·ε, with room.</summary>
    private const double RelativeZero = 1e-14;

    /// <summary>Writes the lower triangular L with LL' = G, nonnegative diagonal; the strictly upper triangle is zeroed.</summary>
    /// <param name="G">n×n symmetric, column-major; the lower triangle is read.</param>
    /// <param name="n">The order.</param>
    /// <param name="L">n×n, column-major.</param>
    public static void Factor(ReadOnlySpan<double> G, int n, Span<double> L)
    {
        L.Clear();
        for (var j = 0; j < n; j++)
        {
            var pivot = G[j + (j * n)];
            for (var k = 0; k < j; k++) pivot -= L[j + (k * n)] * L[j + (k * n)];
            if (pivot <= RelativeZero * G[j + (j * n)]) continue;

            var root = Math.Sqrt(pivot);
            L[j + (j * n)] = root;
            for (var i = j + 1; i < n; i++)
            {
                var sum = G[i + (j * n)];
                for (var k = 0; k < j; k++) sum -= L[i + (k * n)] * L[j + (k * n)];
                L[i + (j * n)] = sum / root;
            }
        }
    }
}

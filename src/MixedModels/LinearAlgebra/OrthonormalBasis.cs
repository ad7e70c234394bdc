namespace MixedModels.LinearAlgebra;

/// <summary>A = QR by Gram–Schmidt with a second pass, in the columns' own order.</summary>
/// <remarks>Source: Giraud, Langou and Rozložník 2005, "twice is enough": Q is orthonormal to rounding for numerically independent columns.</remarks>
internal static class OrthonormalBasis
{
    /// <summary>Replaces the columns of A by Q and writes R.</summary>
    /// <param name="A">n×p, column-major; on return Q, whose column j is zero where column j depends on earlier ones.</param>
    /// <param name="n">Rows.</param>
    /// <param name="p">Columns.</param>
    /// <param name="R">p×p upper triangular, column-major; a dependent column has a zero diagonal.</param>
    /// <param name="tolerance">A column counts as dependent when its remainder is below this share of its norm.</param>
    /// <returns>The rank.</returns>
    /// <remarks>Costs 4np² operations.</remarks>
    public static int Orthonormalize(Span<double> A, int n, int p, Span<double> R, double tolerance)
    {
        R.Clear();
        var rank = 0;
        for (var j = 0; j < p; j++)
        {
            var column = A.Slice(j * n, n);
            var norm = Vectors.Norm(column);
            var remainder = j == 0 ? norm : Math.Sqrt(ProjectOut(A[..(j * n)], n, j, column, R.Slice(j * p, j)));
            if (remainder <= tolerance * norm)
            {
                column.Clear();
                continue;
            }

            R[j + (j * p)] = remainder;
            Vectors.Scale(1 / remainder, column);
            rank++;
        }

        return rank;
    }

    /// <summary>A column less its projections on orthonormal ones, in two passes over them; returns the square of what is left.</summary>
    /// <param name="Q">n×k, orthonormal, k at least 1.</param>
    /// <param name="n">Rows.</param>
    /// <param name="k">Columns.</param>
    /// <param name="column">n numbers, overwritten by what is left.</param>
    /// <param name="projections">The k coordinates are added here.</param>
    public static double ProjectOut(ReadOnlySpan<double> Q, int n, int k, Span<double> column, Span<double> projections)
    {
        var along = Vectors.Dot(Q[..n], column);
        for (var step = 0; step < 2 * k; step++)
        {
            // Each subtraction is joined with the product that comes next, at the end with that of what is left with itself.
            var q = Q.Slice(step % k * n, n);
            var next = step == (2 * k) - 1 ? column : Q.Slice((step + 1) % k * n, n);
            projections[step % k] += along;
            along = Vectors.AddScaledThenDot(-along, q, column, next);
        }

        return along;
    }
}

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
            for (var pass = 0; pass < 2; pass++)
            {
                for (var k = 0; k < j; k++)
                {
                    var q = A.Slice(k * n, n);
                    var projection = Vectors.Dot(q, column);
                    R[k + (j * p)] += projection;
                    Vectors.AddScaled(-projection, q, column);
                }
            }

            var remainder = Vectors.Norm(column);
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
}

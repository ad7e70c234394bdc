namespace MixedModels.LinearAlgebra;

/// <summary>The lower triangular factor with the same product: F F' = L L', by rotations from the right.</summary>
internal static class LowerFactor
{
    /// <summary>Replaces a small square F (n×n, column-major) by L with nonnegative diagonal.</summary>
    /// <remarks>Givens rotations keep the digits of small columns, which forming F F' would lose (Golub and Van Loan 2013, section 5.1.8).</remarks>
    public static void Triangularize(Span<double> F, int n)
    {
        for (var i = 0; i < n; i++)
        {
            for (var j = n - 1; j > i; j--)
            {
                var (a, b) = (F[i + (i * n)], F[i + (j * n)]);
                if (b == 0) continue;
                var r = double.Hypot(a, b);
                Rotate(F.Slice(i * n, n), F.Slice(j * n, n), a / r, b / r);
                F[i + (j * n)] = 0;
            }

            if (F[i + (i * n)] < 0) Vectors.Scale(-1, F.Slice(i * n, n));
        }
    }

    private static void Rotate(Span<double> x, Span<double> y, double c, double s)
    {
        for (var k = 0; k < x.Length; k++) (x[k], y[k]) = ((c * x[k]) + (s * y[k]), (c * y[k]) - (s * x[k]));
    }
}

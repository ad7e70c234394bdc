namespace MixedModels.LinearAlgebra;

/// <summary>A small general system by Gaussian elimination with partial pivoting.</summary>
internal static class LinearSolve
{
    /// <summary>A pivot below this share of its column's largest entry is what rounding left of zero.</summary>
    private const double RoundingShare = 1e-14;

    /// <summary>Solves A x = b for n×n column-major A, overwriting both; false where A is singular to rounding.</summary>
    public static bool InPlace(Span<double> A, Span<double> b, int n)
    {
        var sizes = new double[n];
        for (var k = 0; k < n; k++)
        {
            foreach (var value in A.Slice(k * n, n)) sizes[k] = Math.Max(sizes[k], Math.Abs(value));
        }

        for (var k = 0; k < n; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < n; i++)
            {
                if (Math.Abs(A[i + (k * n)]) > Math.Abs(A[pivot + (k * n)])) pivot = i;
            }

            if (!(Math.Abs(A[pivot + (k * n)]) > RoundingShare * sizes[k])) return false;
            if (pivot != k)
            {
                for (var j = k; j < n; j++) (A[k + (j * n)], A[pivot + (j * n)]) = (A[pivot + (j * n)], A[k + (j * n)]);
                (b[k], b[pivot]) = (b[pivot], b[k]);
            }

            for (var i = k + 1; i < n; i++)
            {
                var factor = A[i + (k * n)] / A[k + (k * n)];
                if (factor == 0) continue;
                for (var j = k; j < n; j++) A[i + (j * n)] -= factor * A[k + (j * n)];
                b[i] -= factor * b[k];
            }
        }

        for (var k = n - 1; k >= 0; k--)
        {
            for (var j = k + 1; j < n; j++) b[k] -= A[k + (j * n)] * b[j];
            b[k] /= A[k + (k * n)];
        }

        for (var k = 0; k < n; k++)
        {
            if (!double.IsFinite(b[k])) return false;
        }

        return true;
    }
}

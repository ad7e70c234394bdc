namespace MixedModels.Numerics;

/// <summary>
/// <see cref="Jet"/>s laid out flat, for recursions over many rows: the value, k first derivatives, then k(k + 1)/2 second ones, pair (i, j) at
/// <see cref="Jet.Pair"/>. With k = 0 it is the number alone, and costs no more.
/// </summary>
internal static class FlatJet
{
    /// <summary>Numbers of one jet in k parameters.</summary>
    public static int Length(int k) => 1 + k + (k * (k + 1) / 2);

    /// <summary>A jet among k parameters, of which its own begin at a place; where it has none it is a constant.</summary>
    public static double[] Of(Jet jet, int first, int k)
    {
        var flat = new double[Length(k)];
        flat[0] = jet.Value;
        for (var i = 0; k > 0 && i < jet.First.Length; i++)
        {
            flat[1 + first + i] = jet.First[i];
            for (var j = 0; jet.Second.Length > 0 && j <= i; j++) flat[1 + k + Jet.Pair(first + i, first + j)] = jet.Second[Jet.Pair(i, j)];
        }

        return flat;
    }

    /// <summary>sum += factor · a · b.</summary>
    public static void AddProduct(double factor, ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> sum, int k)
    {
        var (x, y) = (factor * a[0], factor * b[0]);
        sum[0] += x * b[0];
        if (k == 0) return;
        for (var e = 1; e < sum.Length; e++) sum[e] += (x * b[e]) + (y * a[e]);
        for (int i = 0, e = 1 + k; i < k; i++)
        {
            for (var j = 0; j <= i; j++, e++) sum[e] += factor * ((a[1 + i] * b[1 + j]) + (a[1 + j] * b[1 + i]));
        }
    }
}

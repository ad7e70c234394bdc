using System.Diagnostics;
using System.Runtime.CompilerServices;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>Sums over the rows of each level, or of each pair of levels.</summary>
internal static unsafe class RowScatter
{
    /// <summary>sums[places[r]·stride] += x[r]·z[r] for every row.</summary>
    /// <remarks>A run of rows of one place is one inner product: adding them one by one waits for each sum.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProducts(ReadOnlySpan<int> places, ReadOnlySpan<double> x, ReadOnlySpan<double> z, Span<double> sums, int stride)
    {
        Debug.Assert(x.Length == places.Length && z.Length == places.Length, "every row has a place and two factors");
        fixed (int* place = places)
        {
            fixed (double* px = x, pz = z, target = sums)
            {
                for (var r = 0; r < places.Length;)
                {
                    var (first, own) = (r, place[r]);
                    do r++;
                    while (r < places.Length && place[r] == own);
                    target[(long)own * stride] += r == first + 1 ? px[first] * pz[first] : Vectors.Dot(px + first, pz + first, r - first);
                }
            }
        }
    }
}

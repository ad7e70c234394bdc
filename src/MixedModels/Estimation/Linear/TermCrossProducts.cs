using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// The cross-products A_lb between the levels of one term and the effects of others, on their pattern: an entry is the p-vector Z_l'z_b.
/// </summary>
internal class TermCrossProducts
{
    public TermCrossProducts(CouplingPattern pattern, int p)
    {
        Pattern = pattern;
        this.p = p;
        Values = new double[pattern.Entries * p];
    }

    /// <summary>Where the entries stand.</summary>
    public CouplingPattern Pattern { get; }

    /// <summary>The one term's number of effects a level.</summary>
    public int p { get; }

    /// <summary>A_lb, p values an entry.</summary>
    public double[] Values { get; }

    /// <summary>result_l += Σ_b V_lb z_b for every level, V the values or an image of them.</summary>
    public void AddProduct(double[] V, ReadOnlySpan<double> z, Span<double> result)
    {
        for (var l = 0; l + 1 < Pattern.LevelStart.Length; l++)
        {
            var (first, end) = (Pattern.LevelStart[l], Pattern.LevelStart[l + 1]);
            if (p == 1)
            {
                result[l] += IndexedVectors.Dot(V.AsSpan(first, end - first), Pattern.Effect.AsSpan(first, end - first), z);
                continue;
            }

            var target = result.Slice(l * p, p);
            for (var e = first; e < end; e++)
            {
                var value = z[Pattern.Effect[e]];
                for (var a = 0; a < target.Length; a++) target[a] += V[(e * p) + a] * value;
            }
        }
    }

    /// <summary>result_b += Σ_l V_lb'u_l for every effect.</summary>
    public void AddTransposedProduct(double[] V, ReadOnlySpan<double> u, Span<double> result)
    {
        for (var l = 0; l + 1 < Pattern.LevelStart.Length; l++)
        {
            var (first, end) = (Pattern.LevelStart[l], Pattern.LevelStart[l + 1]);
            if (p == 1)
            {
                IndexedVectors.AddScaled(u[l], V.AsSpan(first, end - first), Pattern.Effect.AsSpan(first, end - first), result);
                continue;
            }

            var source = u.Slice(l * p, p);
            for (var e = first; e < end; e++)
            {
                var sum = 0.0;
                for (var a = 0; a < source.Length; a++) sum += V[(e * p) + a] * source[a];
                result[Pattern.Effect[e]] += sum;
            }
        }
    }
}

using System.Runtime.CompilerServices;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// The cross-products A_lb between the levels of one term and the effects of others, on their pattern: an entry is the p-vector Z_l'z_b.
/// </summary>
internal class TermCrossProducts
{
    /// <summary>From so many numbers a level on, its entries are multiplied as a matrix.</summary>
    private const int MatrixSize = 64;

    private readonly int widest;

    public TermCrossProducts(CouplingPattern pattern, int p)
    {
        Pattern = pattern;
        this.p = p;
        Values = new double[pattern.Entries * p];
        for (var l = 0; l + 1 < pattern.LevelStart.Length; l++) widest = Math.Max(widest, pattern.LevelStart[l + 1] - pattern.LevelStart[l]);
    }

    /// <summary>Where the entries stand.</summary>
    public CouplingPattern Pattern { get; }

    /// <summary>The one term's number of effects a level.</summary>
    public int p { get; }

    /// <summary>A_lb, p values an entry.</summary>
    public double[] Values { get; }

    /// <summary>result_l += Σ_b V_lb z_b for every level, V the values or an image of them.</summary>
    /// <param name="V">p numbers an entry.</param>
    /// <param name="z">q2×columns.</param>
    /// <param name="ldz">From one column of z to the next.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="result">Levels·p × columns.</param>
    /// <param name="ldr">From one column of the result to the next.</param>
    public void AddProduct(double[] V, ReadOnlySpan<double> z, int ldz, int columns, Span<double> result, int ldr)
    {
        var gathered = new double[p == 1 ? 0 : widest * columns];
        for (var l = 0; l + 1 < Pattern.LevelStart.Length; l++)
        {
            var (first, count) = (Pattern.LevelStart[l], Pattern.LevelStart[l + 1] - Pattern.LevelStart[l]);
            var effects = Pattern.Effect.AsSpan(first, count);
            var values = V.AsSpan(first * p, count * p);
            if (p == 1 || values.Length < MatrixSize)
            {
                for (var c = 0; c < columns; c++) AddEntries(values, effects, z[(c * ldz)..], result.Slice((c * ldr) + (l * p), p));
                continue;
            }

            for (var c = 0; c < columns; c++) Gather(z[(c * ldz)..], effects, gathered.AsSpan(c * count, count));
            Product.Add(1, values, p, false, gathered, count, false, result[(l * p)..], ldr, p, columns, count);
        }
    }

    /// <summary>result_b += factor·Σ_l V_lb'u_l for every effect.</summary>
    /// <param name="factor">A number.</param>
    /// <param name="V">p numbers an entry.</param>
    /// <param name="u">Levels·p × columns.</param>
    /// <param name="ldu">From one column of u to the next.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="result">q2×columns.</param>
    /// <param name="ldr">From one column of the result to the next.</param>
    public void AddTransposedProduct(double factor, double[] V, ReadOnlySpan<double> u, int ldu, int columns, Span<double> result, int ldr)
    {
        var products = new double[p == 1 ? 0 : widest * columns];
        for (var l = 0; l + 1 < Pattern.LevelStart.Length; l++)
        {
            var (first, count) = (Pattern.LevelStart[l], Pattern.LevelStart[l + 1] - Pattern.LevelStart[l]);
            var effects = Pattern.Effect.AsSpan(first, count);
            var values = V.AsSpan(first * p, count * p);
            if (p == 1 || values.Length < MatrixSize)
            {
                for (var c = 0; c < columns; c++) AddDots(factor, values, effects, u.Slice((c * ldu) + (l * p), p), result[(c * ldr)..]);
                continue;
            }

            products.AsSpan(0, count * columns).Clear();
            Product.Add(factor, values, p, true, u[(l * p)..], ldu, false, products, count, count, columns, p);
            for (var c = 0; c < columns; c++) Scatter(products.AsSpan(c * count, count), effects, result[(c * ldr)..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddEntries(ReadOnlySpan<double> values, ReadOnlySpan<int> effects, ReadOnlySpan<double> z, Span<double> target)
    {
        if (target.Length == 1)
        {
            var sum = 0.0;
            for (var e = 0; e < effects.Length && e < values.Length; e++) sum += values[e] * z[effects[e]];
            target[0] += sum;
            return;
        }

        foreach (var effect in effects)
        {
            var value = z[effect];
            for (var a = 0; a < target.Length; a++) target[a] += values[a] * value;
            values = values[target.Length..];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddDots(double factor, ReadOnlySpan<double> values, ReadOnlySpan<int> effects, ReadOnlySpan<double> u, Span<double> result)
    {
        if (u.Length == 1)
        {
            var scaled = factor * u[0];
            for (var e = 0; e < effects.Length && e < values.Length; e++) result[effects[e]] += values[e] * scaled;
            return;
        }

        foreach (var effect in effects)
        {
            var sum = 0.0;
            for (var a = 0; a < u.Length; a++) sum += values[a] * u[a];
            result[effect] += factor * sum;
            values = values[u.Length..];
        }
    }

    private static void Gather(ReadOnlySpan<double> source, ReadOnlySpan<int> places, Span<double> target)
    {
        for (var e = 0; e < places.Length; e++) target[e] = source[places[e]];
    }

    private static void Scatter(ReadOnlySpan<double> source, ReadOnlySpan<int> places, Span<double> target)
    {
        for (var e = 0; e < places.Length; e++) target[places[e]] += source[e];
    }
}

using System.Runtime.CompilerServices;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The cross-products A_lb between the levels of one term and the effects of others, on their pattern: an entry is the p-vector Z_l'z_b.
/// </summary>
internal class TermCrossProducts
{
    /// <summary>From so many numbers a level on, entries are multiplied as a matrix.</summary>
    private const int MatrixSize = 64;

    private readonly bool byMatrices;

    public TermCrossProducts(CouplingPattern pattern, int p)
    {
        Pattern = pattern;
        this.p = p;
        Values = new double[pattern.Entries * p];
        byMatrices = p > 1 && Values.Length >= MatrixSize * (pattern.LevelStart.Length - 1);
        for (var l = 0; l + 1 < pattern.LevelStart.Length; l++) Widest = Math.Max(Widest, pattern.LevelStart[l + 1] - pattern.LevelStart[l]);
    }

    /// <summary>Where the entries stand.</summary>
    public CouplingPattern Pattern { get; }

    /// <summary>The most entries of a level.</summary>
    public int Widest { get; }

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
        if (!byMatrices)
        {
            for (var c = 0; c < columns; c++) CouplingProducts.AddProduct(Pattern, p, V, z[(c * ldz)..], result[(c * ldr)..]);
            return;
        }

        if (columns == 0) return;
        var gathered = new double[Widest * columns];
        for (var l = 0; l + 1 < Pattern.LevelStart.Length; l++)
        {
            var (first, count) = (Pattern.LevelStart[l], Pattern.LevelStart[l + 1] - Pattern.LevelStart[l]);
            for (var c = 0; c < columns; c++) Gather(z[(c * ldz)..], Pattern.Effect.AsSpan(first, count), gathered.AsSpan(c * count, count));
            Product.Add(1, V.AsSpan(first * p, count * p), p, false, gathered, count, false, result[(l * p)..], ldr, p, columns, count);
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
        if (!byMatrices)
        {
            for (var c = 0; c < columns; c++) CouplingProducts.AddTransposedProduct(Pattern, p, factor, V, u[(c * ldu)..], result[(c * ldr)..]);
            return;
        }

        if (columns == 0) return;
        var products = new double[Widest * columns];
        for (var l = 0; l + 1 < Pattern.LevelStart.Length; l++)
        {
            var (first, count) = (Pattern.LevelStart[l], Pattern.LevelStart[l + 1] - Pattern.LevelStart[l]);
            products.AsSpan(0, count * columns).Clear();
            Product.Add(factor, V.AsSpan(first * p, count * p), p, true, u[(l * p)..], ldu, false, products, count, count, columns, p);
            for (var c = 0; c < columns; c++) Scatter(products.AsSpan(c * count, count), Pattern.Effect.AsSpan(first, count), result[(c * ldr)..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(ReadOnlySpan<double> source, ReadOnlySpan<int> places, Span<double> target)
    {
        for (var e = 0; e < places.Length; e++) target[e] = source[places[e]];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter(ReadOnlySpan<double> source, ReadOnlySpan<int> places, Span<double> target)
    {
        for (var e = 0; e < places.Length; e++) target[places[e]] += source[e];
    }
}

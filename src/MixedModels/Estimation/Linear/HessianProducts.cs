using MixedModels.Estimation.Storage;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// The same part of the exact Hessian as <see cref="HessianMoments"/>, parameter by parameter: what is cheaper for terms of many effects and few
/// parameters, whose p_t²×p_s² moments would not fit.
/// </summary>
/// <remarks>With X = Q_ts the block of two terms, tr(Q E_kQ E_l) over the pair is &lt;E_kX, X E_l&gt;.</remarks>
internal static class HessianProducts
{
    /// <summary>Whether products take fewer operations than moments.</summary>
    public static bool AreCheaper(PenalizedSystem system, ThetaLayout layout)
    {
        var (moments, products) = (0.0, 0.0);
        for (var t = 0; t < layout.TermCount; t++)
        {
            for (var s = 0; s <= t; s++)
            {
                var (pt, ps) = ((double)system.Terms[t].Dimension, (double)system.Terms[s].Dimension);
                var blocks = (double)system.Terms[t].LevelCount * system.Terms[s].LevelCount;
                double k = layout.Start(t + 1) - layout.Start(t) + layout.Start(s + 1) - layout.Start(s);
                moments += pt * pt * ps * ps * (blocks + 8);
                products += blocks * pt * ps * k * (pt + ps + k);
            }
        }

        return products < moments;
    }

    /// <summary>Adds factor·(E_kw)'Q(E_lw) − tr(Q E_kQ E_l) for all pairs of parameters.</summary>
    /// <param name="system">The system, for its terms.</param>
    /// <param name="Q">q×q, both triangles.</param>
    /// <param name="w">q numbers.</param>
    /// <param name="factor">Of the quadratic part.</param>
    /// <param name="layout">Where parameters stand.</param>
    /// <param name="DG">A term: vec(dG_k) of its parameters, a column each.</param>
    /// <param name="hessian">k×k.</param>
    public static void Add(PenalizedSystem system, ReadOnlySpan<double> Q, ReadOnlySpan<double> w, double factor, ThetaLayout layout, double[][] DG, Span<double> hessian)
    {
        for (var t = 0; t < layout.TermCount; t++)
        {
            for (var s = 0; s <= t; s++) SubtractTraces(system, Q, layout, DG, t, s, hessian);
        }

        var (q, count) = (system.q, layout.Count);
        var images = new double[q * count];
        for (var t = 0; t < layout.TermCount; t++)
        {
            var (p, first, levels) = (system.Terms[t].Dimension, system.Offset(t), system.Terms[t].LevelCount);
            for (var k = layout.Start(t); k < layout.Start(t + 1); k++)
            {
                var dG = DG[t].AsSpan((k - layout.Start(t)) * p * p, p * p);
                Product.Add(1, dG, p, false, w[first..], p, false, images.AsSpan((k * q) + first), p, p, levels, p);
            }
        }

        var products = new double[q * count];
        Product.Add(1, Q, q, false, images, q, false, products, q, q, count, q);
        Product.Add(factor, images, q, true, products, q, false, hessian, count, count, count, q);
    }

    private static void SubtractTraces(PenalizedSystem system, ReadOnlySpan<double> Q, ThetaLayout layout, double[][] DG, int t, int s, Span<double> hessian)
    {
        var (kt, ks, count) = (layout.Start(t + 1) - layout.Start(t), layout.Start(s + 1) - layout.Start(s), layout.Count);
        var (X, rows, columns) = Block(system, Q, t, s);

        // (X E_l)' = E_lX', column by column beside (E_kX)'.
        var right = Images(DG[s], ks, system.Terms[s].Dimension, Transposed(X, rows, columns));
        var left = Images(DG[t], kt, system.Terms[t].Dimension, X);
        for (var k = 0; k < kt; k++)
        {
            var own = Transposed(left[k], rows, columns);
            for (var l = 0; l < ks; l++)
            {
                var trace = Vectors.Dot(own, right[l]);
                hessian[layout.Start(t) + k + ((layout.Start(s) + l) * count)] -= trace;
                if (s != t) hessian[layout.Start(s) + l + ((layout.Start(t) + k) * count)] -= trace;
            }
        }
    }

    private static (double[] X, int Rows, int Columns) Block(PenalizedSystem system, ReadOnlySpan<double> Q, int t, int s)
    {
        var (rows, columns) = (system.Terms[t].LevelCount * system.Terms[t].Dimension, system.Terms[s].LevelCount * system.Terms[s].Dimension);
        var X = new double[rows * columns];
        for (var j = 0; j < columns; j++) Q.Slice(system.Offset(t) + ((system.Offset(s) + j) * system.q), rows).CopyTo(X.AsSpan(j * rows));
        return (X, rows, columns);
    }

    /// <summary>E_kX for every parameter: dG_k times the p rows of each level.</summary>
    private static double[][] Images(double[] DG, int count, int p, double[] X)
    {
        var images = new double[count][];
        for (var k = 0; k < count; k++)
        {
            images[k] = new double[X.Length];
            Product.Add(1, DG.AsSpan(k * p * p, p * p), p, false, X, p, false, images[k], p, p, X.Length / p, p);
        }

        return images;
    }

    private static double[] Transposed(double[] X, int rows, int columns)
    {
        var transposed = new double[X.Length];
        for (var j = 0; j < columns; j++)
        {
            for (var i = 0; i < rows; i++) transposed[j + (i * columns)] = X[i + (j * rows)];
        }

        return transposed;
    }
}
